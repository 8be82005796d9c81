import type { Configuration } from "../../shared/configuration/schema.ts";
import { day, type Instant, iso, minute } from "../../shared/instant.ts";
import { quoted } from "../../shared/text.ts";
import { type Found, inDays, type Trouble } from "./found.ts";
import type { Kind } from "./kind.ts";
import type { Observed, Secret } from "./observed.ts";
import { type Pace, paceOf } from "./schedule.ts";
import { intervalTiming, leadMs, oldestOf } from "./verdict.ts";

// Whether a secret is rotated, often enough, and to the end.

/** What concerns a secret that is rotated at an interval. */
export function ofInterval(
  observed: Observed,
  kind: KnownKind,
  now: Instant,
  policy: Configuration,
): (Trouble | null)[] {
  const { secret } = observed;
  const intervalDays = kind.intervalDays ?? 0;
  return [
    secret.rotation === null ? noRotation(secret, kind.name, intervalDays, policy) : null,
    secret.rotation === null ? null : scheduleTrouble(secret, secret.rotation.rules, intervalDays, policy),
    overdue(observed, intervalDays, now, policy),
  ];
}

type KnownKind = Extract<Kind, { name: string }>;

function noRotation({ arn }: Secret, kind: string, intervalDays: number, policy: Configuration): Trouble {
  return {
    rule: "no-rotation",
    message: `rotation is not enabled; a secret of the kind ${kind} is rotated every ${intervalDays} days`,
    remedy: `aws secretsmanager rotate-secret --secret-id ${arn} --rotation-lambda-arn ROTATE_FUNCTION --rotation-rules AutomaticallyAfterDays=${attachedDays(intervalDays, policy)} --no-rotate-immediately (ROTATE_FUNCTION is the output RotateFunction)`,
  };
}

/** How many days a rotation is set to, so that the previous credential is dead before the interval ends. */
export function attachedDays(intervalDays: number, policy: Configuration): number {
  return Math.min(1_000, Math.max(1, Math.floor(intervalDays - leadMs(policy) / day)));
}

function scheduleTrouble(
  { arn }: Secret,
  rules: NonNullable<Secret["rotation"]>["rules"],
  intervalDays: number,
  policy: Configuration,
): Trouble | null {
  const pace = paceOf(rules);
  const stated = rules.expression ?? `every ${rules.afterDays} days`;
  const remedy = `aws secretsmanager rotate-secret --secret-id ${arn} --rotation-rules AutomaticallyAfterDays=${attachedDays(intervalDays, policy)} --no-rotate-immediately`;
  const cannot: Pick<Found, "rule" | "remedy"> = { rule: "schedule-cannot-keep-interval", remedy };
  if (pace === null && rules.expression === null) return null;
  if (pace === null) return { ...cannot, message: `nobody can say how often ${quoted(stated)} comes` };
  if (pace.longestGapMs > intervalDays * day) {
    const message = `its schedule (${stated}) leaves ${inDays(pace.longestGapMs)} between two rotations; ${intervalDays} days are allowed`;
    return { rule: "interval-too-long", message, remedy };
  }
  const longest = lifeOf(pace, policy);
  if (longest <= intervalDays * day) return null;
  const message = `its schedule (${stated}), its window, the grace and one cadence let a credential live ${inDays(longest)}; ${intervalDays} days are allowed`;
  return { ...cannot, message };
}

/** How old a credential can become. */
function lifeOf({ longestGapMs, windowMs }: Pace, policy: Configuration): number {
  return longestGapMs + windowMs + leadMs(policy);
}

function overdue(observed: Observed, intervalDays: number, now: Instant, policy: Configuration): Trouble | null {
  if (intervalTiming(observed, intervalDays, now, policy).verdict !== "OVERDUE") return null;
  const { basis, at } = oldestOf(observed);
  const { secret } = observed;
  const proven = basis === "recorded" ? at : Math.max(secret.createdAt, secret.changedAt ?? 0, secret.rotatedAt ?? 0);
  const least = basis === "recorded" ? "" : "at least ";
  const command = `aws secretsmanager rotate-secret --secret-id ${secret.arn}`;
  return {
    rule: "overdue",
    message: `its oldest credential that may still work is ${least}${inDays(now - proven)} old; ${intervalDays} days are allowed`,
    remedy: secret.rotation === null ? `enable its rotation, or store a new value; then kill the old one` : command,
  };
}

export function nextRotationPast({ arn, rotation }: Secret, now: Instant): Trouble | null {
  if (rotation === null || rotation.nextAt === null) return null;
  const late = now - rotation.nextAt;
  // A list may lag, and show a rotation that has been made meanwhile as still to come.
  const allowed = (paceOf(rotation.rules)?.windowMs ?? 0) + listLagMs;
  if (late <= allowed) return null;
  return {
    rule: "next-rotation-past",
    message: `it should have been rotated by ${iso(rotation.nextAt)}, which is ${inDays(late)} ago`,
    remedy: `see the log of its rotation function for why it fails; then aws secretsmanager rotate-secret --secret-id ${arn}`,
  };
}

export const listLagMs = 5 * minute;

export function stuckPending(
  { secret, record }: Observed,
  seenAt: Instant | null,
  now: Instant,
  policy: Configuration,
): Trouble | null {
  const { pending, current, changedAt, arn } = secret;
  if (pending === null || pending === current) return null;
  const { stuckAfterMinutes } = policy.healRotations;
  const underway = record?.underway?.version === pending ? record.underway : null;
  const since = underway?.touchedAt ?? Math.min(seenAt ?? now, changedAt ?? now);
  if (now - since <= stuckAfterMinutes * minute) return null;
  return {
    rule: "stuck-pending",
    message: `a rotation has been unfinished for ${inDays(now - since)}, and no other can begin; ${stuckAfterMinutes} minutes are allowed`,
    remedy: `let heal-rotations mend it (healRotations.mode: act), or find out which credential works and remove the stage: aws secretsmanager update-secret-version-stage --secret-id ${arn} --version-stage AWSPENDING --remove-from-version-id ${pending}`,
  };
}
