import type { AlarmState, Transition } from "../delivery/types.ts";
import { seenKey } from "../incident/rows.ts";
import { day, type Instant, second } from "../instant.ts";
import { expiry, json, parse, type Row } from "../ledger/rows.ts";

/** A transition as every door tells it; the mute is not part of it, because only one door knows of it. */
export type Seen = Pick<Transition, "state" | "previous" | "at">;

export function seenFrom(row: Row | null): Seen[] {
  return row === null ? [] : parse<Seen[]>(row);
}

/** The same transition among those seen. Whole-second stamps match any in their second, and a previous state that is not told matches any. */
export function twinOf(seen: readonly Seen[], { state, previous, at }: Seen): Seen | null {
  const twin = seen.find(
    (each) => each.state === state && sameStamp(each.at, at) && samePrevious(each.previous, previous),
  );
  return twin ?? null;
}

export function seenRow(arn: string, source: string, at: Instant, words: readonly Seen[], now: Instant): Row {
  return { ...seenKey(arn, source, at), body: json(words.slice(-maximumWords)), ...expiry(now + rememberedFor) };
}

/** The queue and its dead letters can hold a delivery back for 28 days. */
export const rememberedFor = 30 * day;
/** An alarm does not change oftener than that in a second. */
const maximumWords = 20;

function sameStamp(left: Instant, right: Instant): boolean {
  if (left === right) return true;
  const isWhole = left % second === 0 || right % second === 0;
  return isWhole && Math.floor(left / second) === Math.floor(right / second);
}

function samePrevious(left: AlarmState | null, right: AlarmState | null): boolean {
  return left === null || right === null || left === right;
}
