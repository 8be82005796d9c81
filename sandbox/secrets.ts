import { randomUUID } from "node:crypto";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { invoke } from "./calls.ts";
import { hear } from "./hear.ts";
import { eventually, type Steps } from "./steps.ts";
import type { World } from "./world.ts";

const name = "sandbox/partner-key";
const untagged = "sandbox/untagged";
const fourSteps = ["createSecret", "setSecret", "testSecret", "finishSecret"];

/** A secret that is to be rotated: the version that is being made, and every value that it ever had. */
interface Begun {
  arn: string;
  token: string;
  values: string[];
}

/** The operations that look after secrets, over what was deployed. */
export async function proveSecrets(steps: Steps, world: World): Promise<void> {
  const { auditSecretsFunction, healRotationsFunction } = world.deployment;
  const { endpoint } = world.settings;
  const secrets = new SecretsManagerClient(world.settings);
  const heard = await steps.step("a queue hears of rotations, by a rule on the bus", () =>
    hear(world, "sandbox-rotations", "SecretRotated"),
  );
  const begun = await steps.step("a tagged secret has its rotation attached, and one is begun", () =>
    begin(secrets, world.deployment.rotateFunction),
  );
  if (begun !== null) {
    await steps.step("rotate-secrets takes the four steps, and the last one twice", () =>
      takeSteps(secrets, world, begun.value),
    );
    if (heard !== null) {
      await steps.step("SecretRotated is on the bus, and names no value", () => told(world, heard.value, begun.value));
    }
    await steps.step("the ledger knows the rotation, and nothing of its values", () => remembered(world, begun.value));
  }
  await steps.step("a secret without the tag is left alone", () => leftAlone(secrets, world));
  await steps.step("audit-secrets comes to the end of all secrets", () => audits(endpoint, auditSecretsFunction));
  await steps.step("what it finds becomes an incident: the secret that nobody has tagged", async () => {
    await eventually("an incident of the untagged secret", 60, async () =>
      (await world.incidents()).find(({ members }) => Object.values(members).some(({ arn }) => arn.includes(untagged))),
    );
  });
  await steps.step("heal-rotations completes its sweep: its heartbeat", () =>
    beats(endpoint, healRotationsFunction, "sweep complete"),
  );
}

/** What RotateSecret does on AWS before it calls the function, and one thing more: see the stand-ins in gaps.ts. */
async function begin(secrets: SecretsManagerClient, rotateFunction: string): Promise<Begun> {
  const values = [randomUUID(), randomUUID()];
  const [first, second] = values;
  const Tags = [
    { Key: "nightshift:kind", Value: "api-key" },
    { Key: "nightshift:strategy", Value: "random" },
  ];
  const { ARN: arn = "" } = await secrets.send(new CreateSecretCommand({ Name: name, SecretString: first, Tags }));
  const rules = { RotationRules: { AutomaticallyAfterDays: 88 } };
  await secrets.send(new RotateSecretCommand({ SecretId: arn, RotationLambdaARN: rotateFunction, ...rules }));
  const token = randomUUID();
  const pending = { SecretId: arn, ClientRequestToken: token, VersionStages: ["AWSPENDING"] };
  await secrets.send(new PutSecretValueCommand({ ...pending, SecretString: second }));
  return { arn, token, values };
}

async function takeSteps(secrets: SecretsManagerClient, world: World, { arn, token, values }: Begun): Promise<string> {
  const { endpoint } = world.settings;
  for (const Step of [...fourSteps, "finishSecret"]) {
    const event = { Step, SecretId: arn, ClientRequestToken: token };
    const log = await invoke(endpoint, world.deployment.rotateFunction, "RequestResponse", event);
    expectNothingOf(values, log, `the log of ${Step}`);
  }
  const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId: arn }));
  const stages = VersionIdsToStages[token] ?? [];
  if (!stages.includes("AWSCURRENT")) throw new Error(`the new version is ${stages.join(", ") || "nothing"}`);
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: arn }));
  if (SecretString !== values.at(-1)) throw new Error("whoever reads the secret does not get the new value");
  const previous = Object.values(VersionIdsToStages).filter((each) => each.includes("AWSPREVIOUS"));
  if (previous.length !== 1) throw new Error(`${previous.length} versions are the previous one`);
  return "the new version is current, the one before is kept";
}

function told(world: World, queue: string, { arn, token, values }: Begun): Promise<string> {
  return eventually("an event that names the secret", 30, async () => {
    const bodies = await world.receive(queue);
    const body = bodies.find((each) => each.includes(arn));
    if (body === undefined) return null;
    expectNothingOf(values, body, "the event");
    const { detail } = JSON.parse(body);
    if (detail.to !== token) throw new Error(`it tells of the version ${detail.to}`);
    return "";
  });
}

async function remembered({ settings, deployment }: World, { arn, token, values }: Begun): Promise<string> {
  const dynamodb = new DynamoDBClient(settings);
  // A scan, which no function may do: here there are a handful of rows.
  const { Items = [] } = await dynamodb.send(
    new ScanCommand({ TableName: deployment.ledgerTable, ConsistentRead: true }),
  );
  const rows = Items.filter(({ pk }) => pk?.S === `secret#${arn}`).map((row) => JSON.stringify(row));
  if (!rows.some((row) => row.includes(token))) throw new Error("no row of the ledger knows the new version");
  expectNothingOf(values, JSON.stringify(Items), "the ledger");
  return `${rows.length} rows`;
}

async function leftAlone(secrets: SecretsManagerClient, { settings, deployment }: World): Promise<void> {
  const value = randomUUID();
  const made = await secrets.send(new CreateSecretCommand({ Name: untagged, SecretString: value }));
  const { ARN: SecretId = "", VersionId: ClientRequestToken } = made;
  const event = { Step: "createSecret", SecretId, ClientRequestToken };
  const refused = await invoke(settings.endpoint, deployment.rotateFunction, "RequestResponse", event).then(
    () => null,
    (error: Error) => error.message,
  );
  if (refused === null) throw new Error("the step was taken");
  if (!refused.includes("has no tag nightshift:kind")) throw new Error(`it was refused, but so: ${refused}`);
  expectNothingOf([value], refused, "the refusal");
}

/** It says its heartbeat; or, of the one list that the emulator does not have, that it could not be looked at, and nothing else. */
async function audits(endpoint: string, functionArn: string): Promise<string> {
  try {
    await beats(endpoint, functionArn, "audit complete");
    return "its heartbeat";
  } catch (error) {
    const onlyGap = "incomplete in 1 places, the first of them: IAM's server certificates could not be looked at";
    if (!(error instanceof Error) || !error.message.includes(onlyGap)) throw error;
    return "no heartbeat, because the emulator lists no server certificates of IAM; nothing else was left out";
  }
}

/** Invoked as the scheduler does, but waited for. */
async function beats(endpoint: string, functionArn: string, says: string): Promise<void> {
  const log = await invoke(endpoint, functionArn, "RequestResponse", {});
  if (!log.includes(`"${says}"`)) throw new Error(`it did not say ${says}: ${log.slice(-500) || "it logged nothing"}`);
}

function expectNothingOf(values: readonly string[], text: string, where: string): void {
  if (values.some((value) => text.includes(value))) throw new Error(`${where} holds a value of the secret`);
}
