import { createReadStream } from "node:fs";
import { parseTimestamp } from "../shared/delivery/timestamp.ts";
import { Refused } from "../shared/failures.ts";
import type { Instant } from "../shared/instant.ts";
import type { Points } from "../shared/scaling/grid.ts";
import { printable, quoted } from "../shared/text.ts";
import { statOf } from "./documents.ts";

/** What is wrong with some rows of a file: the first of them, and how many. */
export interface Dirt {
  line: number;
  count: number;
  /** The first row that it was found in. */
  text: string;
}

export interface PointsFile {
  points: Points;
  /** The line that each point stands in. */
  lines: readonly number[];
  broken: Dirt | null;
  infinite: Dirt | null;
  unordered: Dirt | null;
  duplicates: Dirt | null;
}

/** More rows are no series that anybody back-tests: a year of one-minute points is 525,600. */
const maximumRows = 1_000_000;
/** A longer line is no row. */
const maximumLineLength = 65_536;

/**
 * The points of a file of `timestamp,value` rows, in the order of time. What is wrong with single rows is counted; of points
 * with the same stamp the larger counts. Throws `Refused` for a file that is missing, empty, without the two columns or
 * without one readable row.
 */
export async function readPoints(file: string): Promise<PointsFile> {
  const found = statOf(file);
  if (found.isDirectory()) throw new Refused(`${printable(file)}: is a directory, not a file of points`);
  const reading: Reading = { at: [], values: [], lines: [], broken: null, infinite: null, unordered: null };
  let columns: Columns | null = null;
  for await (const { text, number } of linesOf(file)) {
    if (reading.at.length >= maximumRows) {
      throw new Refused(`${printable(file)}:${number}: more than ${maximumRows} rows; split the file by time`);
    }
    if (columns !== null) {
      readRow(reading, { text, number }, columns);
      continue;
    }
    const first = columnsOf(file, { text, number });
    columns = first.columns;
    if (!first.isHeader) readRow(reading, { text, number }, columns);
  }
  if (columns === null) throw new Refused(`${printable(file)}: is empty; it needs rows of timestamp,value`);
  if (reading.at.length === 0) throw new Refused(`${printable(file)}: ${nothingRead(reading)}`);
  return distinct(reading.unordered === null ? reading : sorted(reading));
}

type Reading = {
  at: Instant[];
  values: number[];
  lines: number[];
} & Pick<PointsFile, "broken" | "infinite" | "unordered">;

interface Line {
  text: string;
  number: number;
}

interface Columns {
  timestamp: number;
  value: number;
}

function nothingRead({ broken, infinite }: Reading): string {
  const example = "a row looks like 2026-05-01T08:00:00Z,71.5";
  const first = broken ?? infinite;
  if (first === null) return `has a header and no row; ${example}`;
  return `no row could be read, the first is line ${first.line}, ${quoted(first.text)}; ${example}`;
}

/** The lines that are not blank. Holds no more than one chunk and one line. */
async function* linesOf(file: string): AsyncGenerator<Line> {
  let number = 0;
  let rest = "";
  const taken = (text: string): Line => {
    number += 1;
    return { text: number === 1 ? text.replace(/^\uFEFF/, "") : text, number };
  };
  for await (const chunk of chunksOf(file)) {
    const lines = `${rest}${chunk}`.split(/\r\n|\n|\r(?!$)/);
    // What is cut off here stays longer than any row may be.
    rest = (lines.pop() ?? "").slice(0, maximumLineLength + 2);
    for (const text of lines) {
      const line = taken(text);
      if (line.text.trim() !== "") yield line;
    }
  }
  const line = taken(rest);
  if (line.text.trim() !== "") yield line;
}

async function* chunksOf(file: string): AsyncGenerator<string> {
  try {
    for await (const chunk of createReadStream(file, { encoding: "utf8" })) yield String(chunk);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refused(`${printable(file)}: cannot be read: ${reason}`, { cause: error });
  }
}

