import { ECSServiceException } from "@aws-sdk/client-ecs";
import { afterEach, expect } from "vitest";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { merge } from "../../shared/configuration/merge.ts";
import { type Configuration, configurationSchema } from "../../shared/configuration/schema.ts";
import { type Instant, minute } from "../../shared/instant.ts";
import { parse } from "../../shared/ledger/rows.ts";
import type { Remembered } from "../../shared/scaling/decisions.ts";
import type { DecisionRecord } from "../../shared/scaling/types.ts";
import { createScaledAccount, decisionsOf, findingsOf, type ScaledAccount } from "../../simulation/scaled-account.ts";
import { decisionsTable } from "../../simulation/table.ts";

// What the tests of evaluate-scaling share: an ECS service that is scaled, and what is measured of it.

/** A Monday. */
export const start: Instant = Date.UTC(2027, 2, 15, 14, 5);
export const production = loadConfiguration("production").configuration;

const checkout = { type: "ecs-service", cluster: "shop", service: "checkout", minimum: 2, maximum: 10 };

/** The policy, with one target that acts unless it is told otherwise. */
export function configurationWith(scaling: object = {}, mode: "act" | "recommend" = "act"): Configuration {
  const changes = { scaling: merge({ targets: { checkout } }, scaling), evaluateScaling: { mode } };
  return configurationSchema.parse(merge(production, changes));
}

const made: ScaledAccount[] = [];

// Over all suites: where nothing may be changed, nothing tried to.
afterEach(() => {
  expect(made.splice(0).flatMap(({ forbidden }) => forbidden)).toEqual([]);
});

/** An account with the service shop/checkout, which wants and has four tasks; nothing is measured of it yet. */
export async function createScene(configuration = configurationWith(), at = start): Promise<ScaledAccount> {
  const account = await createScaledAccount({ configuration, start: at });
  account.ecs.put("shop", "checkout", { desiredCount: 4 });
  made.push(account);
  return account;
}

const namesOf = { cpu: "CPUUtilization", memory: "MemoryUtilization" } as const;

/** What is measured of an ECS service in each minute of a time; unless stated, of the last hour. */
export function measure(
  { cloudwatch, clock }: ScaledAccount,
  values: Partial<Record<keyof typeof namesOf, number>>,
  { service = "checkout", from = clock.at - 60 * minute, until = clock.at } = {},
): void {
  for (const [name, value] of Object.entries(values)) {
    const metric = namesOf[name === "cpu" ? "cpu" : "memory"];
    const identity = { namespace: "AWS/ECS", metric, dimensions: { ClusterName: "shop", ServiceName: service } };
    for (let at = from; at < until; at += minute) cloudwatch.metrics.put({ ...identity, at, value });
  }
}

export const busy = { cpu: 90, memory: 50 };
export const calm = { cpu: 50, memory: 50 };
export const idle = { cpu: 5, memory: 5 };

/** So many minutes pass, each with its tick; and what is measured in them. */
export async function pass(
  account: ScaledAccount,
  minutes: number,
  values: Parameters<typeof measure>[1] | null = null,
): Promise<void> {
  for (let count = 0; count < minutes; count++) {
    const from = account.clock.at;
    account.clock.at = (Math.floor(from / minute) + 1) * minute;
    if (values !== null) measure(account, values, { from, until: account.clock.at });
    await account.tick();
  }
}

export function desired({ ecs }: ScaledAccount, service = "checkout"): number {
  return ecs.service("shop", service).desiredCount;
}

/** All that was told of findings, as `raised target-gone checkout`. */
export function told(account: ScaledAccount): string[] {
  return findingsOf(account).map(({ state, rule, resource }) => `${state} ${rule} ${resource}`);
}

/** What was told of decisions, as `out checkout 4 to 5`. */
export function toldDecisions(account: ScaledAccount): string[] {
  return decisionsOf(account).map(({ detail }) => {
    const { verdict, reason, target, capacityBefore, capacityAfter } = detail as DecisionRecord["decision"];
    if (verdict === "out" || verdict === "in") return `${verdict} ${target} ${capacityBefore} to ${capacityAfter}`;
    return `${verdict} ${target}${reason === null ? "" : `: ${reason}`}`;
  });
}

/** The decisions that are kept of a target, the oldest first. */
export function kept({ dynamodb }: ScaledAccount, target = "checkout"): DecisionRecord[] {
  return [...dynamodb.items(decisionsTable)]
    .filter(({ pk, sk }) => pk?.S === `target#${target}` && sk?.S?.startsWith("decision#"))
    .map((row) => parse<DecisionRecord>(row));
}

export function remembered({ dynamodb }: ScaledAccount, target = "checkout"): Remembered | undefined {
  const row = [...dynamodb.items(decisionsTable)].find(
    ({ pk, sk }) => pk?.S === `target#${target}` && sk?.S === "memory",
  );
  return row === undefined ? undefined : parse<Remembered>(row);
}

/** What happens right before the first of these commands is executed. */
export function onceBefore(account: ScaledAccount, command: string, happens: () => unknown): void {
  let isDone = false;
  account.around = async (name, execute) => {
    if (name === command && !isDone) {
      isDone = true;
      await happens();
    }
    return execute();
  };
}

export function refusal(name: string): Error {
  return new ECSServiceException({ name, $fault: "client", message: "no", $metadata: { httpStatusCode: 400 } });
}
