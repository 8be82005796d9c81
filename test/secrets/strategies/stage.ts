import { createHash } from "node:crypto";
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "vitest";
import { type Instant, minute } from "../../../shared/instant.ts";
import { type Failure, isFailure } from "../../../shared/secrets/failure.ts";
import type { Outside } from "../../../shared/secrets/outside.ts";
import { readStage, readVersion } from "../../../shared/secrets/reading.ts";
import type { Rotation, Strategy } from "../../../shared/secrets/strategy.ts";
import type { Tags } from "../../../shared/secrets/tags.ts";
import type { Value } from "../../../shared/secrets/value.ts";
import { createSecretsManager } from "../../../simulation/aws/secrets-manager.ts";

// One secret in a simulated Secrets Manager, rotated step by step as the function does it, and cut off wherever a test wants.

/** The process ends here. Nobody catches it. */
export class CutOff extends Error {}

export interface Stage {
  outside: Outside;
  arn: string;
  /** The time, for whatever else is simulated. */
  now: () => Instant;
  pass(ms: number): void;
  rotation(token: string): Rotation;
  /** The process is cut off at the n-th call to the outside from now on, before or after it has its effect; null: never. */
  cutOff(at: number | null, when: "before" | "after"): void;
  /** How many calls went outside since `cutOff`. */
  calls(): number;
  at(label: string): Promise<Value | null>;
  put(value: { name: string; text: string }): Promise<string>;
}

export interface StageOptions {
  text: string;
  tags?: Tags;
  kind?: string;
  outside?: (now: () => Instant) => Partial<Outside>;
}

const refuse = (what: string) => async (): Promise<never> => {
  throw new Error(`nothing of this test reaches ${what}`);
};

export async function setStage({ text, tags = {}, kind = "api-key", outside }: StageOptions): Promise<Stage> {
  let time = Date.UTC(2027, 0, 1);
  const now = () => time;
  const pass = (ms: number): void => {
    time += ms;
  };
  const manager = createSecretsManager({ now, account: "111122223333", region: "eu-west-1" });
  const counter: Counter = { calls: 0, end: null, when: "before" };
  const reached = reachable(counter, {
    secrets: { send: manager.send as Outside["secrets"]["send"] },
    ...outside?.(now),
  });
  const created = await manager.send(new CreateSecretCommand({ Name: "shop/key", SecretString: text }));
  const arn = created.ARN ?? "";
  const notes = new Map<string, Record<string, string>>();
  const all: Outside = { ...reached, pause: async () => pass(500) };
  return {
    ...{ outside: all, arn, now, pass },
    rotation(token) {
      const secret = { arn, name: "shop/key", kind, tags };
      return {
        ...{
          secret,
          token,
          intervalDays: 90,
          graceHours: 24,
          outside: all,
          now,
          notes: notes.get(token) ?? {},
        },
        note: (more) => counted(counter, async () => void notes.set(token, { ...notes.get(token), ...more })),
      };
    },
    cutOff: (end, when) => void Object.assign(counter, { calls: 0, end, when }),
    calls: () => counter.calls,
    async at(label) {
      const value = await readStage({ secrets: manager }, arn, label);
      if (isFailure(value)) throw new Error(value.message);
      return value;
    },
    async put({ name, text: value }) {
      const { ARN = "" } = await manager.send(new CreateSecretCommand({ Name: name, SecretString: value }));
      return ARN;
    },
  };
}

interface Counter {
  calls: number;
  end: number | null;
  when: "before" | "after";
}

async function counted<T>(counter: Counter, call: () => Promise<T>): Promise<T> {
  const isLast = ++counter.calls === counter.end;
  if (isLast && counter.when === "before") throw new CutOff();
  const answer = await call();
  if (isLast) throw new CutOff();
  return answer;
}

