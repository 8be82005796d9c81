import type { Configuration } from "../../shared/configuration/schema.ts";
import { day, hour, type Instant, minute } from "../../shared/instant.ts";
import type { SecretRecord, Succession } from "../../shared/secrets/record.ts";
import { type Stages, versionAt, wasCurrent } from "../../shared/secrets/stages.ts";

/** What became of the promotion that a succession announced. */
export type Outcome =
  | "promoted"
  /** It may still come. */
  | "awaited"
  /** Whoever was to do it died before. */
  | "never"
  | "rolled back"
  /** It was promoted, and since then somebody has stored another value by hand. */
  | "superseded";

export function outcomeOf(
  { from, to, at, told }: Succession,
  stages: Stages,
  now: Instant,
  { stuckAfterMinutes }: { stuckAfterMinutes: number },
): Outcome {
  const current = versionAt({ stages }, "AWSCURRENT");
  if (current === to) return "promoted";
  if (wasCurrent({ stages }, to)) return current !== null && current === from ? "rolled back" : "superseded";
  // Whoever told of it had done it; two values that were stored since then have taken its last label.
  if (told) return "superseded";
  return now - at < stuckAfterMinutes * minute ? "awaited" : "never";
}

/** When it is tried again after so many attempts in vain: the pauses double, up to six hours. */
export function nextTry(attempts: number, now: Instant): Instant {
  return now + Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, attempts - 1));
}

const firstPauseMs = 5 * minute;
const longestPauseMs = 6 * hour;

/** Somebody is told after three attempts in vain, and at once where the credential comes near the age that its kind allows. */
export function isAlarming(
  { kind, from }: Succession,
  attempts: number,
  record: SecretRecord,
  now: Instant,
  { secrets }: Pick<Configuration, "secrets">,
): boolean {
  if (attempts >= 3) return true;
  const days = Object.hasOwn(secrets.kinds, kind) ? (secrets.kinds[kind]?.rotateDays ?? null) : null;
  const bornAt = record.live.find(({ version }) => version === from)?.bornAt ?? null;
  return days !== null && bornAt !== null && now >= bornAt + days * day - hour;
}
