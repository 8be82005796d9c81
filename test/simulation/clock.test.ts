import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Broken } from "../../shared/failures.ts";
import { type Clock, createClock } from "../../simulation/clock.ts";

const start = 1_000;

/** A clock with acts that write down their name and the time. */
function recorded(): { clock: Clock; seen: string[]; ask: (when: number, name: string, rank?: number) => void } {
  const clock = createClock(start);
  const seen: string[] = [];
  const ask = (when: number, name: string, rank = 0): void => {
    clock.at(when, rank, () => {
      seen.push(`${name}@${clock.now()}`);
    });
  };
  return { clock, seen, ask };
}

describe("running", () => {
  test("jumps from act to act and ends at the given instant, which still belongs to it", async () => {
    const { clock, seen, ask } = recorded();
    ask(3_000, "third");
    ask(1_500, "first");
    ask(2_000, "second");
    ask(3_001, "later");
    await clock.runUntil(3_000);
    expect(seen).toEqual(["first@1500", "second@2000", "third@3000"]);
    expect(clock.now()).toBe(3_000);
    expect(clock.next()).toBe(3_001);
  });

  test("passes time where nothing is due", async () => {
    const { clock } = recorded();
    await clock.runUntil(9_000);
    expect([clock.now(), clock.next()]).toEqual([9_000, null]);
  });

  test("of two at the same instant the lower rank goes first, then the one asked for first", async () => {
    const { clock, seen, ask } = recorded();
    ask(2_000, "b", 2);
    ask(2_000, "a", 1);
    ask(2_000, "c", 2);
    await clock.runUntil(2_000);
    expect(seen).toEqual(["a@2000", "b@2000", "c@2000"]);
  });

  test("any acts run in the order of instant, rank and asking", async () => {
    const acts = fc.array(
      fc.record({ when: fc.integer({ min: 0, max: 1_020 }), rank: fc.integer({ min: 0, max: 2 }) }),
    );
    await fc.assert(
      fc.asyncProperty(acts, async (asked) => {
        const { clock, seen, ask } = recorded();
        for (const [index, { when, rank }] of asked.entries()) ask(when, String(index), rank);
        await clock.runUntil(1_020);
        const due = asked.map(({ when, rank }, index) => ({ when: Math.max(when, start), rank, index }));
        const sorted = due.sort((left, right) => left.when - right.when || left.rank - right.rank);
        expect(seen).toEqual(sorted.map(({ when, index }) => `${index}@${when}`));
      }),
    );
  });

  test("waits for an act before the next one begins", async () => {
    const { clock, seen, ask } = recorded();
    clock.at(2_000, 0, async () => {
      await Promise.resolve();
      seen.push("slow");
    });
    ask(2_000, "next");
    await clock.runUntil(2_000);
    expect(seen).toEqual(["slow", "next@2000"]);
  });

  test("an act may ask for further acts: at once, by rank, or later", async () => {
    const { clock, seen, ask } = recorded();
    clock.at(2_000, 0, () => {
      ask(2_000, "after", 5);
      ask(0, "past", 4);
      ask(2_500, "later");
    });
    ask(2_000, "between", 4);
    await clock.runUntil(2_400);
    expect(seen).toEqual(["between@2000", "past@2000", "after@2000"]);
    await clock.runUntil(2_600);
    expect(seen.at(-1)).toBe("later@2500");
  });

  test("fails with what an act threw, and can go on after it", async () => {
    const { clock, seen, ask } = recorded();
    clock.at(2_000, 0, () => {
      throw new Error("spilt");
    });
    ask(2_000, "rest");
    await expect(clock.runUntil(3_000)).rejects.toThrow("spilt");
    expect(clock.now()).toBe(2_000);
    await clock.runUntil(3_000);
    expect(seen).toEqual(["rest@2000"]);
  });

  test("refuses to go backwards, to go on for ever, and to be run by its own act", async () => {
    const { clock } = recorded();
    await expect(clock.runUntil(start - 1)).rejects.toThrow(Broken);
    await expect(clock.runUntil(Number.POSITIVE_INFINITY)).rejects.toThrow(Broken);
    clock.at(2_000, 0, () => clock.runUntil(3_000));
    await expect(clock.runUntil(2_000)).rejects.toThrow(Broken);
  });

  test("notices that time stands still", async () => {
    const { clock } = recorded();
    const again = (): void => clock.at(clock.now(), 0, again);
    again();
    await expect(clock.runUntil(2_000)).rejects.toThrow("time stands still");
  });
});

describe("setting", () => {
  test("moves time forward and runs nothing, up to the act that is due then", async () => {
    const { clock, seen, ask } = recorded();
    ask(2_000, "due");
    clock.set(2_000);
    expect([clock.now(), clock.next(), seen]).toEqual([2_000, 2_000, []]);
    await clock.runUntil(2_000);
    expect(seen).toEqual(["due@2000"]);
  });

  test("never skips an act, and never goes backwards", () => {
    const { clock, ask } = recorded();
    ask(2_000, "due");
    expect(() => clock.set(2_001)).toThrow(Broken);
    expect(() => clock.set(start - 1)).toThrow(Broken);
    expect(() => clock.set(Number.NaN)).toThrow(Broken);
    expect(clock.now()).toBe(start);
  });

  test("an act that takes its time may end after the run was to end", async () => {
    const { clock } = recorded();
    clock.at(2_000, 0, () => clock.set(2_700));
    await clock.runUntil(2_500);
    expect(clock.now()).toBe(2_700);
  });
});

test("an instant that is none is refused", () => {
  expect(() => createClock(Number.NaN)).toThrow(Broken);
  expect(() => createClock(0).at(Number.NaN, 0, () => {})).toThrow(Broken);
  expect(() => createClock(0).at(0, Number.NaN, () => {})).toThrow(Broken);
});
