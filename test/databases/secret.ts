import { randomBytes } from "node:crypto";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-secrets-manager";
import type { Outside, Target } from "../../shared/secrets/outside.ts";
import type { Rotation, Strategy, Versions } from "../../shared/secrets/strategy.ts";
import type { Value } from "../../shared/secrets/value.ts";

export const administratorArn = "arn:aws:secretsmanager:eu-central-1:111111111111:secret:administrator";

/** What a rotation reaches in a test: real databases, and one secret of Secrets Manager, the administrator's. */
export function outsideWith(
  connections: Partial<Outside>,
  administrator: { text: string; tag?: string } | null,
): Outside {
  const unwanted = () => Promise.reject(new Error("a strategy of databases asks nobody else"));
  return {
    secrets: { send: secretsOf(administrator) as Outside["secrets"]["send"] },
    iam: { send: unwanted },
    sts: () => ({ send: unwanted }),
    acm: { send: unwanted },
    elasticache: { send: unwanted },
    postgres: unwanted,
    mysql: unwanted,
    redis: unwanted,
    http: unwanted,
    random: (bytes) => randomBytes(bytes),
    pause: async () => {},
    ...connections,
  };
}

function secretsOf(administrator: { text: string; tag?: string } | null) {
  return async (command: unknown) => {
    const isKnown = (id: string | undefined) => administrator !== null && id === administratorArn;
    if (command instanceof GetSecretValueCommand && isKnown(command.input.SecretId)) {
      return { VersionId: "a", SecretString: administrator?.text };
    }
    if (command instanceof DescribeSecretCommand && isKnown(command.input.SecretId)) {
      return { Tags: [{ Key: "nightshift:administrator", Value: administrator?.tag ?? "true" }] };
    }
    throw new ResourceNotFoundException({ message: "there is none", $metadata: {} });
  };
}

export function rotationOf(outside: Outside): Rotation {
  return {
    secret: {
      arn: "arn:aws:secretsmanager:eu-central-1:111111111111:secret:app",
      name: "app",
      kind: "database-password",
      tags: {},
    },
    token: "token",
    intervalDays: 90,
    graceHours: 24,
    outside,
    notes: {},
    note: async () => {},
    now: () => Date.parse("2026-03-01T00:00:00Z"),
  };
}

/** A secret's JSON for a target, and whatever else it holds. */
export function textOf(engine: string, target: Target, more: Record<string, unknown> = {}): string {
  const { host, port, user, password, tls } = target;
  const encryption = { sslmode: tls.mode, ...(tls.authorities === null ? {} : { sslrootcert: tls.authorities }) };
  return JSON.stringify({ engine, host, port, username: user, password, ...encryption, ...more });
}

let versions = 0;

export function versionOf(text: string): Value {
  versions++;
  return { version: `version-${versions}`, text, createdAt: 0 };
}

export function passwordOf({ text }: Value): string {
  return (JSON.parse(text) as { password: string }).password;
}

export function userOf({ text }: Value): string {
  return (JSON.parse(text) as { username: string }).username;
}

/** createSecret, setSecret, testSecret. Throws what a step says is wrong. */
export async function promoted(
  strategy: Strategy,
  rotation: Rotation,
  current: Value,
  previous: Value | null,
): Promise<Value> {
  const made = await strategy.create(rotation, current);
  if (!("text" in made)) throw new Error(JSON.stringify(made));
  const pending = versionOf(made.text);
  const all: Versions = { current, pending, previous };
  for (const step of [strategy.set, strategy.test]) {
    const problem = await step(rotation, all);
    if (problem !== null) throw new Error(JSON.stringify(problem));
  }
  return pending;
}
