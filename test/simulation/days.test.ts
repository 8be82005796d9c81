import { describe, expect, test } from "vitest";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { type DaysReport, simulateDays } from "../../simulation/days.ts";
import { type FaultLevel, faultKinds } from "../../simulation/fault-rates.ts";
import { stories } from "../../simulation/stories.ts";

const { configuration } = loadConfiguration("production", {});

const day = (seed: string, faults: FaultLevel): Promise<DaysReport> =>
  simulateDays({ configuration, seed, days: 1, faults });

/** What was promised and not kept, with the seed that shows it. */
async function brokenIn(seeds: readonly string[], faults: FaultLevel): Promise<string[]> {
  const broken: string[] = [];
  for (const seed of seeds) {
    const { promises } = await day(seed, faults);
    for (const promise of promises) {
      broken.push(
        ...promise.broken.map((each) => `--days 1 --seed ${seed} --faults ${faults}: ${promise.name}: ${each}`),
      );
    }
  }
  return broken;
}

const seeds = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index}`);

describe("a day of a small estate keeps every promise", () => {
  test.each([1, 2, 3, 4])("fifty seeds with the usual faults, part %i of 4", async (part) => {
    expect(await brokenIn(seeds(`usual-${part}`, 50), "usual")).toEqual([]);
  });

  test("forty seeds with harsh faults", async () => {
    expect(await brokenIn(seeds("harsh", 40), "harsh")).toEqual([]);
  });

  test("without faults nothing fails, pages go out in the same instant, and nobody is late", async () => {
    for (const seed of seeds("calm", 20)) {
      const { promises, world, faults } = await day(seed, "none");
      expect(promises.flatMap(({ broken }) => broken)).toEqual([]);
      expect(Object.values(faults).every((count) => count === 0)).toBe(true);
      expect([...world.collected.complaints.keys()].filter((message) => /failed|refused/.test(message))).toEqual([]);
      expect(promises.find(({ name }) => name === "worst P0 page latency")?.figure).toBe("0 s");
    }
  });

  test("every kind of fault was injected somewhere in these days", async () => {
    const injected = new Set<string>();
    for (const seed of seeds("kinds", 15)) {
      const { faults } = await day(seed, "harsh");
      for (const [kind, count] of Object.entries(faults)) if (count > 0) injected.add(kind);
    }
    expect([...injected].toSorted()).toEqual(faultKinds.toSorted());
  });
});

describe("a seed is a world", () => {
  test.each(["usual-1-0", "usual-2-7", "again-a", "again-b"])("%s twice gives the same trace", async (seed) => {
    expect((await day(seed, "usual")).trace).toBe((await day(seed, "usual")).trace);
    expect((await day(seed, "harsh")).trace).toBe((await day(seed, "harsh")).trace);
  });

  test("another seed, or other faults, give another trace", async () => {
    const traces = await Promise.all([day("a", "usual"), day("b", "usual"), day("a", "harsh")]);
    expect(new Set(traces.map(({ trace }) => trace)).size).toBe(3);
  });
});

test("time jumps: thirty days are far fewer sweeps than minutes", async () => {
  const { world } = await simulateDays({ configuration, seed: "jump", days: 30, faults: "none" });
  expect(world.collected.sweeps.complete).toBeGreaterThan(100);
  expect(world.collected.sweeps.complete).toBeLessThan((30 * 24 * 60) / 4);
});

test("thirty days hold every kind of story, and the progress is told day by day", async () => {
  const done: number[] = [];
  const progress = (days: number) => done.push(days);
  const passed = await simulateDays({ configuration, seed: "all", days: 30, faults: "usual", progress });
  const told = new Set(passed.stories.map((dated) => dated.split(":")[0]));
  expect([...told].toSorted()).toEqual([...Object.keys(stories), "secrets", "scaling"].toSorted());
  expect(done).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
});
