import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { observersFor } from "../../shared/backups/clients.ts";
import { loggerOptions } from "../../shared/log.ts";
import { pauseByChance as pause } from "../../shared/pause.ts";
import { deadlineOf, clientOptions as options, packedConfigurations, placeOf } from "../../shared/runtime.ts";
import { environmentSchema } from "./environment.ts";
import { run } from "./run.ts";

const { NIGHTSHIFT_ENVIRONMENT: environment, ...variables } = environmentSchema.parse(process.env);
const policies = await packedConfigurations(environment, variables.NIGHTSHIFT_OVERRIDES);
const log = new Logger(loggerOptions("verify-backups", environment));
const { NIGHTSHIFT_LEDGER_TABLE: table, NIGHTSHIFT_EVIDENCE_BUCKET: bucket } = variables;
const bus = { client: new EventBridgeClient(options), name: variables.NIGHTSHIFT_FINDINGS_BUS };
const kept = { ledger: new DynamoDBClient(options), table, evidence: { client: new S3Client(options), bucket } };
const policy = { environment, policies, configuration: policies[environment] };
const fixed = { ...kept, ...policy, ...observersFor(options), bus, pause, log, now: Date.now };

const take = (event: unknown, context: Context) =>
  run(event, { ...fixed, place: placeOf(context), deadline: deadlineOf(context) });
export const handler = middy().use(injectLambdaContext(log)).handler(take);
