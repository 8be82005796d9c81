import type { Described } from "../../shared/secrets/described.ts";
import { type Failure, isFailure } from "../../shared/secrets/failure.ts";
import { promote, takePending } from "../../shared/secrets/promote.ts";
import { readStage } from "../../shared/secrets/reading.ts";
import { died } from "../../shared/secrets/record.ts";
import { changeRecord } from "../../shared/secrets/records.ts";
import { versionAt } from "../../shared/secrets/stages.ts";
import type { Repair } from "./decide.ts";
import type { Sight } from "./evidence.ts";
import type { Sweep } from "./sweep.ts";

/** Does what was decided. A failure says why it could not be done; then the secret stays as it is. */
export async function repair(
  sweep: Sweep,
  described: Described,
  pendingVersion: string,
  sight: Sight,
  { type }: Repair,
): Promise<Failure | null> {
  switch (type) {
    case "promote":
      return await forward(sweep, described, pendingVersion, sight);
    case "abandon":
      return await abandon(sweep, described, pendingVersion, sight);
    default:
      return type satisfies never;
  }
}

/**
 * While the current credential works nobody is in need: then the pending one must do all that the current one does, and not only
 * log in.
 */
async function forward(
  sweep: Sweep,
  described: Described,
  pendingVersion: string,
  { rotation, strategy, pending, current, evidence }: Sight,
): Promise<Failure | null> {
  if (isFailure(strategy)) return strategy;
  const { arn } = described;
  if (evidence.current.is === "works" && pending !== null && !isFailure(pending)) {
    if (current === null || isFailure(current)) return current;
    const previous = await readStage(sweep.outside, arn, "AWSPREVIOUS");
    if (isFailure(previous)) return previous;
    const versions = { current, pending, previous };
    // Whoever set it may have died in the middle: what is there already is left as it is, and what is missing is added.
    const failed = (await strategy.set(rotation, versions)) ?? (await strategy.test(rotation, versions));
    if (failed !== null) return { ...failed, message: `the pending credential is not complete: ${failed.message}` };
  }
  const { graceHours } = sweep.configuration.secrets;
  const from = versionAt(described, "AWSCURRENT");
  const promotion = { secret: rotation.secret, strategy: strategy.name, from, to: pendingVersion, graceHours };
  return await promote(promotion, { ...sweep, secrets: sweep.outside.secrets });
}

/** What was made outside goes first, then what is known of it, then the label: whoever dies in between finds it still. */
async function abandon(
  { ledger, outside, pause }: Sweep,
  { arn }: Described,
  pendingVersion: string,
  { rotation, strategy, pending, current }: Sight,
): Promise<Failure | null> {
  if (isFailure(current)) return current;
  if (isFailure(pending)) return pending;
  if (current !== null) {
    if (isFailure(strategy)) return strategy;
    const failed = await strategy.abandon(rotation, pending, current);
    if (failed !== null) return failed;
  }
  await changeRecord(ledger, arn, (record) => died(record, pendingVersion), pause);
  await takePending(outside.secrets, arn, pendingVersion);
  return null;
}
