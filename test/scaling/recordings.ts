import { loadConfiguration } from "../../shared/configuration/files.ts";
import { type Instant, minute } from "../../shared/instant.ts";
import { type BacktestSetting, noCalendar } from "../../shared/scaling/backtest.ts";
import type { Grid, Points } from "../../shared/scaling/grid.ts";
import type { Recorded, Recording } from "../../shared/scaling/playback.ts";
import { policyOf, ruleOf } from "../../shared/scaling/policy.ts";

// Recordings as tests write them: values from midnight on, held to production's rules.

export const midnight = Date.UTC(2026, 2, 2);

const { scaling } = loadConfiguration("production").configuration;

export function gridOf(values: readonly (number | null)[], stepMinutes = 5, from: Instant = midnight): Grid {
  const points = values.filter((value) => value !== null).length;
  return { stepMinutes, from, values, points, gaps: values.length - points, mixed: null, moved: null };
}

export function recorded(metric: string, grid: Grid, truth: Recorded["truth"] = grid.values): Recorded {
  return { rule: ruleOf(metric, { periodSeconds: grid.stepMinutes * 60, absence: "unknown" }, scaling), grid, truth };
}

export function recordingOf(metrics: readonly Recorded[], capacity: Points | null = null): Recording {
  return { metrics, capacity };
}

export function settingOf(
  { metrics }: Recording,
  bounds: { minimum: number; maximum: number; initial: number } = { minimum: 1, maximum: 20, initial: 2 },
): BacktestSetting {
  const { initial, ...limits } = bounds;
  const rules = metrics.map(({ rule }) => rule);
  return { policy: policyOf("recording", rules, limits, scaling), initial, calendar: noCalendar };
}

/** The same value so many times. */
export function times<Value>(count: number, value: Value): Value[] {
  return new Array<Value>(count).fill(value);
}

/** Minutes after midnight, as the tests read them. */
export function minuteOf(at: Instant): number {
  return (at - midnight) / minute;
}
