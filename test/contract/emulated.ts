// Functions, event source mappings and rules in MiniStack, over HTTP.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { headersFor, invoke } from "../../sandbox/calls.ts";
import { region } from "../../sandbox/process.ts";
import { pythonOf } from "../../sandbox/python.ts";
import { credentials } from "./dynamodb-local.ts";
import { emulatorDirectory } from "./servers.ts";
import { openWitness, type Take, witnessCode } from "./witness.ts";

/** A MiniStack whose functions do what a test says. */
export interface Emulated {
  endpoint: string;
  sqs: SQSClient;
  /** A function that does what `take` does; its process runs already. */
  addFunction(take: Take): Promise<EmulatedFunction>;
  addQueue(attributes?: Record<string, string>): Promise<{ url: string; arn: string }>;
  stop(): Promise<void>;
}

export interface EmulatedFunction {
  name: string;
  arn: string;
}

export async function openEmulated(endpoint: string): Promise<Emulated> {
  const witness = await openWitness();
  const sqs = new SQSClient({ endpoint, region, credentials, maxAttempts: 1 });
  const code = zipOf(witnessCode);
  return {
    endpoint,
    sqs,
    async addFunction(take) {
      const name = `contract-${crypto.randomUUID()}`;
      const warm = crypto.randomUUID();
      const stand = witness.stand(async (event) => (isWarming(event, warm) ? null : take(event)));
      const { FunctionArn } = await callLambda(endpoint, "POST", "/2015-03-31/functions", {
        FunctionName: name,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: "arn:aws:iam::000000000000:role/contract",
        Code: { ZipFile: code },
        Description: "a function",
        Environment: { Variables: { WITNESS: stand, TEAM: "shop" } },
        Timeout: 30,
      });
      const arn = String(FunctionArn);
      await invoke(endpoint, arn, "RequestResponse", { warm });
      return { name, arn };
    },
    async addQueue(attributes = {}) {
      const made = new CreateQueueCommand({ QueueName: `contract-${crypto.randomUUID()}`, Attributes: attributes });
      const { QueueUrl: url = "" } = await sqs.send(made);
      const asked = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] });
      return { url, arn: (await sqs.send(asked)).Attributes?.QueueArn ?? "" };
    },
    stop: () => witness.stop(),
  };
}

export function callLambda(endpoint: string, method: string, path: string, body: object): Promise<Answer> {
  return call(`${endpoint}${path}`, { method, headers: headersFor("lambda"), body: JSON.stringify(body) });
}

export function callEvents(endpoint: string, operation: string, body: object): Promise<Answer> {
  const json = { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": `AWSEvents.${operation}` };
  return call(endpoint, {
    method: "POST",
    headers: { ...headersFor("events"), ...json },
    body: JSON.stringify(body),
  });
}

type Answer = Record<string, unknown>;

async function call(address: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(address, { ...request, signal: AbortSignal.timeout(30_000) });
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return JSON.parse(answer);
}

function isWarming(event: unknown, warm: string): boolean {
  return typeof event === "object" && event !== null && "warm" in event && event.warm === warm;
}

/** The code of a function as Lambda takes it, packed by the emulator's own Python. */
function zipOf(code: string): string {
  const directory = mkdtempSync(join(tmpdir(), "nightshift-function-"));
  try {
    writeFileSync(join(directory, "index.js"), code);
    const python = pythonOf(join(emulatorDirectory, "venv"));
    const packed = spawnSync(python, ["-m", "zipfile", "-c", "code.zip", "index.js"], { cwd: directory });
    if (packed.status !== 0) throw new Error(`the function could not be packed: ${packed.stderr}`);
    return readFileSync(join(directory, "code.zip")).toString("base64");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
