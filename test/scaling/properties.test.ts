import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { minute } from "../../shared/instant.ts";
import { evaluate, replay } from "../../shared/scaling/evaluate.ts";
import type { Facts, Memory, Question, Verdict } from "../../shared/scaling/types.ts";
import { now, question, type Values } from "./questions.ts";

// The rules that no data may ever break. Most series are low or high throughout, as otherwise hardly any would lead to anything.

const metrics = ["cpu", "memory", "queue"] as const;
const near = fc.constantFrom(0, 9, 10, 29, 29.9, 30, 39.9, 40, 70, 71, 80, 81, 100, 101);

function series(values: fc.Arbitrary<number | null>): fc.Arbitrary<Values> {
  return fc.array(values, { minLength: 30, maxLength: 30 });
}

const low = series(fc.integer({ min: 0, max: 9 }));
const high = series(fc.integer({ min: 101, max: 200 }));
const mixed = series(fc.oneof(near, fc.constant(null)));
/** Low or high, but for some of its points. */
const dented = fc
  .tuple(fc.oneof(low, high), fc.array(fc.tuple(fc.nat(29), fc.oneof(near, fc.constant(null))), { maxLength: 4 }))
  .map(([values, dents]) => dents.reduce<Values>((before, [place, value]) => before.with(place, value), values));
const values = fc.oneof({ weight: 3, arbitrary: low }, high, mixed, { weight: 3, arbitrary: dented });

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null, freq: 3 });
const rarely = fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, fc.constant("because"));
const recently = fc.integer({ min: 0, max: 90 }).map((minutes) => now - minutes * minute);

const facts: fc.Arbitrary<Partial<Facts>> = fc.record({
  capacity: fc.integer({ min: 0, max: 40 }),
  limits: maybe(fc.tuple(fc.nat(10), fc.nat(30)).map(([minimum, more]) => ({ minimum, maximum: minimum + more }))),
  deployment: rarely,
  foreign: rarely,
  freeze: rarely,
  gone: fc.constant(null),
  floor: maybe(fc.integer({ min: 1, max: 12 }).map((minimum) => ({ minimum, name: "mornings" }))),
});

const memory: fc.Arbitrary<Partial<Memory>> = fc.record({
  lastOut: maybe(recently),
  lastIn: maybe(recently),
  hotAt: maybe(recently),
});

interface Drawn {
  data: Record<string, Values>;
  facts: Partial<Facts>;
  memory: Partial<Memory>;
  bounds: { minimum: number; maximum: number };
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  data: fc
    .tuple(fc.subarray([...metrics], { minLength: 1 }), values, values, values)
    .map(([some, ...all]) => Object.fromEntries(some.map((metric, index) => [metric, all[index] ?? []]))),
  facts,
  memory,
  bounds: fc
    .tuple(fc.integer({ min: 1, max: 10 }), fc.nat(30))
    .map(([minimum, more]) => ({ minimum, maximum: minimum + more })),
});

/** What nothing stands in the way of. */
const free = drawn.map((each): Drawn => {
  const clear = { deployment: null, foreign: null, freeze: null, floor: null, limits: null };
  return { ...each, facts: { capacity: 20, ...clear }, memory: {}, bounds: { minimum: 1, maximum: 40 } };
});

const asked = ({ data, ...more }: Drawn): Question => question(data, more);
const decisionOf = (each: Drawn) => evaluate(asked(each)).record.decision;
const many = { numRuns: 4_000 };

const ranks: Record<Verdict, number> = { in: 0, hold: 1, unknown: 1, out: 2 };

