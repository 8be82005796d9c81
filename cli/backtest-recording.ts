import type { Configuration } from "../shared/configuration/schema.ts";
import { Refused } from "../shared/failures.ts";
import { type Instant, iso, minute } from "../shared/instant.ts";
import type { Points } from "../shared/scaling/grid.ts";
import { type Recorded, stepsOf } from "../shared/scaling/playback.ts";
import { ruleOf } from "../shared/scaling/policy.ts";
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
  bounds: Bounds & { initial: number };
  warnings: readonly string[];
}

/** The series that the options name. Throws `Refused` for the first that does not fit. */
export async function readRecording({ texts, lists }: Arguments, configuration: Configuration): Promise<ReadRecording> {
  const { scaling } = configuration;
  const files = readMetricFiles(lists.metric ?? [], Object.keys(scaling.rules));
  if (files.length === 0) throw new Refused("nothing to test: --metric NAME=FILE, as in --metric cpu=FILE.csv");
  refuseOverwriting(texts.svg, [...files.map(({ file }) => file), texts.capacity ?? ""]);
  const isOpenLoop = texts.capacity === undefined;
  const bounds = readBounds(texts, { minimum: scaling.minimum, maximum: null, isOpenLoop });
  const metrics: ReadMetric[] = [];
  const warnings: string[] = [];
  for (const { metric, file } of files) {
    const { grid, duplicates, warnings: dirt } = await readSeries(file);
    // A recording does not say what its gaps mean, and what is missing can never scale in.
    const rule = ruleOf(metric, { periodSeconds: grid.stepMinutes * 60, absence: "unknown" }, scaling);
    metrics.push({ rule, grid, truth: grid.values, source: file, duplicates });
    warnings.push(...dirt, ...tooWide(metric, grid.stepMinutes, { out: rule.out === null, in: rule.in === null }));
  }
  warnings.push(...apart(metrics));
  if (texts.capacity === undefined) {
    warnings.push("without --capacity the metrics do not answer to what is decided, and nothing is projected");
    return { metrics, capacity: null, bounds: { ...bounds, initial: bounds.initial ?? 1 }, warnings };
  }
  const { points, warnings: dirt } = await readCapacities(texts.capacity);
  const from = Math.min(...metrics.map(({ grid }) => grid.from));
  const initial = bounds.initial ?? Math.round(stepsOf(points)(from));
  return { metrics, capacity: points, bounds: { ...bounds, initial }, warnings: [...warnings, ...dirt] };
}

function tooWide(metric: string, stepMinutes: number, isBlind: { out: boolean; in: boolean }): string[] {
  if (!isBlind.out && !isBlind.in) return [];
  const which = isBlind.out && isBlind.in ? "its rule is" : isBlind.out ? "its out rule is" : "its in rule is";
  return [`${metric}: points of ${stepMinutes} minutes are too wide: ${which} unknown throughout`];
}

/** Series of different times say nothing together. */
function apart(metrics: readonly ReadMetric[]): string[] {
  const times = metrics.map(({ rule, grid }) => ({
    name: rule.metric,
    from: grid.from,
    to: grid.from + grid.values.length * grid.stepMinutes * minute,
  }));
  return times.flatMap((time, index) => {
    const stranger = times.slice(0, index).find(({ from, to }) => time.to <= from || to <= time.from);
    if (stranger === undefined) return [];
    const shown = (at: Instant) => iso(at).slice(0, 16);
    const ends = ({ from, to }: typeof time) => `${shown(from)}Z to ${shown(to)}Z`;
    return [`${time.name} (${ends(time)}) and ${stranger.name} (${ends(stranger)}) are of different times`];
  });
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
