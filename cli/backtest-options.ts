import { statSync } from "node:fs";
import { Refused } from "../shared/failures.ts";
import { printable, quoted, suggestion } from "../shared/text.ts";

/** A metric and the file that it was recorded in. */
export interface MetricFile {
  metric: string;
  file: string;
}

/** What `--metric NAME=FILE` says, for metrics that have a rule. Throws `Refused` with the nearest name. */
export function readMetricFiles(words: readonly string[], known: readonly string[]): MetricFile[] {
  const files = words.map((word) => {
    const at = word.indexOf("=");
    const metric = at === -1 ? "" : word.slice(0, at);
    const file = word.slice(at + 1);
    if (metric === "" || file === "")
      throw new Refused(`--metric ${quoted(word)} must be NAME=FILE, as in cpu=FILE.csv`);
    if (!known.includes(metric)) {
      throw new Refused(`--metric ${quoted(metric)} has no rule${suggestion(metric, known)} (${known.join(", ")})`);
    }
    return { metric, file };
  });
  for (const [index, { metric }] of files.entries()) {
    if (files.findIndex((each) => each.metric === metric) === index) continue;
    throw new Refused(`--metric ${quoted(metric)} is given twice; a rule has one series`);
  }
  return files;
}

export interface Bounds {
  minimum: number;
  /** Null: there is none. */
  maximum: number | null;
  /** Null: the recording says it. */
  initial: number | null;
}

/** As much as CloudWatch's largest group, and far more than anybody has. */
const mostCapacity = 1_000_000;
/** An open loop's load never goes down by itself, so that it would be answered without end. */
const openLoopGrowth = 10;

interface Stated {
  minimum: number;
  maximum: number | null;
  isOpenLoop: boolean;
}

/** What `--minimum`, `--maximum` and `--initial` say. Throws `Refused` where they contradict each other. */
export function readBounds(texts: Readonly<Record<string, string>>, stated: Stated): Bounds {
  const minimum = texts.minimum === undefined ? stated.minimum : readCapacity("--minimum", texts.minimum);
  const given = texts.maximum === undefined ? stated.maximum : readCapacity("--maximum", texts.maximum);
  if (given !== null && minimum > given) throw new Refused(`--minimum ${minimum} is more than --maximum ${given}`);
  const wanted = texts.initial === undefined ? null : readCapacity("--initial", texts.initial);
  refuseOutside(wanted, minimum, given);
  const twice = Math.max(1, minimum * 2);
  const initial = wanted ?? (stated.isOpenLoop ? Math.min(twice, given ?? twice) : null);
  const grown = initial === null || !stated.isOpenLoop ? null : Math.max(1, initial) * openLoopGrowth;
  return { minimum, maximum: given ?? (grown === null ? null : Math.min(grown, mostCapacity)), initial };
}

function refuseOutside(initial: number | null, minimum: number, maximum: number | null): void {
  if (initial === null) return;
  if (initial < minimum) throw new Refused(`--initial ${initial} is less than the minimum, which is ${minimum}`);
  if (maximum === null || initial <= maximum) return;
  throw new Refused(`--initial ${initial} is more than the maximum, which is ${maximum}`);
}

function readCapacity(option: string, text: string): number {
  const capacity = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (capacity <= mostCapacity) return capacity;
  throw new Refused(`${option} ${quoted(text)} must be a whole number from 0 to ${mostCapacity}`);
}

/** Refuses a picture that would overwrite what is read, whatever way leads there: another spelling, a symbolic link or a hard one. */
export function refuseOverwriting(
  svg: string | undefined,
  files: readonly string[],
  { local }: Readonly<Record<string, string>>,
): void {
  const wanted = svg === undefined ? null : identityOf(svg);
  if (svg === undefined || wanted === null) return;
  const isSame = (file: string) => identityOf(file) === wanted;
  const what = files.some(isSame) ? "a recording" : local !== undefined && isSame(local) ? "your configuration" : null;
  if (what === null) return;
  throw new Refused(`--svg ${printable(svg)} would overwrite ${what}; name another file`);
}

/** The same for all names of one file; null where there is none yet, which nothing can be lost of. */
function identityOf(file: string): string | null {
  try {
    const found = statSync(file, { bigint: true });
    return `${found.dev} ${found.ino}`;
  } catch {
    return null;
  }
}
