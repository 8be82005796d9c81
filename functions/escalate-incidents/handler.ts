import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { loggerOptions } from "../../shared/log.ts";
import { pauseByChance as pause } from "../../shared/pause.ts";
import { clientOptions, deadlineOf, packedConfiguration } from "../../shared/runtime.ts";
import { environmentSchema } from "./environment.ts";
import { run } from "./run.ts";

const variables = environmentSchema.parse(process.env);
const environment = variables.NIGHTSHIFT_ENVIRONMENT;
const configuration = await packedConfiguration(environment, variables.NIGHTSHIFT_OVERRIDES);
const log = new Logger(loggerOptions("escalate-incidents", environment));
const clients = { ledger: new DynamoDBClient(clientOptions), cloudwatch: new CloudWatchClient(clientOptions) };
const fixed = { ...clients, table: variables.NIGHTSHIFT_LEDGER_TABLE, configuration, now: Date.now, pause, log };

export const handler = middy()
  .use(injectLambdaContext(log))
  .handler((event: unknown, context: Context) => {
    const [, , , region = "", account = ""] = context.invokedFunctionArn.split(":");
    return run(event, { ...fixed, account, region, deadline: deadlineOf(context) });
  });
