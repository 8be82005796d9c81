import type { Instant } from "../../shared/instant.ts";

/** What was measured from one stamp to the next. */
export interface Samples {
  sum: number;
  count: number;
  minimum: number;
  maximum: number;
}

/**
 * One metric with one set of dimensions, as columns in the order of the stamps: thirty thousand of these are read every
 * minute, and an object for each point would be most of what is measured.
 */
export interface Series {
  stamps: Instant[];
  sums: number[];
  /** Null while every stamp has a single sample, which is its sum as well as all the rest. */
  spread: Spread | null;
  /** What nobody can see yet, in the order in which it was put. */
  late: Late | null;
}

interface Spread {
  counts: number[];
  minima: number[];
  maxima: number[];
}

interface Late {
  nextAt: Instant;
  availableAt: Instant[];
  stamps: Instant[];
  values: (number | Samples)[];
}

export function emptySeries(): Series {
  return { stamps: [], sums: [], spread: null, late: null };
}

/** From now on, or from when it becomes available, this is all that there is at its stamp. */
export function setPoint(
  series: Series,
  point: { at: Instant; value: number | Samples; availableAt: Instant; now: Instant },
): void {
  const { at, value, availableAt, now } = point;
  reveal(series, now);
  if (availableAt <= now) {
    write(series, at, value);
    return;
  }
  series.late ??= { nextAt: availableAt, availableAt: [], stamps: [], values: [] };
  series.late.nextAt = Math.min(series.late.nextAt, availableAt);
  series.late.availableAt.push(availableAt);
  series.late.stamps.push(at);
  series.late.values.push(value);
}

/** Adds to whatever is at the stamp. */
export function addSamples(series: Series, at: Instant, samples: Samples): void {
  const index = firstNotBefore(series.stamps, at);
  if (series.stamps[index] !== at) {
    write(series, at, samples.count === 1 ? samples.sum : samples);
    return;
  }
  write(series, at, {
    sum: statistics.Sum(series, index, index + 1) + samples.sum,
    count: statistics.SampleCount(series, index, index + 1) + samples.count,
    minimum: Math.min(statistics.Minimum(series, index, index + 1), samples.minimum),
    maximum: Math.max(statistics.Maximum(series, index, index + 1), samples.maximum),
  });
}

/** What has become available takes its place: that which did so first, first. */
export function reveal(series: Series, now: Instant): void {
  const { late } = series;
  if (late === null || late.nextAt > now) return;
  series.late = null;
  const order = late.availableAt.map((_, index) => index);
  order.sort((left, right) => (late.availableAt[left] ?? 0) - (late.availableAt[right] ?? 0) || left - right);
  for (const index of order) {
    const [at = 0, value = 0, availableAt = 0] = [late.stamps[index], late.values[index], late.availableAt[index]];
    if (availableAt <= now) write(series, at, value);
    else setPoint(series, { at, value, availableAt, now });
  }
}

function write(series: Series, at: Instant, value: number | Samples): void {
  const { stamps, sums } = series;
  const isNumber = typeof value === "number";
  if (!isNumber) series.spread ??= singles(sums);
  const index = at > (stamps.at(-1) ?? Number.NEGATIVE_INFINITY) ? stamps.length : firstNotBefore(stamps, at);
  if (index < stamps.length && stamps[index] !== at) makeRoom(series, index);
  stamps[index] = at;
  sums[index] = isNumber ? value : value.sum;
  if (series.spread === null) return;
  series.spread.counts[index] = isNumber ? 1 : value.count;
  series.spread.minima[index] = isNumber ? value : value.minimum;
  series.spread.maxima[index] = isNumber ? value : value.maximum;
}

function makeRoom({ stamps, sums, spread }: Series, index: number): void {
  for (const column of [stamps, sums, ...Object.values<number[]>({ ...spread })]) column.splice(index, 0, 0);
}

function singles(sums: readonly number[]): Spread {
  return { counts: sums.map(() => 1), minima: [...sums], maxima: [...sums] };
}

/** Where the first stamp is that is not before `at`; one past the end if all are. */
export function firstNotBefore(stamps: readonly Instant[], at: Instant): number {
  let low = 0;
  let high = stamps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stamps[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

export type Statistic = "Average" | "Sum" | "Minimum" | "Maximum" | "SampleCount";

/** Each of the points from one index up to, and without, another. */
const statistics: Record<Statistic, (series: Series, from: number, to: number) => number> = {
  Average: (series, from, to) => total(series.sums, from, to) / statistics.SampleCount(series, from, to),
  Sum: ({ sums }, from, to) => total(sums, from, to),
  Minimum: ({ sums, spread }, from, to) => extreme(Math.min, spread?.minima ?? sums, from, to),
  Maximum: ({ sums, spread }, from, to) => extreme(Math.max, spread?.maxima ?? sums, from, to),
  SampleCount: ({ spread }, from, to) => (spread === null ? to - from : total(spread.counts, from, to)),
};

function total(column: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index++) sum += column[index] ?? 0;
  return sum;
}

function extreme(of: (one: number, other: number) => number, column: readonly number[], from: number, to: number) {
  let found = column[from] ?? 0;
  for (let index = from + 1; index < to; index++) found = of(found, column[index] ?? found);
  return found;
}

export interface Bins {
  /** How many periods after the beginning each of them begins: those in which there is a point, ascending. */
  numbers: number[];
  values: number[];
}

/** What there is of a series from an instant up to, and without, another, by periods that are counted from `from`. */
export function binsOf(
  series: Series,
  span: { from: Instant; to: Instant; periodMs: number },
  statistic: Statistic,
  oldest: Instant,
): Bins {
  const { stamps } = series;
  const high = firstNotBefore(stamps, span.to);
  const bins: Bins = { numbers: [], values: [] };
  let index = firstNotBefore(stamps, Math.max(span.from, oldest));
  while (index < high) {
    const number = Math.floor(((stamps[index] ?? 0) - span.from) / span.periodMs);
    const end = span.from + (number + 1) * span.periodMs;
    let next = index + 1;
    while (next < high && (stamps[next] ?? 0) < end) next++;
    bins.numbers.push(number);
    bins.values.push(statistics[statistic](series, index, next));
    index = next;
  }
  return bins;
}
