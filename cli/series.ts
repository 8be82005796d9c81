import { Refused } from "../shared/failures.ts";
import { iso } from "../shared/instant.ts";
import { type Grid, maximumPeriods, onGrid } from "../shared/scaling/grid.ts";
import { printable, quoted } from "../shared/text.ts";
import { type PointsFile, readPoints } from "./points.ts";

export interface Series {
  grid: Grid;
  duplicates: number;
  /** What is wrong with the file: each kind of dirt in one line, with the first line that has it. */
  warnings: readonly string[];
}

/** A recorded series on its grid. Throws `Refused` for a file that holds none; dirt is tolerated, counted and told. */
export async function readSeries(file: string): Promise<Series> {
  const read = await readPoints(file);
  const grid = onGrid(read.points);
  if (grid === null) throw new Refused(`${printable(file)}: ${tooLong(read)}`);
  const duplicates = read.duplicates?.count ?? 0;
  return { grid, duplicates, warnings: [...dirtOf(file, read), ...gridDirtOf(file, read, grid)] };
}

/** What is wrong with single rows, one line for each kind. */
export function dirtOf(file: string, { broken, infinite, unordered, duplicates }: PointsFile): string[] {
  const lines: string[] = [];
  const tell = (line: number, words: string) => lines.push(`${printable(file)}:${line}: ${words}`);
  if (broken !== null) {
    tell(broken.line, `${counted(broken.count, "row")} broken and left out; the first is ${quoted(broken.text)}`);
  }
  if (infinite !== null) {
    tell(infinite.line, `${counted(infinite.count, "value")} NaN, infinite or empty, read as missing`);
  }
  if (unordered !== null) {
    tell(unordered.line, `${counted(unordered.count, "row")} older than the one before; the series was sorted`);
  }
  if (duplicates !== null) {
    const why = "the larger value counts, because it can never cause a scale-in";
    tell(duplicates.line, `${counted(duplicates.count, "stamp")} there already; ${why}`);
  }
  return lines;
}

const highest = "each as the highest of its points, which can never cause a scale-in and may scale out early";

function gridDirtOf(file: string, { lines }: PointsFile, { mixed, moved, stepMinutes }: Grid): string[] {
  const place = (index: number) => `${printable(file)}:${lines[index] ?? 1}`;
  if (mixed !== null) {
    const finer = mixed.finerMinutes === 0 ? "less than a minute" : minutes(mixed.finerMinutes);
    return [`${place(mixed.index)}: mixed steps: ${finer} here; all is read at ${minutes(stepMinutes)}, ${highest}`];
  }
  if (moved === null) return [];
  const words = `${counted(moved.count, "point")} beside the grid of ${minutes(stepMinutes)} that most are on`;
  return [`${place(moved.index)}: mixed steps: ${words}; each was moved to the nearest place`];
}

function tooLong({ points }: PointsFile): string {
  const [first = 0] = points.at;
  const last = points.at.at(-1) ?? 0;
  const many = maximumPeriods.toLocaleString("en");
  return `from ${iso(first)} to ${iso(last)} are more than ${many} points; remove the stray stamp, or split the file`;
}

function minutes(count: number): string {
  return count === 1 ? "1 minute" : `${count} minutes`;
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun} is` : `${count} ${noun}s are`;
}
