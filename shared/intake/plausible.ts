import { type Instant, minute } from "../instant.ts";
import type { Receiver } from "./receiver.ts";

/** No clock is far ahead of ours: a stamp from the future would make all that follows it stale. */
export function plausible({ now }: Pick<Receiver, "now">, at: Instant): Instant {
  return Math.min(at, now() + aheadOfUs);
}

const aheadOfUs = 5 * minute;
