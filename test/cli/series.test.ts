import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readSeries } from "../../cli/series.ts";
import { clockPutBack, csvOf, misconfiguredGroup } from "../scaling/generators.ts";

const folder = mkdtempSync(join(tmpdir(), "nightshift-series-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string | Buffer, name = "series.csv"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What is said of a file's dirt, without the folder. */
async function said(text: string): Promise<string[]> {
  const { warnings } = await readSeries(file(text));
  return warnings.map((line) => line.replace(`${folder}/`, ""));
}

const midnight = Date.UTC(2026, 4, 1);
const three = [71, 72, 73];

describe("what is read without a word", () => {
  test.each([
    [
      "a space between day and time",
      "timestamp,value\n2026-05-01 00:00:00,71\n2026-05-01 00:05:00,72\n2026-05-01 00:10:00,73\n",
    ],
    [
      "T, Z and fractions",
      "timestamp,value\n2026-05-01T00:00:00Z,71\n2026-05-01T00:05:00.000Z,72\n2026-05-01t00:10:00.5z,73",
    ],
    ["offsets", "timestamp,value\n2026-05-01T02:00:00+02:00,71\n2026-04-30T19:05:00-0500,72\n2026-05-01 02:10+02,73\n"],
    ["T and no zone is UTC", "timestamp,value\n2026-05-01T00:00:00,71\n2026-05-01T00:05,72\n2026-05-01T00:10:00,73\n"],
    ["a day alone", "timestamp,value\n2026-05-01,71\n2026-05-01T00:05:00Z,72\n2026-05-01T00:10:00Z,73\n"],
    [
      "any order of columns, and others",
      "Label,VALUE,x,TimeStamp\n0,71,,2026-05-01 00:00:00\n0,72,,2026-05-01 00:05:00\n1,73,,2026-05-01 00:10:00\n",
    ],
    [
      "quotes, with commas in other cells",
      '"timestamp","note","value"\n"2026-05-01 00:00:00","a, ""b""","71"\n"2026-05-01 00:05:00",,72\n2026-05-01 00:10:00,"",73\n',
    ],
    ["no header", "2026-05-01 00:00:00,71\n2026-05-01 00:05:00,72\n2026-05-01 00:10:00,73\n"],
    [
      "no header, and more columns",
      "2026-05-01 00:00:00,71,Percent\n2026-05-01 00:05:00,72,Percent\n2026-05-01 00:10:00,73,Percent\n",
    ],
    [
      "a byte-order mark, carriage returns and blank lines",
      "\uFEFFtimestamp,value\r\n\r\n2026-05-01 00:00:00,71\r\n2026-05-01 00:05:00,72\r\n  \r\n2026-05-01 00:10:00,73\r\n\r\n",
    ],
    [
      "carriage returns alone",
      "timestamp,value\r2026-05-01 00:00:00,71\r2026-05-01 00:05:00,72\r2026-05-01 00:10:00,73\r",
    ],
    [
      "blanks around cells, signs and exponents",
      " timestamp , value \n 2026-05-01 00:00:00 , +71.0 \n2026-05-01 00:05:00,7.2e1\n2026-05-01 00:10:00,73.\n",
    ],
  ])("%s", async (_, text) => {
    const { grid, duplicates, warnings } = await readSeries(file(text));
    expect(warnings).toEqual([]);
    expect(grid).toMatchObject({ stepMinutes: 5, from: midnight, values: three, points: 3, gaps: 0 });
    expect(duplicates).toBe(0);
  });

  test("two months of five-minute points, in well under a second", async () => {
    const rows = misconfiguredGroup({ seed: "two months", days: 62.5, offsetMinutes: 4 });
    const path = file(csvOf(rows));
    const before = process.cpuUsage();
    const { grid, warnings } = await readSeries(path);
    const { user, system } = process.cpuUsage(before);
    expect(warnings).toEqual([]);
    expect(grid).toMatchObject({ stepMinutes: 5, points: 18_000, gaps: 0 });
    expect((user + system) / 1_000_000).toBeLessThan(1);
  });
});

describe("dirt is tolerated, counted, and told in one line with the first line that has it", () => {
  const head = "timestamp,value\n2026-05-01 00:00:00,71\n2026-05-01 00:05:00,72\n";

  test.each([
    [
      "a broken row",
      `${head}yesterday,3\n2026-05-01 00:10:00,much\n2026-05-01 00:15:00\n`,
      'series.csv:4: 3 rows are broken and left out; the first is "yesterday,3"',
    ],
    ["a day that does not exist", `${head}2026-02-30 00:10:00,3\n`, "series.csv:4: 1 row is broken and left out"],
    ["a quote that is never closed", `${head}"2026-05-01 00:10:00,3\n`, "series.csv:4: 1 row is broken"],
    [
      "NaN, infinite and empty",
      `${head}2026-05-01 00:10:00,NaN\n2026-05-01 00:15:00,-Infinity\n2026-05-01 00:20:00,\n2026-05-01 00:25:00,1e999\n2026-05-01 00:30:00,7\n`,
      "series.csv:4: 4 values are NaN, infinite or empty, read as missing",
    ],
    [
      "unordered stamps",
      `${head}2026-05-01 00:15:00,73\n2026-05-01 00:10:00,74\n`,
      "series.csv:5: 1 row is older than the one before; the series was sorted",
    ],
    [
      "duplicate stamps",
      `${head}2026-05-01 00:05:00,99\n2026-05-01T00:05:00Z,5\n`,
      "series.csv:4: 2 stamps are there already; the larger value counts, because it can never cause a scale-in",
    ],
    [
      "points beside the grid",
      `${head}2026-05-01 00:10:00,73\n2026-05-01 00:16:00,74\n`,
      "series.csv:5: mixed steps: 1 point is beside the grid of 5 minutes that most are on; each was moved to the nearest place",
    ],
  ])("%s", async (_, text, line) => {
    const lines = await said(text);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(line);
  });

  test("values that are no number are gaps, and so is what is not there", async () => {
    const { grid } = await readSeries(file(`${head}2026-05-01 00:10:00,NaN\n2026-05-01 00:25:00,7\n`));
    expect(grid).toMatchObject({ points: 3, gaps: 3, values: [71, 72, null, null, null, 7] });
  });

  test("the larger of two values at one stamp counts, in any order", async () => {
    const { grid, duplicates } = await readSeries(file(`${head}2026-05-01 00:05:00,99\n2026-05-01 00:00:00,1\n`));
    expect(grid.values).toEqual([71, 99]);
    expect(duplicates).toBe(2);
  });

  test("a clock that was put back writes an hour twice", async () => {
    const rows = misconfiguredGroup({ seed: "clock", days: 2, offsetMinutes: 2 });
    const from = (rows[0]?.at ?? 0) + 24 * 60 * 60_000;
    const { grid, duplicates, warnings } = await readSeries(file(csvOf(clockPutBack(rows, from))));
    expect(duplicates).toBe(12);
    expect(grid).toMatchObject({ stepMinutes: 5, points: 2 * 288 - 12, gaps: 0, moved: null });
    expect(warnings.map((line) => line.split(": ")[1])).toEqual([
      "1 row is older than the one before; the series was sorted",
      "12 stamps are there already; the larger value counts, because it can never cause a scale-in",
    ]);
  });

  test("two resolutions", async () => {
    const stamp = (minutes: number) => new Date(midnight + minutes * 60_000).toISOString();
    const five = Array.from({ length: 30 }, (_, index) => `${stamp(index * 5)},50`);
    const one = Array.from({ length: 50 }, (_, index) => `${stamp(150 + index)},60`);
    expect(await said(["timestamp,value", ...five, ...one].join("\n"))).toEqual([
      "series.csv:32: mixed steps: 1 minute here; all is read at 5 minutes, each as the highest of its points, which can never cause a scale-in and may scale out early",
    ]);
  });

  test("each kind has its own line, and no line more", async () => {
    const lines = await said(`${head}x\ny\n2026-05-01 00:05:00,NaN\n2026-05-01 00:00:00,7\n2026-05-01 00:11:00,7\n`);
    expect(lines.map((line) => line.split(":")[1])).toEqual(["4", "6", "7", "7", "8"]);
  });

  test("a line of a megabyte is a broken row, and does not fill the memory", async () => {
    const { grid, warnings } = await readSeries(file(`${head}${"9".repeat(1_000_000)}\n2026-05-01 00:10:00,73\n`));
    expect(grid.values).toEqual([71, 72, 73]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.length).toBeLessThan(300);
  });
});

describe("what is no series is refused with one line that says how to mend it", () => {
  test.each([
    ["an empty file", "", "series.csv: is empty; it needs rows of timestamp,value"],
    ["blank lines", "\n\n  \r\n", "series.csv: is empty; it needs rows of timestamp,value"],
    [
      "a header alone",
      "timestamp,value\n",
      "series.csv: has a header and no row; a row looks like 2026-05-01T08:00:00Z,71.5",
    ],
    [
      "no readable row",
      "timestamp,value\n1,2\n3,4\n",
      'series.csv: no row could be read, the first is line 2, "1,2"; a row looks like',
    ],
    [
      "nothing but NaN",
      "timestamp,value\n2026-05-01 00:00:00,NaN\n",
      "series.csv: no row could be read, the first is line 2",
    ],
    [
      "another header",
      "time,value\n2026-05-01 00:00:00,1\n",
      'series.csv:1: no column "timestamp" in "time,value"; name the columns of the first line timestamp,value',
    ],
    [
      "semicolons",
      "timestamp;value\n2026-05-01 00:00:00;1\n",
      'series.csv:1: no column "timestamp" and no column "value" in',
    ],
    ["no text at all", Buffer.from([0, 1, 2, 255, 254]), 'series.csv:1: no column "timestamp"'],
    [
      "a stamp of another decade",
      "2001-01-01 00:00:00,1\n2026-05-01 00:00:00,1\n2026-05-01 00:01:00,1\n2026-05-01 00:02:00,1\n",
      "are more than 1,000,000 points; remove the stray stamp, or split the file",
    ],
  ])("%s", async (_, text, line) => {
    await expect(readSeries(file(text))).rejects.toThrow(
      expect.objectContaining({ name: "Refused", message: expect.stringContaining(line) }),
    );
  });

  test.each([
    [() => join(folder, "missing.csv"), "missing.csv: there is no such file"],
    [() => folder, "is a directory, not a file of points"],
  ])("%o", async (path, line) => {
    await expect(readSeries(path())).rejects.toThrow(
      expect.objectContaining({ name: "Refused", message: expect.stringContaining(line) }),
    );
  });
});