/** Everything outside, each call of it counted. */
function reachable(counter: Counter, own: Partial<Outside>): Outside {
  const counting = <Client extends { send: unknown }>(client: Client): Client => {
    const through = client.send as (command: unknown) => Promise<unknown>;
    return { ...client, send: (command: unknown) => counted(counter, () => through(command)) };
  };
  const { http = refuse("HTTP") } = own;
  let drawn = 0;
  return {
    secrets: counting(own.secrets ?? { send: refuse("Secrets Manager") }),
    iam: counting(own.iam ?? { send: refuse("IAM") }),
    sts: (key) => counting(own.sts?.(key) ?? { send: refuse("STS") }),
    acm: counting(own.acm ?? { send: refuse("ACM") }),
    elasticache: counting(own.elasticache ?? { send: refuse("ElastiCache") }),
    ...{ postgres: refuse("PostgreSQL"), mysql: refuse("MySQL"), redis: refuse("Redis") },
    http: (request) => counted(counter, () => http(request)),
    random: (count) => createHash("shake256", { outputLength: count }).update(String(++drawn)).digest(),
    pause: async () => {},
  };
}

/** All four steps; what failed, else null. */
export async function rotate(stage: Stage, strategy: Strategy, token: string): Promise<Failure | null> {
  const { outside, arn } = stage;
  const current = await valueAt(stage, "AWSCURRENT");
  if (current.version === token) return null;
  if ((await readVersion(outside, arn, token)) === null) {
    const made = await strategy.create(stage.rotation(token), current);
    if (isFailure(made)) return made;
    const put = { SecretId: arn, ClientRequestToken: token, SecretString: made.text, VersionStages: ["AWSPENDING"] };
    await outside.secrets.send(new PutSecretValueCommand(put));
  }
  const pending = await valueAt(stage, "AWSPENDING");
  const versions = { current, pending, previous: await readStageOf(stage, "AWSPREVIOUS") };
  const failed =
    (await strategy.set(stage.rotation(token), versions)) ?? (await strategy.test(stage.rotation(token), versions));
  if (failed !== null) return failed;
  const move = { SecretId: arn, VersionStage: "AWSCURRENT", MoveToVersionId: token };
  await outside.secrets.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: current.version }));
  return null;
}

/** The same, begun again each time that it is cut off. */
export async function rotateAnyway(stage: Stage, strategy: Strategy, token: string): Promise<Failure | null> {
  for (;;) {
    try {
      return await rotate(stage, strategy, token);
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
      stage.pass(minute);
    }
  }
}

/** What heal-rotations does when the grace is over. */
export async function retire(stage: Stage, strategy: Strategy, token: string): Promise<Failure | null> {
  const dead = await readStageOf(stage, "AWSPREVIOUS");
  if (dead === null) throw new Error("there is no previous version");
  return await strategy.retire(stage.rotation(token), dead, await valueAt(stage, "AWSCURRENT"));
}

/**
 * Rotates with a fresh stage, once for each call to the outside and each side of it, cut off there; `check` judges how it ended.
 */
export async function everywhereCutOff(
  make: () => Promise<{ stage: Stage; strategy: Strategy }>,
  check: (stage: Stage) => Promise<void>,
): Promise<number> {
  const whole = await make();
  whole.stage.cutOff(null, "before");
  expect(await rotate(whole.stage, whole.strategy, tokenOf(1))).toBeNull();
  const calls = whole.stage.calls();
  for (let at = 1; at <= calls; at++) {
    for (const when of ["before", "after"] as const) {
      const { stage, strategy } = await make();
      stage.cutOff(at, when);
      expect(await rotateAnyway(stage, strategy, tokenOf(1)), `cut off ${when} call ${at}`).toBeNull();
      await check(stage);
    }
  }
  return calls;
}

export function tokenOf(number: number): string {
  return `10000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

async function valueAt(stage: Stage, label: string): Promise<Value> {
  const value = await readStageOf(stage, label);
  if (value === null) throw new Error(`there is no ${label}`);
  return value;
}

async function readStageOf({ outside, arn }: Stage, label: string): Promise<Value | null> {
  const value = await readStage(outside, arn, label);
  if (isFailure(value)) throw new Error(value.message);
  return value;
}

export const noSettings = {
  apis: {},
  webhooks: {},
  certificates: { renewDaysBefore: 30, renewLifetimeDividedBy: 3 },
};
