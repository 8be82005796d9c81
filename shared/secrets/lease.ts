import type { Instant } from "../instant.ts";
import type { Ledger } from "../ledger/store.ts";
import { isHeld, type SecretRecord } from "./record.ts";
import { changeRecord } from "./records.ts";

/** One lease on a secret. */
export interface Lease {
  ledger: Ledger;
  arn: string;
  now: () => Instant;
  pause: (attempt: number) => Promise<void>;
  /** Whoever dies with it holds the secret for so long. */
  forMs: number;
  /** Whether somebody may be at a rotation: then it is not taken. */
  isRotated: (record: SecretRecord, now: Instant) => boolean;
}

/**
 * Does something while no rotation may begin and nobody else retires, repairs or rolls back: they would change the same user. "held"
 * when somebody is at it.
 */
export async function holding<Outcome>(lease: Lease, act: () => Promise<Outcome>): Promise<Outcome | "held"> {
  const { ledger, arn, now, pause, forMs, isRotated } = lease;
  const until = now() + forMs;
  let isTaken = false;
  const take = (record: SecretRecord): SecretRecord | null => {
    isTaken = !isHeld(record, now()) && !isRotated(record, now());
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

/** Whoever took it meanwhile keeps it. */
function freed(record: SecretRecord, until: Instant): SecretRecord | null {
  return record.retiringUntil === until ? { ...record, retiringUntil: null } : null;
}