function columnsOf(file: string, { text, number }: Line): { columns: Columns; isHeader: boolean } {
  const cells = cellsOf(text) ?? [];
  if (parseStamp(cells[0] ?? "") !== null) return { columns: { timestamp: 0, value: 1 }, isHeader: false };
  const names = cells.map((cell) => cell.toLowerCase());
  const columns = { timestamp: names.indexOf("timestamp"), value: names.indexOf("value") };
  const missing = [columns.timestamp === -1 ? "timestamp" : "", columns.value === -1 ? "value" : ""].filter(Boolean);
  if (missing.length === 0) return { columns, isHeader: true };
  const told = missing.map((name) => `no column "${name}"`).join(" and ");
  throw new Refused(
    `${printable(file)}:${number}: ${told} in ${quoted(text)}; name the columns of the first line timestamp,value`,
  );
}

function readRow(reading: Reading, { text, number }: Line, columns: Columns): void {
  const cells = text.length > maximumLineLength ? null : cellsOf(text);
  const at = parseStamp(cells?.[columns.timestamp] ?? "");
  const value = parseValue(cells?.[columns.value]);
  const dirt = (before: Dirt | null): Dirt => ({
    ...(before ?? { line: number, text: printable(text, 80) }),
    count: (before?.count ?? 0) + 1,
  });
  if (at === null || value === "broken") {
    reading.broken = dirt(reading.broken);
    return;
  }
  if (value === "infinite") {
    reading.infinite = dirt(reading.infinite);
    return;
  }
  if (at < (reading.at.at(-1) ?? at)) reading.unordered = dirt(reading.unordered);
  reading.at.push(at);
  reading.values.push(value);
  reading.lines.push(number);
}

/** The cells of one line; null when a quote is never closed. */
function cellsOf(text: string): string[] | null {
  if (!text.includes('"')) return text.split(",").map((cell) => cell.trim());
  const cells: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"\s*|([^",]*))(,|$)/y;
  while (pattern.lastIndex <= text.length) {
    const match = pattern.exec(text);
    if (match === null) return null;
    cells.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? "").trim());
    if (match[3] === "") break;
  }
  return cells;
}

/** A stamp with `T` or a space, with `Z`, an offset, or neither, which is UTC; seconds may be left out. */
function parseStamp(cell: string): Instant | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T\s]\s*(\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?\s*(z|[+-]\d\d(?::?\d\d)?)?$/i.exec(cell);
  if (match === null) return null;
  const [, date, time = "00:00", seconds = ":00", zone = "Z"] = match;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.toUpperCase();
  return parseTimestamp(`${date}T${time}${seconds}${offset}`);
}

function parseValue(cell: string | undefined): number | "broken" | "infinite" {
  if (cell === undefined) return "broken";
  if (/^([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)$/i.test(cell)) {
    const value = Number(cell);
    return Number.isFinite(value) ? value : "infinite";
  }
  return /^([+-]?(nan|inf|infinity)|null|none|)$/i.test(cell) ? "infinite" : "broken";
}

function sorted(reading: Reading): Reading {
  const order = reading.at.map((_, index) => index);
  order.sort((left, right) => (reading.at[left] ?? 0) - (reading.at[right] ?? 0));
  const arranged = (list: readonly number[]) => order.map((index) => list[index] ?? 0);
  return { ...reading, at: arranged(reading.at), values: arranged(reading.values), lines: arranged(reading.lines) };
}

function distinct({ at: stamps, values: all, lines: numbers, ...dirt }: Reading): PointsFile {
  const at: Instant[] = [];
  const values: number[] = [];
  const lines: number[] = [];
  const duplicates: Dirt = { line: Number.POSITIVE_INFINITY, count: 0, text: "" };
  for (const [index, stamp] of stamps.entries()) {
    const value = all[index] ?? 0;
    const line = numbers[index] ?? 0;
    if (stamp !== at.at(-1)) {
      at.push(stamp);
      values.push(value);
      lines.push(line);
      continue;
    }
    const last = at.length - 1;
    values[last] = Math.max(values[last] ?? value, value);
    duplicates.line = Math.min(line, duplicates.line);
    duplicates.count += 1;
  }
  return { points: { at, values }, lines, ...dirt, duplicates: duplicates.count === 0 ? null : duplicates };
}
