import { typed } from "../../shared/secrets/aws.ts";
import { type Described, describe } from "../../shared/secrets/described.ts";
import { type Failure, failure, isFailure } from "../../shared/secrets/failure.ts";
import { readVersion } from "../../shared/secrets/reading.ts";
import { died, type Succession } from "../../shared/secrets/record.ts";
import { changeRecord, readRecord } from "../../shared/secrets/records.ts";
import { versionAt } from "../../shared/secrets/stages.ts";
import type { Rotation, Strategy } from "../../shared/secrets/strategy.ts";
import type { Value } from "../../shared/secrets/value.ts";
import { holdingSecret } from "./lease.ts";
import { rotationBegun } from "./rotation.ts";
import { outcomeOf } from "./stages.ts";
import type { Sweep } from "./sweep.ts";

/**
 * Makes the previous credential fail, and proves it by two logins. "held" while a rotation is under way, or somebody else is at
 * it. Dead is also what was never there, and what a login proves to have died otherwise.
 */
export async function retire(sweep: Sweep, succession: Succession): Promise<"dead" | "held" | Failure> {
  const { arn, from } = succession;
  if (from === null) return "dead";
  return await holdingSecret<"dead" | Failure>(sweep, arn, async () => {
    // Looked at again, because only now nobody else changes it: a person may have rolled it back a moment ago.
    const held = await typed("AWS", () => describe(sweep.outside.secrets, arn));
    if (isFailure(held)) return held;
    const failed = await typed("AWS", () => retireHeld(sweep, succession, from, held));
    if (failed !== null) return failed;
    const dead = [from, ...(await otherDead(sweep, succession, held))];
    await changeRecord(sweep.ledger, arn, (record) => dead.reduce(died, record), sweep.pause);
    return "dead";
  });
}

/**
 * Versions whose label was taken by hand are retired by nobody. One that never had a value, or that a login proves to be dead, is
 * not to count for the age of what still works.
 */
async function otherDead(
  sweep: Sweep,
  { arn, name, kind, from, to, strategy: wanted }: Succession,
  { tags, stages }: Pick<Described, "tags" | "stages">,
): Promise<string[]> {
  const { outside, ledger } = sweep;
  const { live, underway } = await readRecord(ledger, arn);
  const forgotten = live.map(({ version }) => version).filter((version) => !Object.hasOwn(stages, version));
  const others = forgotten.filter((version) => version !== from && version !== underway?.version);
  if (others.length === 0) return [];
  const strategy = await sweep.strategyNamed(wanted);
  if (isFailure(strategy)) return [];
  const rotation = await rotationBegun(sweep, { arn, name, kind, tags }, to);
  const dead: string[] = [];
  for (const version of others) {
    const value = await readVersion(outside, arn, version);
    if (isFailure(value)) continue;
    const refusal = value === null ? null : await typed("AWS", () => strategy.login(rotation, value));
    if (value === null || refusal?.failed === "authentication") dead.push(version);
  }
  return dead;
}

async function retireHeld(
  sweep: Sweep,
  succession: Succession,
  from: string,
  { tags, stages }: Pick<Described, "tags" | "stages">,
): Promise<Failure | null> {
  const { outside, configuration, now } = sweep;
  const { arn, name, kind, to } = succession;
  const outcome = outcomeOf(succession, stages, now(), configuration.healRotations);
  if (outcome !== "promoted" && outcome !== "superseded") return moved;
  const current = versionAt({ stages }, "AWSCURRENT");
  if (current === null) return moved;
  const strategy = await sweep.strategyNamed(succession.strategy);
  if (isFailure(strategy)) return strategy;
  const dead = await readVersion(outside, arn, from, outcome === "promoted" ? "AWSPREVIOUS" : undefined);
  if (isFailure(dead)) return dead;
  if (dead === null) return gone;
  const alive = await readVersion(outside, arn, current, "AWSCURRENT");
  if (isFailure(alive)) return alive;
  if (alive === null) return moved;
  if (dead.text === alive.text) return same;
  const rotation = await rotationBegun(sweep, { arn, name, kind, tags }, to);
  return outcome === "promoted"
    ? await kill(strategy, rotation, dead, alive)
    : await proveDead(strategy, rotation, dead);
}

/** Never while nothing proves that the current credential works: else nobody could get in any more. */
async function kill(strategy: Strategy, rotation: Rotation, dead: Value, current: Value): Promise<Failure | null> {
  const before = await strategy.login(rotation, current);
  if (before !== null) return { ...before, message: `the current credential does not work: ${before.message}` };
  const failed = await strategy.retire(rotation, dead, current);
  if (failed !== null) return failed;
  const after = await strategy.login(rotation, current);
  if (after !== null) return { ...after, message: `the current credential does not work now: ${after.message}` };
  return await proveDead(strategy, rotation, dead);
}

async function proveDead(strategy: Strategy, rotation: Rotation, dead: Value): Promise<Failure | null> {
  const refusal = await strategy.login(rotation, dead);
  if (refusal?.failed === "authentication") return null;
  if (refusal !== null) return refusal;
  return strategy.provesDeath === false || (await worksAlways(strategy, rotation, dead)) ? null : stillWorks;
}

/** Where nothing can be tried, nonsense works as well, and a login proves nothing. */
async function worksAlways(strategy: Strategy, rotation: Rotation, { version, createdAt }: Value): Promise<boolean> {
  return (await strategy.login(rotation, { version, createdAt, text: "{}" })) === null;
}

const stillWorks = failure(
  "service",
  "it still works",
  "make it fail by hand where it is valid; heal-rotations notices it by itself",
);
const gone = failure(
  "policy",
  "its value is not kept any more, so nobody can try whether it works",
  "make sure by hand that it is dead where it was valid, then rotate the secret again",
);
const same = failure(
  "policy",
  "both versions hold the same value, so it cannot fail without the current one",
  "rotate the secret again: nightshift rotate",
);
const moved = failure(
  "policy",
  "somebody has changed the secret meanwhile",
  "nothing is to be done: heal-rotations looks again by itself",
);
