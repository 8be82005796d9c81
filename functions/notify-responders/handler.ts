import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { loggerOptions } from "../../shared/log.ts";
import { pauseByChance as pause } from "../../shared/pause.ts";
import { clientOptions, deadlineOf, packedConfiguration } from "../../shared/runtime.ts";
import { environmentSchema, topicsOf } from "./environment.ts";
import { run } from "./run.ts";

const variables = environmentSchema.parse(process.env);
const environment = variables.NIGHTSHIFT_ENVIRONMENT;
const configuration = await packedConfiguration(environment, variables.NIGHTSHIFT_OVERRIDES);
const log = new Logger(loggerOptions("notify-responders", environment));
const clients = {
  ledger: new DynamoDBClient(clientOptions),
  sns: new SNSClient(clientOptions),
  topics: topicsOf(variables),
};
const fixed = { ...clients, table: variables.NIGHTSHIFT_LEDGER_TABLE, configuration, now: Date.now, pause, log };

export const handler = middy()
  .use(injectLambdaContext(log))
  .handler((event: unknown, context: Context) => run(event, { ...fixed, deadline: deadlineOf(context) }));
