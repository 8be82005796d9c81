import { describe, expect, test } from "vitest";
import { day, minute } from "../../shared/instant.ts";
import { evaluate, replay } from "../../shared/scaling/evaluate.ts";
import type { Question } from "../../shared/scaling/types.ts";
import { always, lastly, now, question } from "./questions.ts";

const verdictOf = (asked: Question) => {
  const { verdict, reason } = evaluate(asked).record.decision;
  return reason === null ? verdict : `${verdict}: ${reason}`;
};

describe("out", () => {
  test.each([
    ["all of ten minutes are above", { cpu: lastly(50, ...always(71, 10)) }, "out"],
    ["nine minutes are not ten", { cpu: lastly(50, ...always(71, 9)) }, "hold: not-sustained"],
    ["equal is not above", { cpu: lastly(50, ...always(70, 10)) }, "hold"],
    ["two of ten may be missing", { cpu: lastly(50, null, null, ...always(71, 8)) }, "out"],
    ["three may not", { cpu: lastly(50, null, null, null, ...always(71, 7)) }, "hold: missing-data"],
    ["a single one that is not above is enough", { cpu: lastly(50, 70, ...always(99, 9)) }, "hold: not-sustained"],
    ["memory alone is enough", { cpu: always(1), memory: lastly(50, ...always(81, 10)) }, "out"],
    ["a queue needs two of three minutes", { queue: lastly(0, 101, 5, 101) }, "out"],
    ["whichever two", { queue: lastly(0, 101, 101, 5) }, "out"],
    ["one is not enough", { queue: lastly(0, 5, 5, 101) }, "hold: not-sustained"],
    ["a third that is missing changes nothing", { queue: lastly(0, 101, null, 101) }, "out"],
    ["one and two that are missing are not known", { queue: lastly(0, null, null, 101) }, "hold: missing-data"],
    ["out wins over in", { cpu: lastly(10, ...always(71, 10)), memory: always(10) }, "out"],
  ])("%s", (_, values, verdict) => {
    expect(verdictOf(question(values))).toBe(verdict);
  });
});

describe("in", () => {
  test.each([
    ["all of thirty minutes of all metrics are below", { cpu: always(20), memory: always(30), queue: always(0) }, "in"],
    ["equal is not below", { cpu: lastly(20, 30) }, "hold"],
    ["one metric alone is not enough", { cpu: always(20), memory: always(41) }, "hold"],
    ["one point that is missing forbids it", { cpu: [null, ...always(20, 29)] }, "hold: missing-data"],
    ["wherever it is missing", { cpu: [...always(20, 29), null] }, "hold: missing-data"],
    ["a metric that is configured and absent forbids it", { cpu: always(20), queue: always(null) }, "unknown"],
    ["no data at all says nothing", { cpu: always(null) }, "unknown"],
    ["low for less than thirty minutes", { cpu: [31, ...always(20, 29)] }, "hold: not-sustained"],
  ])("%s", (_, values, verdict) => {
    expect(verdictOf(question(values))).toBe(verdict);
  });

  test("is held when the rest would be too busy after it", () => {
    // 39.9 % of two is 79.8 % of one, and the limit is 80 less 5.
    const low = { cpu: always(20), memory: always(39.9) };
    expect(verdictOf(question(low, { facts: { capacity: 2 } }))).toBe("hold: projection");
    // 39.9 % of three is 59.85 % of two.
    expect(verdictOf(question(low, { facts: { capacity: 3 } }))).toBe("in");
  });

  test("is projected by the highest point, and the limit itself is too much", () => {
    const values = { cpu: lastly(1, 32.5, 1, 1) };
    // 32.5 is not below 30, so the rule's own threshold is moved here by a metric that is: 29.25 × 20 / 9 = 65.
    expect(verdictOf(question(values))).toBe("hold: not-sustained");
    const at = (value: number) => question({ cpu: lastly(1, value, 1) }, { facts: { capacity: 9 / 5 } });
    expect(verdictOf(at(28.88))).toBe("in");
    expect(verdictOf(at(28.89))).toBe("hold: projection");
  });

  test("does not leave nothing behind while there is load", () => {
    const one = { facts: { capacity: 1 }, bounds: { minimum: 0 } };
    expect(verdictOf(question({ cpu: always(0.1) }, one))).toBe("hold: projection");
    expect(verdictOf(question({ cpu: always(0) }, one))).toBe("in");
  });
});

describe("what a metric's absence means", () => {
  test("an idle queue is empty, as long as another metric shows that the target is seen", () => {
    const idle = { absence: "idle" } as const;
    expect(verdictOf(question({ cpu: always(20), queue: always(null) }, idle))).toBe("in");
    expect(verdictOf(question({ cpu: always(null), queue: always(null) }, idle))).toBe("unknown");
    // A queue that nothing else vouches for may as well be one whose name is wrong.
    expect(verdictOf(question({ queue: always(null) }, idle))).toBe("unknown");
    expect(verdictOf(question({ queue: [null, ...always(0, 29)] }, idle))).toBe("hold: missing-data");
  });
});

