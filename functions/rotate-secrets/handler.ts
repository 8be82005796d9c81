import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { loggerOptions } from "../../shared/log.ts";
import { pauseByChance as pause } from "../../shared/pause.ts";
import { clientOptions, deadlineOf, packedConfiguration } from "../../shared/runtime.ts";
import { reach } from "../../shared/secrets/reach.ts";
import { environmentSchema } from "./environment.ts";
import { run } from "./run.ts";

const variables = environmentSchema.parse(process.env);
const environment = variables.NIGHTSHIFT_ENVIRONMENT;
const configuration = await packedConfiguration(environment, variables.NIGHTSHIFT_OVERRIDES);
// What the SDK's middleware would add is left out: it can log the event, which holds the RotationToken.
const log = new Logger(loggerOptions("rotate-secrets", environment));
const bus = { client: new EventBridgeClient(clientOptions), name: variables.NIGHTSHIFT_FINDINGS_BUS };
const outside = reach(clientOptions);
const fixed = { table: variables.NIGHTSHIFT_LEDGER_TABLE, configuration, outside, bus, now: Date.now, pause, log };
const ledger = new DynamoDBClient(clientOptions);

export const handler = middy().handler((event: unknown, context: Context) => {
  const [, , , region = ""] = context.invokedFunctionArn.split(":");
  return run(event, { ...fixed, ledger, region, deadline: deadlineOf(context) });
});
