import { iso, minute } from "../shared/instant.ts";
import { type Backtest, type BacktestSetting, backtest } from "../shared/scaling/backtest.ts";
import { alarmPairs, latestPoint } from "../shared/scaling/comparisons.ts";
import { type Beyond, beyondOf, type Measures, measuresOf } from "../shared/scaling/measures.ts";
import type { ReadMetric, ReadRecording } from "./backtest-recording.ts";

export interface BacktestReport {
  metrics: readonly ReadMetric[];
  setting: BacktestSetting;
  outcome: Backtest;
  nightshift: Measures;
  alarms: Measures;
  latestPoint: Measures;
  /** Processor time that the evaluation took. */
  evaluationSeconds: number;
  warnings: readonly string[];
}

/** Evaluates a recording, and beside it what others would have done with it. */
export function reportOf({ metrics, capacity, setting, warnings }: ReadRecording): BacktestReport {
  const recording = { metrics, capacity };
  const before = process.cpuUsage();
  const outcome = backtest(recording, setting);
  const { user, system } = process.cpuUsage(before);
  return {
    metrics,
    setting,
    outcome,
    nightshift: measuresOf(outcome.playback, true),
    alarms: measuresOf(alarmPairs(recording, setting), false),
    latestPoint: measuresOf(latestPoint(recording, setting), false),
    evaluationSeconds: (user + system) / 1_000_000,
    warnings,
  };
}

/** What `--json` prints. Decisions are in the order of time, metrics in that of the options. */
export function backtestJson(report: BacktestReport): object {
  const { metrics, setting, outcome, nightshift, alarms, latestPoint, evaluationSeconds, warnings } = report;
  const { policy, initial } = setting;
  const sum = (count: (metric: ReadMetric) => number) => metrics.reduce((total, metric) => total + count(metric), 0);
  return {
    points: sum(({ grid }) => grid.points),
    gaps: sum(({ grid }) => grid.gaps),
    duplicates: sum(({ duplicates }) => duplicates),
    metrics: metrics.map(metricJson),
    capacity: { minimum: policy.minimum, maximum: policy.maximum, initial, last: outcome.playback.capacity() },
    openLoop: outcome.playback.isOpenLoop,
    everySeconds: outcome.stepMinutes * 60,
    evaluations: outcome.evaluations,
    decisions: outcome.decisions.map(({ at, direction, rule, reason, before, after }) => ({
      at: iso(at),
      verdict: direction,
      rule,
      reason,
      capacityBefore: before,
      capacityAfter: after,
    })),
    summary: { ...nightshift, held: outcome.held, unknown: outcome.unknown, early: outcome.early },
    comparisons: { alarms, latestPoint },
    evaluationSeconds,
    warnings,
  };
}

function metricJson(metric: ReadMetric): object {
  const { source, grid, duplicates } = metric;
  const { metric: name, ...beyond }: Beyond = beyondOf(metric);
  return {
    metric: name,
    source,
    from: iso(grid.from),
    to: iso(grid.from + grid.values.length * grid.stepMinutes * minute),
    stepSeconds: grid.stepMinutes * 60,
    points: grid.points,
    gaps: grid.gaps,
    duplicates,
    ...beyond,
  };
}
