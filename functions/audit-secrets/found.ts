import { day, hour, type Instant, iso } from "../../shared/instant.ts";
import type { SecretRule } from "../../shared/secrets/rules.ts";
import type { Severity } from "../../shared/severity.ts";

/** What is wrong with one resource, by one rule. */
export interface Found {
  rule: SecretRule;
  severity: Severity;
  /** The number, and the limit. */
  message: string;
  /** What to do. */
  remedy: string;
}

/** A severity of its own, where it is not the one of the configuration. */
export type Trouble = Omit<Found, "severity"> & { severity?: Severity };

/** When a certificate ends, as seen from now. */
export function ending(notAfter: Instant, now: Instant): string {
  const left = notAfter - now;
  return left < 0 ? `it expired ${inDays(-left)} ago` : `it expires in ${inDays(left)}, at ${iso(notAfter)}`;
}

/** A length of time, as people compare it with days: 91.5 days, 3.2 hours. */
export function inDays(milliseconds: number): string {
  if (milliseconds === Number.POSITIVE_INFINITY) return "forever";
  if (milliseconds < 2 * day) return `${tenths(milliseconds / hour)} hours`;
  return `${tenths(milliseconds / day)} days`;
}

function tenths(number: number): number {
  return Math.floor(number * 10) / 10;
}