describe("whatever the data", () => {
  test("nothing is scaled in unless every point of every window is there and below", () => {
    let count = 0;
    fc.assert(
      fc.property(fc.oneof(drawn, free), (each) => {
        if (decisionOf(each).verdict !== "in") return;
        count += 1;
        const limits = { cpu: 30, memory: 40, queue: 10 };
        for (const metric of metrics) {
          for (const value of each.data[metric] ?? []) expect(value ?? Number.NaN).toBeLessThan(limits[metric]);
        }
      }),
      many,
    );
    expect(count).toBeGreaterThan(100);
  });

  test("taking any point away never makes a scale-in of anything else", () => {
    const taken = fc.tuple(free, fc.constantFrom(...metrics), fc.nat(29));
    fc.assert(
      fc.property(taken, ([each, metric, place]) => {
        const before = each.data[metric];
        if (before === undefined) return;
        const less = { ...each, data: { ...each.data, [metric]: before.with(place, null) } };
        expect(decisionOf(less).verdict).not.toBe("in");
      }),
      many,
    );
  });

  test("out wins over in", () => {
    const hot = fc.tuple(free, fc.constantFrom(...metrics), high);
    fc.assert(
      fc.property(hot, ([each, metric, breaching]) => {
        expect(decisionOf({ ...each, data: { ...each.data, [metric]: breaching } }).verdict).toBe("out");
      }),
      many,
    );
  });

  test("a higher value never leads to less, nor a lower one to more", () => {
    const raised = fc.tuple(
      free,
      fc.constantFrom(...metrics),
      fc.nat(29),
      fc.double({ min: 0.1, max: 200, noNaN: true }),
    );
    fc.assert(
      fc.property(raised, ([each, metric, place, by]) => {
        const before = each.data[metric]?.[place];
        if (before === undefined || before === null) return;
        const more = { ...each, data: { ...each.data, [metric]: each.data[metric]?.with(place, before + by) ?? [] } };
        expect(ranks[decisionOf(more).verdict]).toBeGreaterThanOrEqual(ranks[decisionOf(each).verdict]);
      }),
      many,
    );
  });
});

describe("whatever the circumstances", () => {
  test("a change ends within the policy's bounds and AWS's own, unless it comes from outside of them and nearer", () => {
    let count = 0;
    fc.assert(
      fc.property(drawn, (each) => {
        const { verdict, capacityBefore, capacityAfter } = decisionOf(each);
        if (verdict !== "out" && verdict !== "in") return;
        if (capacityBefore === null || capacityAfter === null) throw new Error("it has a capacity");
        count += 1;
        const { limits } = each.facts;
        const minimum = Math.max(each.bounds.minimum, limits?.minimum ?? 0);
        const maximum = Math.min(each.bounds.maximum, limits?.maximum ?? Number.POSITIVE_INFINITY);
        if (verdict === "out") {
          expect(capacityAfter).toBeGreaterThan(capacityBefore);
          expect(capacityAfter).toBeLessThanOrEqual(maximum);
        } else {
          expect(capacityAfter).toBeLessThan(capacityBefore);
          expect(capacityAfter).toBeGreaterThanOrEqual(Math.max(minimum, each.facts.floor?.minimum ?? 0));
        }
      }),
      many,
    );
    expect(count).toBeGreaterThan(100);
  });

  test("nothing is changed inside a cooldown, in a deployment, in a freeze, or where another one scales", () => {
    const obstacles: Partial<Drawn["facts"]>[] = [{ deployment: "x" }, { freeze: "x" }, { foreign: "x" }];
    fc.assert(
      fc.property(drawn, fc.constantFrom(...obstacles), (each, obstacle) => {
        const { verdict } = decisionOf({ ...each, facts: { ...each.facts, ...obstacle } });
        expect(["hold", "unknown"]).toContain(verdict);
      }),
      many,
    );
    const minutesAgo = (most: number) =>
      fc.integer({ min: 0, max: most * 60 - 1 }).map((seconds) => now - seconds * 1_000);
    const waiting = fc.oneof(
      minutesAgo(5).map((lastOut) => ({ lastOut })),
      minutesAgo(15).map((lastIn) => ({ lastIn })),
    );
    fc.assert(
      fc.property(drawn, waiting, (each, recent) => {
        const { verdict } = decisionOf({ ...each, memory: { ...each.memory, ...recent } });
        expect(["hold", "unknown"]).toContain(verdict);
      }),
      many,
    );
  });

  test("what is not known to exist is not changed", () => {
    fc.assert(
      fc.property(drawn, (each) => {
        expect(decisionOf({ ...each, facts: { ...each.facts, gone: "it is gone" } }).verdict).toBe("unknown");
      }),
      many,
    );
  });

  test("a record that was written down gives the same record again, byte for byte", () => {
    fc.assert(
      fc.property(drawn, (each) => {
        const written = JSON.stringify(evaluate(asked(each)).record);
        expect(JSON.stringify(replay(JSON.parse(written)))).toBe(written);
      }),
      many,
    );
  });
});
