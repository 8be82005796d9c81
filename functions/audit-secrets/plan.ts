import { day, hour, type Instant, minute } from "../../shared/instant.ts";
import { isRotated, oldestBirth } from "../../shared/secrets/record.ts";
import { kindTag, strategyTag } from "../../shared/secrets/tags.ts";
import { type AuditPolicy, timingOf } from "./decide.ts";
import { exemptionOf, kindOf } from "./kind.ts";
import type { Observed } from "./observed.ts";
import { attachedDays } from "./rotation-rules.ts";

/** By this tag a secret says which database host it is for, which no list tells. */
export const hostTag = "nightshift:host";

/** What is to be done with a secret, so that it is rotated in time. */
export type Action =
  | { type: "attach"; arn: string; days: number }
  /** `host` is null where no database has to bear it. */
  | { type: "start"; arn: string; host: string | null; dueAt: Instant };

/** Null when nothing is to be done now. Only a secret that is tagged is ever touched. */
export function actionFor(
  observed: Observed,
  now: Instant,
  policy: AuditPolicy,
  rotateFunction: string,
): Action | null {
  const { secret, record } = observed;
  const { arn, rotation } = secret;
  const kind = kindOf(secret, policy.policy);
  if (kind.name === null || !kind.tagged || exemptionOf(secret, policy.region, now, policy.policy) !== null)
    return null;
  const strategy = secret.tags[strategyTag];
  if (strategy !== undefined && !policy.strategies.includes(strategy)) return null;
  if (secret.pending !== null && secret.pending !== secret.current) return null;
  if (rotation === null) {
    return kind.intervalDays === null
      ? null
      : { type: "attach", arn, days: attachedDays(kind.intervalDays, policy.policy) };
  }
  // Another function's schedule is its own, and while a previous credential must work on there is no third.
  const isBusy =
    Math.max(record?.graceUntil ?? 0, record?.retiringUntil ?? 0) > now || isUnderway(observed, now, policy);
  if (rotation.lambda !== rotateFunction || isBusy) return null;
  const { dueAt } = timingOf(observed, now, policy.policy);
  if (dueAt === null || now < dueAt - jitterMs(arn)) return null;
  // Where only an older credential is due, which is not retired yet, another rotation would not help.
  const bornAt = record?.live.find(({ version }) => version === secret.current)?.bornAt ?? null;
  const oldest = record === null ? null : oldestBirth(record, secret.current);
  if (bornAt !== null && oldest !== null && now < dueAt + (bornAt - oldest) - jitterMs(arn)) return null;
  return { type: "start", arn, host: hostOf(observed), dueAt };
}

/** Whether somebody may be at it this moment: as long as heal-rotations leaves it alone. */
export function isUnderway({ record }: Observed, now: Instant, { policy }: AuditPolicy): boolean {
  return record !== null && isRotated(record, now, policy.healRotations.stuckAfterMinutes * minute);
}

/**
 * The tag says it, or whoever rotated it before has noted which secrets share one. A database whose host nobody knows shares one place with all others of
 * which that is so: then too few are rotated at a time, and never too many on one host.
 */
export function hostOf({ secret, record }: Observed): string | null {
  const known = secret.tags[hostTag] ?? record?.place ?? null;
  if (known !== null) return known;
  const isDatabase = databases.test(secret.tags[strategyTag] ?? "") || secret.tags[kindTag] === "database-password";
  return isDatabase ? unknownHost : null;
}

const databases = /^(postgres|mysql|mariadb|redis)-/;
const unknownHost = "unknown";

/**
 * The same for an ARN each time: what was made in one minute is rotated over most of a day. Never so late that a rotation which
 * fails once or twice would be too late.
 */
export function jitterMs(arn: string): number {
  let hash = 0x811c9dc5;
  for (const character of arn) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  // FNV-1a: its high bits differ little between texts that differ at their end.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return leastMs + (hash % (day - leastMs));
}

const leastMs = 4 * hour;

/** The longest due first, and of one host no more at a time than it bears. `underway` counts those that are being rotated. */
export function admitted(actions: readonly Action[], underway: ReadonlyMap<string, number>, perHost: number): Action[] {
  const places = new Map(underway);
  const ordered = actions.toSorted((left, right) => byUrgency(left, right) || (left.arn < right.arn ? -1 : 1));
  return ordered.filter((action) => {
    if (action.type === "attach" || action.host === null) return true;
    const taken = places.get(action.host) ?? 0;
    if (taken >= perHost) return false;
    places.set(action.host, taken + 1);
    return true;
  });
}

/** What is due before what is only attached. */
function byUrgency(left: Action, right: Action): number {
  if (left.type === "start" && right.type === "start") return left.dueAt - right.dueAt;
  return Number(left.type === "attach") - Number(right.type === "attach");
}
