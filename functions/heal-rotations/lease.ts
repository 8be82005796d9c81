import { type Instant, minute, second } from "../../shared/instant.ts";
import type { SecretRecord } from "../../shared/secrets/record.ts";
import { changeRecord } from "../../shared/secrets/records.ts";
import type { Sweep } from "./sweep.ts";

/**
 * Does something while no rotation may begin and nobody else retires or repairs: they would change the same user. "held" when
 * somebody is at it.
 */
export async function holding<Outcome>(
  sweep: Sweep,
  arn: string,
  isLive: (record: SecretRecord) => boolean,
  act: () => Promise<Outcome>,
): Promise<Outcome | "held"> {
  const { ledger, now, pause, configuration } = sweep;
  const until = now() + configuration.healRotations.timeoutSeconds * second;
  let isTaken = false;
  const take = (record: SecretRecord): SecretRecord | null => {
    isTaken = !isRetiring(record, now()) && !isLive(record);
    return isTaken ? { ...record, retiringUntil: until } : null;
  };
  await changeRecord(ledger, arn, take, pause);
  if (!isTaken) return "held";
  try {
    return await act();
  } finally {
    await changeRecord(ledger, arn, (record) => freed(record, until), pause);
  }
}

/** Whether somebody is at it who has taken the lease. */
export function isRetiring({ retiringUntil }: SecretRecord, now: Instant): boolean {
  return retiringUntil !== null && retiringUntil > now;
}

/** Whoever took it meanwhile keeps it. */
function freed(record: SecretRecord, until: Instant): SecretRecord | null {
  return record.retiringUntil === until ? { ...record, retiringUntil: null } : null;
}

/** Whether somebody may still be at the rotation that the record tells of. */
export function isLiveRotation({ underway }: SecretRecord, now: Instant, stuckAfterMinutes: number): boolean {
  return underway !== null && now - underway.touchedAt < stuckAfterMinutes * minute;
}
