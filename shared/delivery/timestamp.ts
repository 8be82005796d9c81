import type { Instant } from "../instant.ts";

/**
 * A timestamp as AWS writes it: `2026-01-01T10:00:04Z`, `…04.989+0000`, `…04.989123+00:00`. What is finer than a
 * millisecond is cut off. Null for anything else, for a day that does not exist, and outside the years 2000 to 2200:
 * a stamp that absurd would hold up every later transition as stale.
 */
export function parseTimestamp(text: unknown): Instant | null {
  const match = typeof text === "string" && text.length <= 64 ? pattern.exec(text) : null;
  if (match === null) return null;
  const [, date = "", time = "", fraction = "", sign, hours = "0", minutes = "0"] = match;
  const local = Date.parse(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, "0")}Z`);
  // Date.parse lets a 30 February through as 1 March.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(`${date}T${time}`)) return null;
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return plausible(sign === "-" ? local + offset : local - offset);
}

/** Milliseconds since the epoch, written as text or number, as SQS stamps its messages. */
export function parseEpochMilliseconds(value: unknown): Instant | null {
  const milliseconds = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isInteger(milliseconds) ? plausible(Number(milliseconds)) : null;
}

const pattern = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):?(\d\d))$/;
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2201, 0, 1) - 1;

function plausible(at: Instant): Instant | null {
  return at >= earliest && at <= latest ? at : null;
}
