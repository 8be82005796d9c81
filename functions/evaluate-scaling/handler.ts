import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { loggerOptions } from "../../shared/log.ts";
import { pauseByChance as pause } from "../../shared/pause.ts";
import { deadlineOf, clientOptions as options, packedConfiguration } from "../../shared/runtime.ts";
import { observersOf } from "../../shared/scaling/clients.ts";
import { actorsOf } from "./clients.ts";
import { environmentSchema } from "./environment.ts";
import { coldStart, run } from "./run.ts";

const { NIGHTSHIFT_ENVIRONMENT: environment, ...variables } = environmentSchema.parse(process.env);
const configuration = await packedConfiguration(environment, variables.NIGHTSHIFT_OVERRIDES);
const log = new Logger(loggerOptions("evaluate-scaling", environment));
const { NIGHTSHIFT_LEDGER_TABLE: table, NIGHTSHIFT_DECISIONS_TABLE: decisionsTable } = variables;
const bus = { client: new EventBridgeClient(options), name: variables.NIGHTSHIFT_FINDINGS_BUS };
const queue = { client: new SQSClient(options), url: variables.NIGHTSHIFT_SHARDS_QUEUE_URL };
const own = { ledger: new DynamoDBClient(options), table, decisionsTable, bus, queue, warm: coldStart() };
const clients = { observers: observersOf(options), actors: actorsOf(options, configuration) };

const take = (event: unknown, context: Context) =>
  run(event, { ...own, ...clients, configuration, log, pause, now: Date.now, deadline: deadlineOf(context) });
export const handler = middy().use(injectLambdaContext(log)).handler(take);
