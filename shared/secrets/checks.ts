import { failureOf } from "./aws.ts";
import type { Check } from "./strategy.ts";

/** What we may not look at is no reason why a rotation would fail; whatever else is thrown comes through. */
export function unseen(what: string, error: unknown, service: string): Check {
  const refusal = failureOf(error, service);
  if (refusal === null) throw error;
  return notLookedAt(what, refusal.message);
}

export function notLookedAt(what: string, why: string): Check {
  return { what, seen: `not looked at: ${why}`, failure: null, isUnknown: true };
}
