// Starts AWS's own DynamoDB Local from the jars that install-servers.ts fetched.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, waitUntilTableNotExists } from "@aws-sdk/client-dynamodb";
import { freePort } from "../../sandbox/server.ts";
import { killed } from "../killed.ts";
import type { Judge } from "./judge.ts";
import { installation } from "./servers.ts";

export const jarFolder = join(import.meta.dirname, "..", "..", ".cache", "dynamodb-local");

const maximumStartSeconds = 30;

export interface DynamoDbLocal {
  client: DynamoDBClient;
  endpoint: string;
  stop(): Promise<void>;
}

export const credentials = { accessKeyId: "contract", secretAccessKey: "contract" };

export const dynamoDbLocal: Judge<DynamoDbLocal> = {
  name: "DynamoDB Local",
  missing() {
    if (spawnSync("java", ["-version"], { stdio: "ignore" }).status !== 0) return "Java is missing";
    const hasJars =
      existsSync(jarFolder) && readdirSync(jarFolder).some((name) => /^DynamoDBLocal-.*\.jar$/.test(name));
    return hasJars ? undefined : installation;
  },
  start: startDynamoDbLocal,
};

/** Runs it in memory on a free port of 127.0.0.1. Throws with what it printed if it does not come up. */
async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const classes = join(jarFolder, "*");
  const main = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner";
  const server = spawn(
    "java",
    [`-Djava.library.path=${jarFolder}`, "-cp", classes, main, "-inMemory", "-port", String(port)],
    // It leaves a file where it runs, and would report its use to AWS.
    { cwd: jarFolder, env: { ...process.env, DDB_LOCAL_TELEMETRY: "0" }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let printed = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-4_000);
    });
  }
  const client = new DynamoDBClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  if (!(await isUp(client, server))) {
    await killed(server);
    throw new Error(`DynamoDB Local did not come up:\n${printed}`);
  }
  return {
    client,
    endpoint,
    stop: async () => {
      client.destroy();
      await killed(server);
    },
  };
}

/** Asks for a table that nobody made, once a second for half a minute, until it is told so; or until the server ends. */
async function isUp(client: DynamoDBClient, server: ChildProcess): Promise<boolean> {
  const ended = new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.once("exit", () => resolve(false));
  });
  const answered = waitUntilTableNotExists(
    { client, minDelay: 1, maxDelay: 1, maxWaitTime: maximumStartSeconds },
    { TableName: "none" },
  ).then(
    ({ state }) => state === "SUCCESS",
    () => false,
  );
  return Promise.race([ended, answered]);
}
