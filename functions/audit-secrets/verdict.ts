import type { Configuration } from "../../shared/configuration/schema.ts";
import { cadenceMs } from "../../shared/incident/membership.ts";
import { day, hour, type Instant } from "../../shared/instant.ts";
import { oldestBirth } from "../../shared/secrets/record.ts";
import type { Lifetime, Observed } from "./observed.ts";

/** From best to worst, but for the last: that one is not judged. */
export const verdicts = ["OK", "DUE", "UNKNOWN", "OVERDUE", "EXEMPT"] as const;
export type Verdict = (typeof verdicts)[number];

/** When the oldest credential that may still work was born, or since when it can be at the earliest. */
export interface Oldest {
  at: Instant;
  basis: "recorded" | "bound";
}

/** What time says of one secret. */
export interface Timing {
  verdict: Exclude<Verdict, "EXEMPT">;
  dueAt: Instant | null;
}

export const operation = "audit-secrets";

/** A record counts where it knows every credential; else nobody can be older than the secret. */
export function oldestOf({ secret, record }: Pick<Observed, "secret" | "record">): Oldest {
  const at = record === null ? null : oldestBirth(record, secret.current);
  return at === null ? { at: secret.createdAt, basis: "bound" } : { at, basis: "recorded" };
}

/**
 * Of what is rotated at an interval. By a bound it is proven to be inside the interval, or proven to be outside, because the
 * current credential is at least as old as the last change; in between nobody knows, and that is never OK.
 */
export function intervalTiming(
  { secret, record }: Pick<Observed, "secret" | "record">,
  intervalDays: number,
  now: Instant,
  policy: Configuration,
): Timing {
  const oldest = oldestOf({ secret, record });
  const interval = intervalDays * day;
  const dueAt = oldest.at + interval - leadMs(policy);
  if (now - oldest.at <= interval) return { verdict: now >= dueAt ? "DUE" : "OK", dueAt };
  if (oldest.basis === "recorded") return { verdict: "OVERDUE", dueAt };
  const changedAt = Math.max(secret.createdAt, secret.changedAt ?? 0, secret.rotatedAt ?? 0);
  return { verdict: now - changedAt > interval ? "OVERDUE" : "UNKNOWN", dueAt };
}

/** So long before the interval's end a rotation is due: the previous credential lives on for the grace, and we look once a cadence. */
export function leadMs(policy: Configuration): number {
  return policy.secrets.graceHours * hour + cadenceMs(operation, policy);
}

/** Of what says itself when it ends. Its renewal is late a day after it was due. */
export function certificateTiming({ notAfter, lifetimeMs }: Lifetime, now: Instant, policy: Configuration) {
  const { renewDaysBefore, renewLifetimeDividedBy } = policy.secrets.certificates;
  const dueAt = notAfter - Math.min(renewDaysBefore * day, lifetimeMs / renewLifetimeDividedBy);
  const isLate = now > dueAt + lateAfterMs || now > notAfter;
  const verdict: Timing["verdict"] = isLate ? "OVERDUE" : now >= dueAt ? "DUE" : "OK";
  return { verdict, dueAt, isLate, isPressing: notAfter - now < pressingMs };
}

const lateAfterMs = 24 * hour;
/** With less than this left it is P1. */
const pressingMs = 7 * day;
