/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** ISO 8601, UTC, milliseconds: sorts as text in time order. */
export function iso(at: Instant): string {
  return new Date(at).toISOString();
}

/** The least whole UTC minute that is not before `at`. */
export function minuteAtOrAfter(at: Instant): Instant {
  return Math.ceil(at / minute) * minute;
}
