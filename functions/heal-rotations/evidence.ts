import type { Described } from "../../shared/secrets/described.ts";
import { type Failure, isFailure } from "../../shared/secrets/failure.ts";
import { readStage, readVersion } from "../../shared/secrets/reading.ts";
import { versionAt } from "../../shared/secrets/stages.ts";
import { strategyNameOf } from "../../shared/secrets/strategies.ts";
import type { Rotation, Strategy } from "../../shared/secrets/strategy.ts";
import { kindTag } from "../../shared/secrets/tags.ts";
import type { Value } from "../../shared/secrets/value.ts";
import { type Evidence, type Seen, wanted } from "./decide.ts";
import { rotationBegun } from "./rotation.ts";
import type { Sweep } from "./sweep.ts";

/** What was seen of a secret whose rotation is stuck, and what is needed to repair it. */
export interface Sight {
  evidence: Evidence;
  rotation: Rotation;
  /** Why there is none, where there is none. */
  strategy: Strategy | Failure;
  pending: Value | Failure | null;
  current: Value | Failure | null;
}

/** Reads what is there, and logs in with no more than it takes to decide. */
export async function look(sweep: Sweep, described: Described, pendingVersion: string): Promise<Sight> {
  const { arn, name, tags } = described;
  const { outside } = sweep;
  const currentVersion = versionAt(described, "AWSCURRENT");
  const rotation = await rotationBegun(sweep, { arn, name, kind: tags[kindTag] ?? "", tags }, pendingVersion);
  const pending = await readVersion(outside, arn, pendingVersion, "AWSPENDING");
  const current = currentVersion === null ? null : await readVersion(outside, arn, currentVersion, "AWSCURRENT");
  const strategy = await strategyFor(sweep, rotation, current, pending);
  const evidence: Evidence = { pending: { is: "empty" }, current: { is: "untried" }, previous: { is: "untried" } };
  const sight: Sight = { evidence, rotation, strategy, pending, current };
  if (pending !== null) evidence.pending = await tried(sight, pending);
  while (wanted(evidence) === "current") {
    evidence.current = currentVersion === null ? { is: "absent" } : await tried(sight, current);
  }
  while (wanted(evidence) === "previous") {
    const hasPrevious = versionAt(described, "AWSPREVIOUS") !== null;
    evidence.previous = hasPrevious
      ? await tried(sight, await readStage(outside, arn, "AWSPREVIOUS"))
      : { is: "absent" };
  }
  return sight;
}

/** Only a login that succeeds, or one that is refused for what was said, is evidence. */
async function tried({ strategy, rotation }: Sight, value: Value | Failure | null): Promise<Seen> {
  if (value === null) return { is: "empty" };
  if (isFailure(value)) return { is: "unknown", reason: value.failed };
  if (isFailure(strategy)) return { is: "unknown", reason: strategy.failed };
  const refusal = await strategy.login(rotation, value);
  if (refusal === null) return { is: "works" };
  return refusal.failed === "authentication" ? { is: "refused" } : { is: "unknown", reason: refusal.failed };
}

/** What suits the current value; what is only pending speaks where that cannot be read. */
async function strategyFor(
  { configuration, strategyNamed }: Sweep,
  { secret }: Rotation,
  ...values: (Value | Failure | null)[]
): Promise<Strategy | Failure> {
  const readable = values.find((value) => value !== null && !isFailure(value)) ?? null;
  const value = readable === null || isFailure(readable) ? { version: "", text: "", createdAt: 0 } : readable;
  const name = strategyNameOf(secret, value, configuration);
  return isFailure(name) ? name : await strategyNamed(name);
}
