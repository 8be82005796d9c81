import { describe, expect, test } from "vitest";
import { hour } from "../../shared/instant.ts";
import { evaluate } from "../../shared/scaling/evaluate.ts";
import { sumSavings } from "../../shared/scaling/savings.ts";
import type { DecisionRecord, Verdict } from "../../shared/scaling/types.ts";
import { always, now, question } from "./questions.ts";

const { record } = evaluate(question({ cpu: always(50) }));

function decided(hours: number, verdict: Verdict, capacityBefore: number, capacityAfter: number): DecisionRecord {
  return {
    ...record,
    decision: { ...record.decision, at: now + hours * hour, verdict, capacityBefore, capacityAfter },
  };
}

function saved(acts: boolean, records: readonly DecisionRecord[], untilHours: number) {
  const sum = sumSavings(acts);
  records.forEach(sum.add);
  return sum.until(now + untilHours * hour);
}

describe("what scale-ins have saved", () => {
  test("is how much less there is than without them, until it is needed again", () => {
    const records = [decided(0, "in", 4, 3), decided(1, "in", 3, 2), decided(3, "out", 2, 3), decided(4, "out", 3, 4)];
    // One for an hour, two for two hours, one for an hour.
    expect(saved(true, records, 10)).toEqual({ hours: 6, scaleIns: 2, since: now });
  });

  test("grows until the end where nothing more happens", () => {
    expect(saved(true, [decided(0, "in", 4, 3)], 10).hours).toBe(10);
  });

  test("does not count what somebody else took away or added", () => {
    expect(saved(true, [decided(0, "hold", 4, 4), decided(1, "hold", 2, 2)], 10).hours).toBe(0);
    expect(saved(true, [decided(0, "in", 4, 3), decided(1, "hold", 6, 6)], 2).hours).toBe(2);
  });

  test("nor a change that did not come about", () => {
    expect(saved(true, [decided(0, "in", 4, 3), decided(1, "hold", 4, 4)], 10).hours).toBe(1);
  });

  test("is what the last advice would have saved where nothing is acted on", () => {
    const records = [decided(0, "in", 4, 3), decided(1, "in", 4, 3), decided(2, "out", 4, 5)];
    expect(saved(false, records, 10)).toEqual({ hours: 2, scaleIns: 2, since: now });
  });

  test("is nothing where nothing was decided", () => {
    expect(saved(true, [], 10)).toEqual({ hours: 0, scaleIns: 0, since: null });
  });
});
