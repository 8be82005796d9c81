import { hour, type Instant } from "../instant.ts";
import type { DecisionRecord } from "./types.ts";

/** What scaling in has saved, in hours of one unit of capacity. */
export interface Savings {
  hours: number;
  /** Scale-ins that were counted. */
  scaleIns: number;
  /** Since when decisions are known; null where there are none. */
  since: Instant | null;
}

export interface SavingsSum {
  add(record: DecisionRecord): void;
  until(end: Instant): Savings;
}

/**
 * Adds up decisions in the order of their time. Where they were acted on, what is saved at an instant is how much less there is than
 * there would be if nothing had ever been scaled in; where they were only recommended, by how much the last of them would have left less.
 */
export function sumSavings(acts: boolean): SavingsSum {
  let since: Instant | null = null;
  let last: Instant | null = null;
  let without = 0;
  let capacity: number | null = null;
  let saved = 0;
  let hours = 0;
  let scaleIns = 0;
  let begun: { before: number; after: number } | null = null;
  const pass = (to: Instant) => {
    if (last !== null) hours += (Math.max(0, saved) * (to - last)) / hour;
    last = to;
  };
  return {
    add({ decision }) {
      const { at, verdict, capacityBefore, capacityAfter } = decision;
      since ??= at;
      pass(at);
      if (capacityBefore === null || capacityAfter === null) return;
      // A change that did not come about has saved nothing.
      if (begun !== null && begun.before === capacityBefore && begun.after !== capacityBefore) capacity = begun.before;
      // Somebody else's change is nothing that was saved: what there would be without us changes by as much.
      if (capacity !== null && acts) without += capacityBefore - capacity;
      else without = capacityBefore;
      capacity = acts ? capacityAfter : capacityBefore;
      begun = { before: capacityBefore, after: capacityAfter };
      if (verdict === "in") scaleIns += 1;
      if (verdict === "out") without = Math.max(without, capacityAfter);
      saved = acts
        ? without - capacity
        : verdict === "in"
          ? capacityBefore - capacityAfter
          : verdict === "out"
            ? 0
            : saved;
    },
    until(end) {
      pass(end);
      return { hours, scaleIns, since };
    },
  };
}
