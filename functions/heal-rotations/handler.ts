import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { loggerOptions } from "../../shared/log.ts";
import { pauseByChance as pause } from "../../shared/pause.ts";
import { deadlineOf, clientOptions as options, packedConfiguration } from "../../shared/runtime.ts";
import { reach } from "../../shared/secrets/reach.ts";
import { strategyNamed as named } from "../../shared/secrets/strategies.ts";
import { environmentSchema } from "./environment.ts";
import { run } from "./run.ts";

const { NIGHTSHIFT_ENVIRONMENT: environment, ...variables } = environmentSchema.parse(process.env);
const configuration = await packedConfiguration(environment, variables.NIGHTSHIFT_OVERRIDES);
const strategyNamed = (name: string) => named(name, configuration.secrets);
const log = new Logger(loggerOptions("heal-rotations", environment));
const bus = { client: new EventBridgeClient(options), name: variables.NIGHTSHIFT_FINDINGS_BUS };
const clients = { ledger: new DynamoDBClient(options), ecs: new ECSClient(options), outside: reach(options), bus };
const table = variables.NIGHTSHIFT_LEDGER_TABLE;
const fixed = { ...clients, table, configuration, strategyNamed, now: Date.now, pause, log };

const regionOf = ({ invokedFunctionArn }: Context) => invokedFunctionArn.split(":")[3] ?? "";
const take = (event: unknown, context: Context) =>
  run(event, { ...fixed, region: regionOf(context), deadline: deadlineOf(context) });
export const handler = middy().use(injectLambdaContext(log)).handler(take);
