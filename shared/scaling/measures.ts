import { hour, type Instant, second } from "../instant.ts";
import { type Change, lastPeriod, type Playback, type Recorded } from "./playback.ts";

export interface Measures {
  out: number;
  in: number;
  /** Changes that took back the one before within an hour. */
  reversals: number;
  /** Scale-ins during whose window a metric was missing or not below its threshold. */
  wrongIn: number;
}

/** What a controller did, measured by the recording alone and not by what the controller thought of it. */
export function measuresOf(played: Playback, isSettled: boolean): Measures {
  const { changes } = played;
  const ins = changes.filter(({ direction }) => direction === "in");
  return {
    out: changes.length - ins.length,
    in: ins.length,
    reversals: reversalsOf(changes).length,
    wrongIn: ins.filter(({ at }) => isWrong(played, at, isSettled)).length,
  };
}

/** Changes in the opposite direction within an hour of the one before. */
export function reversalsOf<Made extends Change>(changes: readonly Made[]): Made[] {
  return changes.filter((change, index) => {
    const before = changes[index - 1];
    return before !== undefined && before.direction !== change.direction && change.at - before.at <= hour;
  });
}

/** Whether the window that ends at an instant, or a settle time before, has a point that is missing or not below. */
function isWrong(played: Playback, at: Instant, isSettled: boolean): boolean {
  return played.metrics.some(({ rule, grid }, metric) => {
    if (rule.in === null) return false;
    const { of, below } = rule.in;
    // Where absence means an idle queue or no traffic it is a value of zero, and no gap.
    const isMissingWrong = rule.absence === "unknown";
    const last = lastPeriod(grid, isSettled ? at - rule.settleSeconds * second : at);
    return Array.from({ length: of }, (_, index) => played.truth(metric, last - index)).some((value) =>
      value === null ? isMissingWrong : value >= below,
    );
  });
}

export interface Beyond {
  metric: string;
  /** How many minutes were strictly beyond each threshold; null where the metric has none for points so wide. */
  aboveMinutes: number | null;
  belowMinutes: number | null;
}

/** How long a metric was beyond its thresholds, as it was recorded. */
export function beyondOf({ rule, grid }: Recorded): Beyond {
  const minutesOf = (isBeyond: (value: number) => boolean) =>
    grid.values.filter((value) => value !== null && isBeyond(value)).length * grid.stepMinutes;
  const above = rule.out?.above;
  const below = rule.in?.below;
  return {
    metric: rule.metric,
    aboveMinutes: above === undefined ? null : minutesOf((value) => value > above),
    belowMinutes: below === undefined ? null : minutesOf((value) => value < below),
  };
}
