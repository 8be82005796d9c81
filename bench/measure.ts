/** What a measure should be: no more than `atMost`, no less than `atLeast`. At least one of them is stated. */
export type Goal = { atMost: number; atLeast?: number } | { atMost?: number; atLeast: number };

/** One line of what `npm run bench` prints, in the shape of test/bench/bench.schema.json. */
export interface Measure {
  name: string;
  value: number;
  unit: string;
  goal: Goal;
  reached: boolean;
  /** What was measured, for people. */
  what: string;
}

/** Holds a value against its goal as it is shown: to three decimal places. */
export function measure(name: string, exact: number, unit: string, goal: Goal, what: string): Measure {
  const value = Math.round(exact * 1_000) / 1_000;
  const reached = value <= (goal.atMost ?? Number.POSITIVE_INFINITY) && value >= (goal.atLeast ?? 0);
  return { name, value, unit, goal, reached, what };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
