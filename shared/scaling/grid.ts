import { type Instant, minute } from "../instant.ts";

/** Points in the order of time, no two at the same. */
export interface Points {
  at: readonly Instant[];
  values: readonly number[];
}

/** A series as CloudWatch would have given it: one value, or its absence, for each period. */
export interface Grid {
  /** The length of one period. */
  stepMinutes: number;
  /** When the first period begins. */
  from: Instant;
  /** Null where nothing was measured. */
  values: readonly (number | null)[];
  /** So many periods have a value; the others, between the first and the last point, are gaps. */
  points: number;
  gaps: number;
  /** Points that are nearer together, or in long runs further apart, than most; null when there are none. */
  mixed: Mixed | null;
  /** The first point that stood between two periods and was moved to the nearest, and how many there were. */
  moved: { index: number; count: number } | null;
}

export interface Mixed {
  /** The first point of the shorter steps. */
  index: number;
  finerMinutes: number;
}

/** A year of one-minute points fits; one stamp of another decade does not. */
export const maximumPeriods = 1_000_000;

/**
 * Puts points on the grid of their commonest step and their commonest remainder: real series have their points at minutes 2,
 * 7, 12. A series of two resolutions is read at the coarser one, each period as the highest of its points: an average would
 * hide the one that forbids a scale-in. Null when the grid would have more than `maximumPeriods`.
 */
export function onGrid(points: Points): Grid | null {
  const { stepMinutes, mixed } = stepsOf(points.at);
  const step = stepMinutes * minute;
  const { phase, tolerance, isJittered } = placeOf(points.at, stepMinutes, mixed);
  const slotOf = (at: Instant) => Math.floor((at - phase + tolerance) / step);
  const first = slotOf(points.at[0] ?? 0);
  const length = slotOf(points.at.at(-1) ?? 0) - first + 1;
  if (length > maximumPeriods) return null;
  const { values, moved } = placed(points, length, (at) => {
    const slot = slotOf(at);
    const isBeside = Math.abs(at - phase - slot * step) >= 1_000;
    return { slot: slot - first, isMoved: isBeside && mixed === null && !isJittered };
  });
  const found = values.filter((value) => value !== null).length;
  return { stepMinutes, from: first * step + phase, values, points: found, gaps: length - found, mixed, moved };
}

interface Place {
  /** What a period begins with, after a multiple of the step. */
  phase: number;
  /** A point belongs to a period when it comes no earlier than so much before it. */
  tolerance: number;
  /** Each point comes some seconds after its time, none as late as the next. */
  isJittered: boolean;
}

function placeOf(stamps: readonly Instant[], stepMinutes: number, mixed: Mixed | null): Place {
  const step = stepMinutes * minute;
  const remainders = stamps.map((at) => Math.round((at % step) / 1_000) * 1_000);
  const phase = commonest(remainders);
  // A point of a shorter step belongs to the period in which it lies, any other one to the nearest.
  const regular = { phase, tolerance: ((mixed?.finerMinutes ?? stepMinutes) * minute) / 2, isJittered: false };
  const onPhase = remainders.filter((remainder) => remainder === phase).length;
  if (mixed !== null || onPhase * 2 >= stamps.length) return regular;
  const widest = widestGap(remainders, step);
  // Nobody is later than a minute for a point of several.
  if (widest.gap <= step - minute) return regular;
  const jittered = [0, widest.until].map((each) => ({
    phase: each,
    tolerance: 0,
    isJittered: true,
  }));
  const [best] = jittered.toSorted((one, other) => together(stamps, step, one) - together(stamps, step, other));
  const isLate = best !== undefined && together(stamps, step, best) <= stamps.length * mayCollide;
  return isLate ? best : regular;
}

/** Of points that are merely late hardly any comes after the next one's time; more of them are of no step. */
const mayCollide = 0.01;

