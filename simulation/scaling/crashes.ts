import { isDeepStrictEqual } from "node:util";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { type Instant, minute } from "../../shared/instant.ts";
import type { OperationName } from "../../shared/operations.ts";
import { createChance } from "../chance.ts";
import { account as accountId, region } from "../estate.ts";
import { type Call, createKiller, type Killing } from "../killing.ts";
import { survived } from "../transport.ts";
import { createWorld } from "../world.ts";
import { createScalingAccount } from "./account.ts";
import { watchScaling } from "./watch.ts";

// evaluate-scaling is killed before and after each of its calls, each in a world of its own, and the next minute starts another one.
// In the end each capacity has changed as if nobody had died: once.

/** When what is told begins: at noon one service is overloaded, in the night all of them are idle. */
export const scalingStories: Readonly<Record<string, Instant>> = {
  "scale-out": Date.UTC(2026, 3, 1, 12),
  "scale-in": Date.UTC(2026, 3, 1, 3),
};

/** Less than a cooldown after the first change: each that follows is one too many. */
const minutes = 5;

export interface ScalingOutcome {
  calls: readonly Call[];
  deaths: readonly OperationName[];
  broken: string[];
  /** As `checkout 4 to 5`. */
  changes: string[];
  findings: string[];
}

export async function passScaling(
  configuration: Configuration,
  story: string,
  killing: Killing | null,
): Promise<ScalingOutcome> {
  const start = scalingStories[story] ?? 0;
  const killer = createKiller(killing);
  const world = await createWorld({ configuration, start, account: accountId, region, faults: killer.faults });
  const account = await createScalingAccount(world, createChance("crashes"));
  const watch = watchScaling(world, account);
  const changes: string[] = [];
  account.onChange(({ service, from, to }) => void changes.push(`${service} ${from} to ${to}`));
  for (let passed = 1; passed <= minutes; passed++) {
    await world.clock.runUntil(start + passed * minute);
    account.plant.advance(world.clock.now());
    if (!(await survived(account.tick()))) account.forget();
  }
  const findings = account.events.events.filter(({ type }) => type === "Finding");
  return {
    ...{ calls: killer.calls, deaths: killer.deaths, changes: changes.toSorted() },
    broken: watch.finish().flatMap(({ broken }) => broken),
    findings: findings.map(({ detail }) => JSON.stringify(detail)),
  };
}

/** What a death has left behind. */
export function scalingDifferences(undisturbed: ScalingOutcome, outcome: ScalingOutcome): string[] {
  if (outcome.deaths.length !== 1) return ["nobody died"];
  const differences = [...outcome.broken];
  if (!isDeepStrictEqual(outcome.changes, undisturbed.changes)) {
    differences.push(`${outcome.changes.join(", ") || "nothing"} instead of ${undisturbed.changes.join(", ")}`);
  }
  if (!isDeepStrictEqual(outcome.findings, undisturbed.findings)) differences.push("other findings");
  return differences;
}
