import { describe, expect, test } from "vitest";
import { minute } from "../../shared/instant.ts";
import { onGrid } from "../../shared/scaling/grid.ts";
import { createChance } from "../../simulation/chance.ts";
import { balancerCounts, misconfiguredGroup, pointsOf } from "./generators.ts";

const from = Date.UTC(2026, 2, 2);

/** Points at these minutes, each with its place as its value. */
function at(...minutes: number[]) {
  return onGrid({ at: minutes.map((each) => from + each * minute), values: minutes.map((_, index) => index) });
}

/** So many points, `step` minutes apart, from a minute on. */
function every(step: number, count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, index) => first + index * step);
}

describe("the step is the commonest difference", () => {
  test.each([
    { what: "five minutes", minutes: every(5, 20), stepMinutes: 5, points: 20, gaps: 0 },
    { what: "one minute", minutes: every(1, 20), stepMinutes: 1, points: 20, gaps: 0 },
    { what: "an hour", minutes: every(60, 20), stepMinutes: 60, points: 20, gaps: 0 },
    { what: "one point", minutes: [7], stepMinutes: 1, points: 1, gaps: 0 },
    { what: "two", minutes: [7, 12], stepMinutes: 5, points: 2, gaps: 0 },
    { what: "gaps", minutes: [0, 5, 10, 25, 30, 45, 50, 55], stepMinutes: 5, points: 8, gaps: 4 },
    {
      what: "every second one missing for a while",
      minutes: [...every(5, 20), 105, 115, 125],
      stepMinutes: 5,
      points: 23,
      gaps: 3,
    },
  ])("$what", ({ minutes, stepMinutes, points, gaps }) => {
    expect(at(...minutes)).toMatchObject({ stepMinutes, points, gaps, mixed: null, moved: null });
  });
});

describe("the grid stands where most points do", () => {
  test("unaligned minutes stay where they are", () => {
    expect(at(2, 7, 12, 22)).toMatchObject({ from: from + 2 * minute, values: [0, 1, 2, null, 3] });
  });

  test("a point beside it is moved to the nearest place", () => {
    const grid = at(...every(5, 10), 51, 54, 60);
    expect(grid?.moved).toEqual({ index: 10, count: 2 });
    expect(grid?.values.slice(9)).toEqual([9, 10, 11, 12]);
  });

  test("of two that come to the same place the larger counts, which can never cause a scale-in", () => {
    expect(at(...every(5, 10), 49, 51)?.values.slice(9)).toEqual([9, 11]);
    expect(at(...every(5, 10), 44, 46)).not.toBeNull();
  });

  test("seconds do not move a point", () => {
    const stamps = every(5, 10).map((each, index) => from + each * minute + (index % 3) * 400);
    expect(onGrid({ at: stamps, values: stamps })).toMatchObject({ points: 10, gaps: 0, moved: null });
  });
});

describe("stamps that come some seconds late", () => {
  const chance = createChance("jitter");
  const late = (minutes: number[], least: number, most: number) => {
    const stamps = minutes.map((each) => from + each * minute + chance.integer(least, most - 1) * 1_000);
    return onGrid({ at: stamps, values: minutes });
  };

  test.each([
    { what: "every minute, up to 49 s", step: 1, least: 0, most: 50 },
    { what: "every minute, up to 59 s", step: 1, least: 0, most: 60 },
    { what: "every minute, early and late", step: 1, least: -10, most: 10 },
    { what: "every five minutes, up to 49 s", step: 5, least: 0, most: 50 },
    { what: "every five minutes, early and late", step: 5, least: -20, most: 20 },
  ])("are of one step, without gaps: $what", ({ step, least, most }) => {
    const minutes = every(step, 1_000);
    const grid = late(minutes, least, most);
    expect(grid).toMatchObject({ stepMinutes: step, points: 1_000, gaps: 0, mixed: null, moved: null });
    expect(grid?.values).toEqual(minutes);
  });

  test("that come at any time are not late ones: of them something is told", () => {
    for (let time = 0; time < 20; time += 1) {
      const minutes: number[] = [];
      for (let at = 0; minutes.length < 1_000; at += chance.integer(3, 7)) minutes.push(at);
      const grid = late(minutes, 0, 1);
      expect(grid?.mixed ?? grid?.moved).not.toBeNull();
    }
  });

  test("have the gaps that there are", () => {
    const grid = late([...every(1, 100), ...every(1, 100, 105)], 0, 50);
    expect(grid).toMatchObject({ stepMinutes: 1, points: 200, gaps: 5, mixed: null, moved: null });
  });
});

describe("two resolutions are read at the coarser one, as the highest of each period", () => {
  test("fifteen days of five minutes, then fifteen of one", () => {
    const minutes = [...every(5, 4_320), ...every(1, 21_600, 21_600)];
    const grid = at(...minutes);
    expect(grid).toMatchObject({ stepMinutes: 5, points: 8_640, gaps: 0, mixed: { index: 4_320, finerMinutes: 1 } });
    expect(grid?.values[4_319]).toBe(4_319);
    expect(grid?.values[4_320]).toBe(4_324);
  });

  test("a stretch of one minute within five", () => {
    const grid = at(...every(5, 100), ...every(1, 60, 500), ...every(5, 100, 560));
    expect(grid).toMatchObject({ stepMinutes: 5, points: 212, gaps: 0, mixed: { index: 100, finerMinutes: 1 } });
  });

  test("less than a minute", () => {
    const grid = at(...every(0.5, 40));
    expect(grid).toMatchObject({ stepMinutes: 1, points: 20, gaps: 0, mixed: { index: 1, finerMinutes: 0 } });
    expect(grid?.values.slice(0, 3)).toEqual([1, 3, 5]);
  });

  test("one point above the threshold is not hidden by those beside it", () => {
    const minutes = [...every(5, 100), ...every(1, 100, 500)];
    const values = minutes.map((each) => (each === 552 ? 95 : 10));
    const grid = onGrid({ at: minutes.map((each) => from + each * minute), values });
    expect(grid?.values.filter((value) => value !== 10)).toEqual([95]);
    expect(grid?.values[110]).toBe(95);
  });

  test("a short stretch of the coarser one is gaps", () => {
    expect(at(...every(1, 1_000), ...every(5, 10, 1_000))).toMatchObject({
      stepMinutes: 1,
      gaps: 36,
      mixed: null,
    });
  });
});

test("a stamp of another decade does not make a grid of millions", () => {
  expect(at(...every(5, 10), 20 * 365 * 24 * 60)).toBeNull();
});

test("generated series stand on their grids as real ones do", () => {
  const group = misconfiguredGroup({ seed: "1", days: 62, offsetMinutes: 4 });
  expect(onGrid(pointsOf(group))).toMatchObject({ stepMinutes: 5, points: 17_856, gaps: 0, from: from + 4 * minute });
  const counts = onGrid(pointsOf(balancerCounts({ seed: "1", days: 14, offsetMinutes: 2 })));
  expect(counts).toMatchObject({ stepMinutes: 5, mixed: null, moved: null });
  expect(counts?.gaps).toBeGreaterThan(8);
});
