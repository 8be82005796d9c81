import { readFileSync } from "node:fs";
import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { configurationFor } from "../../shared/configuration/bundled.ts";
import { pauseByChance as pause } from "../../shared/pause.ts";
import { environmentSchema } from "./environment.ts";
import { run } from "./run.ts";

const variables = environmentSchema.parse(process.env);
const environment = variables.NIGHTSHIFT_ENVIRONMENT;
const bundle = JSON.parse(readFileSync(new URL("configuration.json", import.meta.url), "utf8"));
const configuration = await configurationFor(bundle, environment, variables.NIGHTSHIFT_OVERRIDES);
const log = new Logger({ serviceName: "nightshift", persistentKeys: { operation: "escalate-incidents", environment } });
const clients = { ledger: new DynamoDBClient(), cloudwatch: new CloudWatchClient() };
const fixed = { ...clients, table: variables.NIGHTSHIFT_LEDGER_TABLE, configuration, now: Date.now, pause, log };

export const handler = middy()
  .use(injectLambdaContext(log))
  .handler((event: unknown, context: Context) => {
    // Ten seconds to hand over what is left, before Lambda takes the time away.
    const end = Date.now() + context.getRemainingTimeInMillis() - 10_000;
    const [, , , region = "", account = ""] = context.invokedFunctionArn.split(":");
    return run(event, { ...fixed, account, region, deadline: () => end });
  });
