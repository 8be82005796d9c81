import { type Instant, minute } from "../instant.ts";
import type { Grid, Points } from "./grid.ts";
import type { Rule } from "./types.ts";

/** One metric as it was recorded. */
export interface Recorded {
  rule: Rule;
  grid: Grid;
  /** What really was, where the grid has had gaps put into it; the grid's own values otherwise. */
  truth: readonly (number | null)[];
}

export interface Recording {
  metrics: readonly Recorded[];
  /** The capacity that there was, from each point on; null where nobody recorded it, which makes it an open loop. */
  capacity: Points | null;
}

/** One decision that changed the capacity. */
export interface Change {
  at: Instant;
  direction: "out" | "in";
  before: number;
  after: number;
}

/** A recording that answers to the capacity: what its metrics would have read. */
export interface Playback {
  metrics: readonly Recorded[];
  isOpenLoop: boolean;
  capacity(): number;
  /** From now on there is this capacity; the next period is the first to show it. */
  change(at: Instant, direction: "out" | "in", capacity: number): void;
  changes: readonly Change[];
  /** What was read in a metric's period, null where nothing was; in the order of periods. */
  value(metric: number, period: number): number | null;
  /** What there was to read. */
  truth(metric: number, period: number): number | null;
}

/** The part of time that a recording covers, counted in periods of its finest metric. */
export interface Clock {
  stepMinutes: number;
  /** When the first period closes, and how many close. */
  firstClose: Instant;
  periods: number;
}

export function playback({ metrics, capacity: recorded }: Recording, initial: number): Playback {
  const changes: Change[] = [];
  const factors = metrics.map(({ rule, grid }) => {
    const before = capacities(changes, initial);
    const recordedAt = recorded === null || !rule.dividesByCapacity ? null : stepsOf(recorded);
    const known: (number | null)[] = [];
    // A period's load was spread over the capacity with which it began. Each is worked out once, in order.
    return (period: number): number | null => {
      for (let next = known.length; next <= period; next += 1) {
        const at = grid.from + next * grid.stepMinutes * minute;
        known.push(recordedAt === null ? 1 : factorOf(recordedAt(at), before(at)));
      }
      return known[period] ?? null;
    };
  });
  const scaled = (metric: number, period: number, raw: number | null | undefined): number | null => {
    const factor = factors[metric]?.(period) ?? null;
    return raw === null || raw === undefined || factor === null ? null : raw * factor;
  };
  return {
    metrics,
    isOpenLoop: recorded === null,
    capacity: () => changes.at(-1)?.after ?? initial,
    change: (at, direction, after) => {
      changes.push({ at, direction, before: changes.at(-1)?.after ?? initial, after });
    },
    changes,
    value: (metric, period) => scaled(metric, period, metrics[metric]?.grid.values[period]),
    truth: (metric, period) => scaled(metric, period, metrics[metric]?.truth[period]),
  };
}

/** What a recorded value is to be multiplied by. With no capacity at all nothing reports anything: what was recorded then is not known. */
function factorOf(recorded: number, decided: number): number | null {
  return recorded > 0 && decided > 0 ? recorded / decided : null;
}

/** The periods of the finest metric, from the first that any metric has to the last. */
export function clockOf(metrics: readonly Recorded[]): Clock {
  const [finest] = metrics.toSorted((left, right) => left.grid.stepMinutes - right.grid.stepMinutes);
  const stepMinutes = finest?.grid.stepMinutes ?? 1;
  const step = stepMinutes * minute;
  const from = Math.min(...metrics.map(({ grid }) => grid.from));
  const to = Math.max(...metrics.map(({ grid }) => grid.from + grid.values.length * grid.stepMinutes * minute));
  const phase = (finest?.grid.from ?? 0) % step;
  const firstClose = Math.ceil((from - phase) / step) * step + phase + step;
  return { stepMinutes, firstClose, periods: Math.max(0, Math.floor((to - firstClose) / step) + 1) };
}

/** The last period of a metric that closed at or before an instant; negative before the first. */
export function lastPeriod({ from, stepMinutes }: Grid, at: Instant): number {
  return Math.floor((at - from) / (stepMinutes * minute)) - 1;
}

/** The capacity that a recording has at an instant; instants must not go back. */
export function stepsOf({ at, values }: Points): (instant: Instant) => number {
  let index = 0;
  return (instant) => {
    while (index + 1 < at.length && (at[index + 1] ?? 0) <= instant) index += 1;
    return values[index] ?? 0;
  };
}

/** The capacity that a list of changes, which may still grow, leads to at an instant; instants must not go back. */
function capacities(changes: readonly Change[], initial: number): (instant: Instant) => number {
  let index = 0;
  return (instant) => {
    while (index < changes.length && (changes[index]?.at ?? 0) <= instant) index += 1;
    return index === 0 ? initial : (changes[index - 1]?.after ?? initial);
  };
}