/** How many points fall into a period that has one already. */
function together(stamps: readonly Instant[], step: number, { phase, tolerance }: Place): number {
  return stamps.length - new Set(stamps.map((at) => Math.floor((at - phase + tolerance) / step))).size;
}

/** The longest time in which no remainder lies: a series that comes late is never so late. */
function widestGap(remainders: readonly number[], step: number): { until: number; gap: number } {
  const sorted = [...new Set(remainders.map((each) => each % step))].sort((one, other) => one - other);
  const last = (sorted.at(-1) ?? 0) - step;
  const gaps = sorted.map((until, index) => ({ until, gap: until - (sorted[index - 1] ?? last) }));
  return gaps.reduce((widest, next) => (next.gap > widest.gap ? next : widest), { until: 0, gap: 0 });
}

interface Placed {
  values: (number | null)[];
  moved: Grid["moved"];
}

/** Of points that fall together the largest counts, which can never cause a scale-in. */
function placed(points: Points, length: number, place: (at: Instant) => { slot: number; isMoved: boolean }): Placed {
  const values = new Array<number | null>(length).fill(null);
  const moved = { index: points.at.length, count: 0 };
  for (const [index, at] of points.at.entries()) {
    const { slot, isMoved } = place(at);
    const value = points.values[index] ?? 0;
    values[slot] = Math.max(values[slot] ?? value, value);
    if (!isMoved) continue;
    moved.index = Math.min(moved.index, index);
    moved.count += 1;
  }
  return { values, moved: moved.count === 0 ? null : moved };
}

/** So many equal steps in a row are a resolution of their own, not gaps. */
const runLength = 6;
/** A coarser resolution that covers so much of the time decides how all is read. */
const substantialShare = 0.1;

function stepsOf(at: readonly Instant[]): { stepMinutes: number; mixed: Mixed | null } {
  if (at.length < 2) return { stepMinutes: 1, mixed: null };
  // CloudWatch has no periods between whole minutes that it keeps for longer than three hours.
  const minutes = at.slice(1).map((later, index) => Math.max(1, Math.round((later - (at[index] ?? 0)) / minute)));
  const common = commonest(minutes);
  const total = ((at.at(-1) ?? 0) - (at[0] ?? 0)) / minute;
  const runs = runsOf(minutes);
  const covered = new Map<number, number>();
  for (const { step, length } of runs) covered.set(step, (covered.get(step) ?? 0) + step * length);
  const coarser = [...covered].filter(([step, time]) => step > common && time >= total * substantialShare);
  const stepMinutes = Math.max(common, ...coarser.map(([step]) => step));
  const finer = runs.find(({ step }) => step < stepMinutes);
  if (finer !== undefined) return { stepMinutes, mixed: { index: finer.index, finerMinutes: finer.step } };
  const short = stepMinutes === 1 ? shortRun(at) : -1;
  return { stepMinutes, mixed: short === -1 ? null : { index: short, finerMinutes: 0 } };
}

/** The first point of a run of steps that are shorter than a minute; stamps that come some seconds late have no run of them. */
function shortRun(at: readonly Instant[]): number {
  let length = 0;
  for (let index = 1; index < at.length; index += 1) {
    length = (at[index] ?? 0) - (at[index - 1] ?? 0) < minute * 0.75 ? length + 1 : 0;
    if (length === runLength) return index + 1 - length;
  }
  return -1;
}

interface Run {
  step: number;
  index: number;
  length: number;
}

function runsOf(minutes: readonly number[]): Run[] {
  const runs: Run[] = [];
  let run: Run = { step: 0, index: 0, length: 0 };
  for (const [index, step] of minutes.entries()) {
    if (step !== run.step) {
      run = { step, index, length: 0 };
      runs.push(run);
    }
    run.length += 1;
  }
  return runs.filter(({ length }) => length >= runLength);
}

/** The value that is there most often; of several the least. */
function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best = { value: 0, count: 0 };
  for (const [value, count] of counts) {
    if (count > best.count || (count === best.count && value < best.value)) best = { value, count };
  }
  return best.value;
}