describe("what stands in the way", () => {
  const hot = { cpu: always(90) };
  const cold = { cpu: always(5) };
  test.each([
    ["at the maximum", hot, { bounds: { maximum: 4 } }, "hold: maximum"],
    ["at the minimum", cold, { bounds: { minimum: 4 } }, "hold: minimum"],
    ["at a floor of the calendar", cold, { facts: { floor: { minimum: 4, name: "mornings" } } }, "hold: minimum"],
    ["while it is deployed", hot, { facts: { deployment: "a deployment is in progress" } }, "hold: deployment"],
    ["while it is frozen", hot, { facts: { freeze: "release-night" } }, "hold: freeze"],
    ["where another one scales it", cold, { facts: { foreign: "target tracking" } }, "hold: foreign-autoscaler"],
    ["soon after a scale-out", hot, { memory: { lastOut: now - 5 * minute + 1 } }, "hold: cooldown"],
    ["and not any more", hot, { memory: { lastOut: now - 5 * minute } }, "out"],
    ["soon after a scale-in", cold, { memory: { lastIn: now - 15 * minute + 1 } }, "hold: cooldown"],
    ["also out", hot, { memory: { lastIn: now - 15 * minute + 1 } }, "hold: cooldown"],
    ["and not any more", cold, { memory: { lastIn: now - 15 * minute } }, "in"],
    [
      "75 minutes after a point above the out threshold",
      cold,
      { memory: { hotAt: now - 75 * minute } },
      "hold: cooldown",
    ],
    ["and not any more", cold, { memory: { hotAt: now - 75 * minute - 1 } }, "in"],
  ])("%s", (_, values, more, verdict) => {
    expect(verdictOf(question(values, more))).toBe(verdict);
  });

  test("a target that is gone is neither low nor high", () => {
    expect(verdictOf(question(hot, { facts: { gone: "there is no service checkout" } }))).toBe("unknown");
  });
});

describe("how far", () => {
  const change = (asked: Question) => evaluate(asked).record.decision.capacityAfter;
  test.each([
    [4, 5],
    [19, 20],
    [20, 22],
    [29, 31],
    [300, 330],
  ])("out of %i goes to %i: ten in a hundred, rounded down, and at least one", (capacity, after) => {
    expect(change(question({ cpu: always(90) }, { facts: { capacity } }))).toBe(after);
  });

  test("never beyond the maximum, nor below the minimum", () => {
    const facts = { capacity: 100 };
    expect(change(question({ cpu: always(90) }, { facts, bounds: { maximum: 103 } }))).toBe(103);
    expect(change(question({ cpu: always(5) }, { facts, bounds: { minimum: 99 } }))).toBe(99);
  });

  test("up to a floor of the calendar at once, whatever the metrics say", () => {
    const floor = { minimum: 6, name: "weekday-mornings" };
    const { verdict, capacityAfter, rule } = evaluate(question({ cpu: always(null) }, { facts: { floor } })).record
      .decision;
    expect({ verdict, capacityAfter, rule }).toEqual({
      ...{ verdict: "out", capacityAfter: 6 },
      rule: "at least 6 (weekday-mornings)",
    });
  });

  test("of metrics alone there is only advice", () => {
    const { verdict, explanation } = evaluate(question({ cpu: always(90) }, { facts: null })).record.decision;
    expect({ verdict, explanation }).toEqual({
      ...{ verdict: "out", explanation: "cpu > 70 for 10 min: more capacity is advised" },
    });
  });
});

describe("what is learnt", () => {
  const memory = { lastIn: now - 60 * minute };
  test("a single point above the out threshold is remembered", () => {
    // The window ends two minutes ago, and with it the newest point.
    expect(evaluate(question({ cpu: lastly(5, 71) })).memory.hotAt).toBe(now - 2 * minute);
    expect(evaluate(question({ cpu: lastly(5, 70) })).memory.hotAt).toBe(null);
  });

  test("wherever in the window it is: not every minute has an evaluation", () => {
    expect(evaluate(question({ cpu: lastly(5, 71, 5, 5, 5) })).memory.hotAt).toBe(now - 5 * minute);
    const memory = { hotAt: now - minute };
    expect(evaluate(question({ cpu: lastly(5, 71, 5, 5, 5) }, { memory })).memory.hotAt).toBe(now - minute);
  });

  test("after a scale-out within an hour of a scale-in the next one waits for a day", () => {
    expect(evaluate(question({ cpu: always(90) }, { memory })).memory).toMatchObject({
      ...{ stabilisationMinutes: 1_440, regrettedAt: now, lastOut: now, hotAt: now - 2 * minute },
    });
    const later = { lastIn: now - 60 * minute - 1 };
    expect(evaluate(question({ cpu: always(90) }, { memory: later })).memory.stabilisationMinutes).toBe(75);
  });

  test("and that is forgotten after a fortnight without another one", () => {
    const learntAfter = (days: number) =>
      evaluate(
        question({ cpu: always(5) }, { memory: { stabilisationMinutes: 1_440, regrettedAt: now - days * day } }),
      );
    expect(learntAfter(14).memory.stabilisationMinutes).toBe(1_440);
    expect(learntAfter(15).memory).toMatchObject({ stabilisationMinutes: 75, regrettedAt: null });
  });
});

test("points wider than a rule make that rule unknown, and no other", () => {
  const five = { periodSeconds: 300 };
  expect(verdictOf(question({ queue: always(500, 6) }, five))).toBe("unknown");
  expect(verdictOf(question({ queue: always(0, 6) }, five))).toBe("in");
  expect(verdictOf(question({ cpu: always(90, 6), queue: always(0, 6) }, five))).toBe("out");
});

test("a record evaluated again is the same, byte for byte, also after it was written down", () => {
  const { record } = evaluate(question({ cpu: lastly(20, 71.123456789, null), memory: always(12) }));
  const written = JSON.stringify(record);
  expect(JSON.stringify(replay(JSON.parse(written)))).toBe(written);
});
