// One whole rotation by the functions themselves: the four steps, what the ledger then knows, the retirement after the grace, and
// what the audit says of it. Not what a service claims is tried here, but whether all that they claim together is enough.

import { CreateSecretCommand, GetSecretValueCommand, RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect } from "vitest";
import { run as audit, report } from "../../functions/audit-secrets/run.ts";
import { run as heal } from "../../functions/heal-rotations/run.ts";
import { run as rotate } from "../../functions/rotate-secrets/run.ts";
import { day, minute } from "../../shared/instant.ts";
import { describe as describeSecret } from "../../shared/secrets/described.ts";
import { oldestBirth } from "../../shared/secrets/record.ts";
import { readRecord, readSuccession } from "../../shared/secrets/records.ts";
import { signingKeysOf } from "../../shared/secrets/signing-keys.ts";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";
import type { ConnectRotation, RotationConnection } from "./secrets-rotation-connections.ts";

export function secretsRotationContract(name: string, connect: ConnectRotation, exceptions: Exceptions = {}): void {
  describe(`${name}: a rotation from its beginning to its end`, () => {
    const { claim, end } = createClaims(name, exceptions);
    const createdAt = new Date(0).toISOString();
    const keys = JSON.stringify({ current: { id: "first", key: "k".repeat(43), createdAt }, previous: null });

    claim(
      "gives everybody a random value that is new, keeps the one before, and retires it after the grace",
      async () => {
        const value = "the-first-value";
        const rotated = await rotateAndRetire(await connect(), "random", value);
        expect(rotated.before).toBe(value);
        expect(rotated.after).toMatch(/^[\w.~-]{32,}$/);
        expect(rotated.lines).not.toContain(value);
        expect(rotated.lines).not.toContain(rotated.after);
      },
    );

    claim("gives everybody a signing key that is new, and beside it the one before", async () => {
      const rotated = await rotateAndRetire(await connect(), "signing-key", keys);
      expect(rotated.before).toBe(keys);
      const made = signingKeysOf({ text: rotated.after });
      expect(made).toMatchObject({ previous: { id: "first" } });
      for (const key of "current" in made ? [made.current.key, "k".repeat(43)] : []) {
        expect(rotated.lines).not.toContain(key);
      }
    });

    claim("does not begin while the value before is in its grace, and says so in the ledger", async () => {
      const connection = await connect();
      const arn = await keep(connection, "random", "the-first-value");
      await fourSteps(connection, arn, await connection.begin(arn));
      const again = await connection.begin(arn);
      await expect(step(connection, arn, again, "createSecret")).rejects.toThrow(/works until/);
      expect(await readRecord(connection.ledger, arn)).toMatchObject({
        failed: { step: "createSecret", reason: "policy" },
      });
    });

    audits(claim, connect);
    end();
  });
}

function audits(claim: Claims["claim"], connect: ConnectRotation): void {
  claim("is seen by the audit, which tells what is wrong of it and nothing of its value", async () => {
    const connection = await connect();
    const arn = await keep(connection, "random", "the-first-value");
    await fourSteps(connection, arn, await connection.begin(arn));
    connection.pass(91 * day);
    const found = await reported(connection, arn);
    expect(found.rules).toContain("overdue");
    expect(found.judged).toMatchObject({ name: expect.stringMatching(/^contract\//), kind: "api-key" });
    expect(found.text + connection.lines.join()).not.toContain("the-first-value");
  });

  claim("is swept by the audit, which comes to its end with nothing left out", async () => {
    const connection = await connect();
    const arn = await keep(connection, "random", "the-first-value");
    await fourSteps(connection, arn, await connection.begin(arn));
    connection.pass(91 * day);
    await audit({}, auditDependencies(connection));
    const said = connection.lines.join();
    expect(said).toContain("audit complete");
    expect(said).not.toContain("the-first-value");
  });
}

/** A secret with rotation turned on, and none begun. */
async function keep({ secrets, functionArn }: RotationConnection, strategy: string, text: string): Promise<string> {
  const tags = { "nightshift:kind": "api-key", "nightshift:strategy": strategy };
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const Name = `contract/${crypto.randomUUID()}`;
  const { ARN: SecretId = "" } = await secrets.send(new CreateSecretCommand({ Name, SecretString: text, Tags }));
  const RotationRules = { AutomaticallyAfterDays: 88 };
  const attached = { SecretId, RotationLambdaARN: functionArn, RotationRules, RotateImmediately: false };
  await secrets.send(new RotateSecretCommand(attached));
  return SecretId;
}

const steps = ["createSecret", "setSecret", "testSecret", "finishSecret"];

function step(connection: RotationConnection, arn: string, token: string, Step: string): Promise<void> {
  return rotate({ Step, SecretId: arn, ClientRequestToken: token }, connection.dependencies(token));
}

async function fourSteps(connection: RotationConnection, arn: string, token: string): Promise<void> {
  for (const each of steps) await step(connection, arn, token, each);
}

async function rotateAndRetire(connection: RotationConnection, strategy: string, text: string) {
  const { ledger, secrets } = connection;
  const arn = await keep(connection, strategy, text);
  const token = await connection.begin(arn);
  // Each is taken twice: its reply was lost.
  for (const each of steps) {
    await step(connection, arn, token, each);
    await step(connection, arn, token, each);
  }
  const at = async (VersionStage: string) =>
    (await secrets.send(new GetSecretValueCommand({ SecretId: arn, VersionStage }))).SecretString ?? "";
  const { stages } = await describeSecret(secrets, arn);
  expect(stages[token]).toContain("AWSCURRENT");
  const promoted = await readRecord(ledger, arn);
  expect(promoted).toMatchObject({ underway: null, failed: null, live: [{ bornAt: null }, { version: token }] });
  expect(await readSuccession(ledger, arn, token)).toMatchObject({ told: true, retired: false });
  connection.pass(day + minute);
  await heal({}, connection.healing());
  expect(await readSuccession(ledger, arn, token)).toMatchObject({ retired: true });
  const record = await readRecord(ledger, arn);
  expect(record).toMatchObject({ live: [{ version: token }], graceUntil: null });
  expect(oldestBirth(record, token)).not.toBeNull();
  const [before, after] = [await at("AWSPREVIOUS"), await at("AWSCURRENT")];
  return { before, after, lines: connection.lines.join("\n") };
}

function auditDependencies(connection: RotationConnection) {
  const { secrets, functionArn, auditing } = connection;
  return {
    ...connection.healing(),
    ...auditing,
    secrets,
    rotateFunction: functionArn,
    wait: async () => {},
  };
}

async function reported(connection: RotationConnection, arn: string) {
  const { secrets, auditing, ledger } = connection;
  const { configuration, region, now } = connection.healing();
  const clients = { ...auditing, secrets };
  const told = await report({ clients, ledger, configuration, region, now, hasTime: () => true });
  return {
    rules: told.findings.filter(({ resource }) => resource === arn).map(({ rule }) => rule),
    judged: told.secrets.find((each) => each.arn === arn),
    text: JSON.stringify(told),
  };
}
