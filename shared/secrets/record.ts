import type { Instant } from "../instant.ts";

/**
 * What nobody but us knows of a secret: which credentials may still work, and since when. AWS tells no version's date in a list,
 * and of no credential that it died.
 */
export interface SecretRecord {
  arn: string;
  /** The versions whose credentials may still work. A birth that nobody recorded is null. */
  live: readonly Live[];
  /** The rotation that is under way, or that broke off. */
  underway: Underway | null;
  /** Until then the credential before the current one must go on working; null when there is none. */
  graceUntil: Instant | null;
  /** While a previous credential is made to fail, no rotation may begin: they would change the same user. */
  retiringUntil: Instant | null;
  /** Tells secrets of the same host from those of others, without naming it; null when nobody has seen it yet. */
  place: string | null;
  /** What failed last, until a rotation succeeds. Never part of a value. */
  failed: { step: string; reason: string; message: string; remedy: string; at: Instant } | null;
}

export interface Live {
  version: string;
  bornAt: Instant | null;
}

export interface Underway {
  version: string;
  bornAt: Instant;
  /** When a step was last begun: somebody may still be at it. */
  touchedAt: Instant;
  notes: Readonly<Record<string, string>>;
}

/** A secret of which nothing is known but its current version. */
export function blankSecretRecord(arn: string): SecretRecord {
  return { arn, live: [], underway: null, graceUntil: null, retiringUntil: null, place: null, failed: null };
}

/** Whether somebody is at it who retires, repairs or rolls back. */
export function isHeld({ retiringUntil }: SecretRecord, now: Instant): boolean {
  return retiringUntil !== null && retiringUntil > now;
}

/** Whether somebody may still be at the rotation that the record tells of. */
export function isRotated({ underway }: SecretRecord, now: Instant, withinMs: number): boolean {
  return underway !== null && now - underway.touchedAt < withinMs;
}

/** A step of a rotation begins. The credential may work from the first of them on. */
export function touched(record: SecretRecord, version: string, now: Instant): SecretRecord {
  const before = record.underway?.version === version ? record.underway : { version, bornAt: now, notes: {} };
  const isKnown = record.live.some((live) => live.version === version);
  return {
    ...record,
    live: isKnown ? record.live : [...record.live, { version, bornAt: before.bornAt }],
    underway: { ...before, touchedAt: now },
  };
}

export function noted(record: SecretRecord, notes: Readonly<Record<string, string>>): SecretRecord {
  const { underway } = record;
  return underway === null ? record : { ...record, underway: { ...underway, notes: { ...underway.notes, ...notes } } };
}

/** `version` is what everybody gets from now on; `from` works on until `retireAt`, and then is retired. */
export function promoted(
  record: SecretRecord,
  { version, from, retireAt }: { version: string; from: string | null; retireAt: Instant },
): SecretRecord {
  const isKnown = from === null || record.live.some((live) => live.version === from);
  const live = isKnown ? record.live : [{ version: from, bornAt: null }, ...record.live];
  const underway = record.underway?.version === version ? null : record.underway;
  return { ...record, live, underway, graceUntil: from === null ? null : retireAt, failed: null };
}

/** Its credential works no more. */
export function died(record: SecretRecord, version: string): SecretRecord {
  const underway = record.underway?.version === version ? null : record.underway;
  const live = record.live.filter((each) => each.version !== version);
  return { ...record, live, underway, graceUntil: live.length > 1 ? record.graceUntil : null };
}

/**
 * When the oldest credential that may still work was born; null when the record cannot say it: a birth is missing, or what AWS
 * calls current is not among them, because somebody has stored a value by hand.
 */
export function oldestBirth({ live }: SecretRecord, current: string | null): Instant | null {
  if (current === null || !live.some(({ version }) => version === current)) return null;
  const births = live.map(({ bornAt }) => bornAt);
  return births.reduce((oldest, birth) => (oldest === null || birth === null ? null : Math.min(oldest, birth)));
}

/**
 * From one version to the next: what is still to be done after a promotion. Written before it, so that whoever promoted may die;
 * one whose promotion never happened is dropped.
 */
export interface Succession {
  arn: string;
  name: string;
  kind: string;
  strategy: string;
  from: string | null;
  to: string;
  /** When the promotion was begun. */
  at: Instant;
  /** The previous credential is made to fail from then on. */
  retireAt: Instant;
  /** What is done. */
  told: boolean;
  refreshed: boolean;
  retired: boolean;
  /** When its readers began to be deployed anew: a deployment that was made since then has read the new value. */
  refreshFrom?: Instant;
  /** Those of its readers that were told to deploy anew. */
  deployed?: readonly string[];
  /** When the previous credential was proven dead. */
  retiredAt?: Instant;
  /** How often in a row it was tried in vain. */
  attempts?: number;
  /** The rules under which a finding about it stands, or is about to. */
  raised?: readonly SuccessionRule[];
  /** Why nothing of it is to be done any more, although not all was done. */
  ended?: string;
}

export type SuccessionRule = "retire-failed" | "refresh-failed";
