import { setTimeout as wait } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { ACMClient } from "@aws-sdk/client-acm";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { loggerOptions } from "../../shared/log.ts";
import { pauseByChance as pause } from "../../shared/pause.ts";
import { deadlineOf, clientOptions as options, packedConfiguration } from "../../shared/runtime.ts";
import { environmentSchema } from "./environment.ts";
import { run } from "./run.ts";

const { NIGHTSHIFT_ENVIRONMENT: environment, ...variables } = environmentSchema.parse(process.env);
const configuration = await packedConfiguration(environment, variables.NIGHTSHIFT_OVERRIDES);
const { NIGHTSHIFT_FINDINGS_BUS: name, NIGHTSHIFT_ROTATE_FUNCTION_ARN: rotateFunction } = variables;
const log = new Logger(loggerOptions("audit-secrets", environment));
const own = { ledger: new DynamoDBClient(options), table: variables.NIGHTSHIFT_LEDGER_TABLE, pause, wait, log };
const told = { bus: { client: new EventBridgeClient(options), name }, kms: new KMSClient(options), rotateFunction };
const kept = { secrets: new SecretsManagerClient(options), acm: new ACMClient(options), iam: new IAMClient(options) };
const fixed = { ...own, ...told, ...kept, configuration, now: Date.now };

const regionOf = ({ invokedFunctionArn }: Context) => invokedFunctionArn.split(":")[3] ?? "";
const take = (event: unknown, context: Context) =>
  run(event, { ...fixed, region: regionOf(context), deadline: deadlineOf(context) });
export const handler = middy().use(injectLambdaContext(log)).handler(take);
