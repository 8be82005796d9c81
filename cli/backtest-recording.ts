import type { Configuration } from "../shared/configuration/schema.ts";
import { Refused } from "../shared/failures.ts";
import { type Instant, iso, minute } from "../shared/instant.ts";
import { type BacktestSetting, noCalendar } from "../shared/scaling/backtest.ts";
import type { Points } from "../shared/scaling/grid.ts";
import { type Recorded, stepsOf } from "../shared/scaling/playback.ts";
import { policyOf, ruleOf } from "../shared/scaling/policy.ts";
import type { Rule } from "../shared/scaling/types.ts";
import { printable } from "../shared/text.ts";
import { type Bounds, readBounds, readMetricFiles, refuseOverwriting } from "./backtest-options.ts";
import type { Arguments } from "./command.ts";
import { readPoints } from "./points.ts";
import { dirtOf, readSeries } from "./series.ts";

/** A metric, where it was read from, and what was found in it. */
export interface ReadMetric extends Recorded {
  source: string;
  duplicates: number;
}

export interface ReadRecording {
  metrics: readonly ReadMetric[];
  capacity: Points | null;
  setting: BacktestSetting;
  warnings: readonly string[];
}

/** The series that the options name. Throws `Refused` for the first that does not fit. */
export async function readRecording({ texts, lists }: Arguments, configuration: Configuration): Promise<ReadRecording> {
  const { scaling } = configuration;
  const files = readMetricFiles(lists.metric ?? [], Object.keys(scaling.rules));
  if (files.length === 0) throw new Refused("nothing to test: --metric NAME=FILE, as in --metric cpu=FILE.csv");
  refuseOverwriting(texts.svg, [...files.map(({ file }) => file), texts.capacity ?? ""], texts);
  const isOpenLoop = texts.capacity === undefined;
  const bounds = readBounds(texts, { minimum: scaling.minimum, maximum: null, isOpenLoop });
  const metrics: ReadMetric[] = [];
  const warnings: string[] = [];
  for (const { metric, file } of files) {
    const { grid, duplicates, warnings: dirt } = await readSeries(file);
    // A recording does not say what its gaps mean, and what is missing can never scale in.
    const rule = ruleOf(metric, { periodSeconds: grid.stepMinutes * 60, absence: "unknown" }, scaling);
    metrics.push({ rule, grid, truth: grid.values, source: file, duplicates });
    warnings.push(...dirt, ...tooWide(rule, grid.stepMinutes));
  }
  warnings.push(...apart(metrics));
  const { capacity, initial, warnings: more } = await readCapacity(texts.capacity, metrics, bounds);
  const policy = policyOf(
    "recording",
    metrics.map(({ rule }) => rule),
    limitsOf(bounds),
    scaling,
  );
  return { metrics, capacity, setting: { policy, initial, calendar: noCalendar }, warnings: [...warnings, ...more] };
}

/** Bounds as a configuration has them. */
export function limitsOf({ minimum, maximum }: Bounds): { minimum: number; maximum?: number } {
  return maximum === null ? { minimum } : { minimum, maximum };
}

interface ReadCapacity {
  capacity: Points | null;
  initial: number;
  warnings: string[];
}

/** What `--capacity` says; without it the loop is open, and the bounds say what it starts with. */
export async function readCapacity(
  file: string | undefined,
  metrics: readonly ReadMetric[],
  { initial }: Bounds,
): Promise<ReadCapacity> {
  if (file === undefined) {
    const warning = "without --capacity the metrics do not answer to what is decided, and nothing is projected";
    return { capacity: null, initial: initial ?? 1, warnings: [warning] };
  }
  const { points, warnings } = await readCapacities(file);
  const from = Math.min(...metrics.map(({ grid }) => grid.from));
  const first = Math.round(stepsOf(points)(from));
  return { capacity: points, initial: initial ?? first, warnings: [...warnings, ...strange(points, metrics)] };
}

/** A capacity of other times than the metrics' is most likely the wrong file. */
function strange({ at, values }: Points, metrics: readonly ReadMetric[]): string[] {
  const time = { name: "the capacity", from: at[0] ?? 0, to: (at.at(-1) ?? 0) + minute };
  const times = metrics.filter(({ grid }) => grid.points > 0).map(timeOf);
  const [first] = times;
  if (first === undefined || times.some((each) => overlap(time, each))) return [];
  const value = time.to <= first.from ? values.at(-1) : values[0];
  return [`${shownTime(time)} and ${shownTime(first)} are of different times; ${value} is taken for all of it`];
}

/** Points that are too wide for a rule make it unknown, which is said once. */
export function tooWide({ metric, out, in: low }: Rule, stepMinutes: number): string[] {
  const isBlind = { out: out === null, in: low === null };
  if (!isBlind.out && !isBlind.in) return [];
  const which = isBlind.out && isBlind.in ? "its rule is" : isBlind.out ? "its out rule is" : "its in rule is";
  return [`${metric}: points of ${stepMinutes} minutes are too wide: ${which} unknown throughout`];
}

interface Time {
  name: string;
  from: Instant;
  to: Instant;
}

/** Series of different times say nothing together. */
function apart(metrics: readonly ReadMetric[]): string[] {
  const times = metrics.map(timeOf);
  return times.flatMap((time, index) => {
    const stranger = times.slice(0, index).find((each) => !overlap(time, each));
    return stranger === undefined ? [] : [`${shownTime(time)} and ${shownTime(stranger)} are of different times`];
  });
}

function timeOf({ rule, grid }: ReadMetric): Time {
  const to = grid.from + grid.values.length * grid.stepMinutes * minute;
  return { name: rule.metric, from: grid.from, to };
}

function overlap(one: Time, other: Time): boolean {
  return one.from < other.to && other.from < one.to;
}

function shownTime({ name, from, to }: Time): string {
  const shown = (at: Instant) => iso(at).slice(0, 16);
  return `${name} (${shown(from)}Z to ${shown(to)}Z)`;
}

async function readCapacities(file: string): Promise<{ points: Points; warnings: string[] }> {
  const read = await readPoints(file);
  const impossible = read.points.values.findIndex((value) => value < 0);
  if (impossible !== -1) {
    const line = read.lines[impossible] ?? 1;
    throw new Refused(`${printable(file)}:${line}: a capacity must not be negative`);
  }
  return { points: read.points, warnings: dirtOf(file, read) };
}
