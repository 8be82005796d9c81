import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { holdColours, tag } from "../../cli/svg-marks.ts";
import { burstyIdle, csvOf, misconfiguredGroup, type Row } from "../scaling/generators.ts";
import { nightshift } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "nightshift-svg-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The picture of these series. */
async function drawn(series: Record<string, readonly Row[]>, name = "series", more: string[] = []): Promise<string> {
  const words = Object.entries(series).flatMap(([metric, rows]) => {
    const path = join(folder, `${name} ${metric}.csv`);
    writeFileSync(path, csvOf(rows));
    return ["--metric", `${metric}=${path}`];
  });
  const picture = join(folder, "picture.svg");
  const { code, output } = await nightshift(["backtest", ...words, "--svg", picture, ...more]);
  expect(code).toBe(0);
  expect(output).toContain(`drawn: ${picture}`);
  return readFileSync(picture, "utf8");
}

/** Every element is closed, in order, and nothing stands there raw. */
function expectWellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z0-9:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot|#39);[^"<&]*)*")*)(\/?)>/g,
    (_, end, name, __, self) => {
      if (end === "/") expect(open.pop()).toBe(name);
      else if (self !== "/") open.push(name);
      return "";
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>"]|&(?!(amp|lt|gt|quot|#39);)/);
}

const bursts = burstyIdle({ seed: "picture", days: 14 });

describe("the picture", () => {
  test("shows the series, its thresholds, decisions, holds, the capacity and the time", async () => {
    const svg = await drawn({ cpu: bursts });
    expectWellFormed(svg);
    expect(svg).toContain("Back-test of cpu (series cpu.csv)");
    expect(svg).toContain(">out &gt; 70<");
    expect(svg).toContain(">in &lt; 30<");
    expect(svg).toMatch(/<polygon [^>]*><title>(\d+ times out, the last: )?out \d+ → \d+: cpu &gt; 70 for 10 min</);
    expect(svg).toMatch(/<polygon [^>]*><title>(\d+ times in, the last: )?in \d+ → \d+: cpu &lt; 30 for 30 min</);
    expect(svg).toContain("<title>held: cooldown</title>");
    expect(svg).toContain("<title>held: minimum</title>");
    expect(svg).toContain(">capacity<");
    expect(svg).toContain(">2026-03-04<");
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  test("has a panel for each metric", async () => {
    const svg = await drawn({ cpu: bursts, memory: bursts });
    expectWellFormed(svg);
    expect(svg.match(/ font-weight="600">(cpu|memory|capacity)</g)).toHaveLength(3);
  });

  test.each([
    ["an hour", bursts.slice(0, 12)],
    ["one point", bursts.slice(0, 1)],
    ["nothing but zeros", bursts.map(({ at }) => ({ at, value: 0 }))],
    ["below zero", bursts.map(({ at }) => ({ at, value: -5 }))],
    ["very large", bursts.map(({ at, value }) => ({ at, value: value * 1e12 }))],
  ])("of %s", async (_, rows) => {
    const svg = await drawn({ cpu: rows });
    expectWellFormed(svg);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  test("of values below zero stays within its panel", async () => {
    const svg = await drawn({ cpu: bursts.map(({ at, value }, index) => ({ at, value: index % 2 ? -50 : value })) });
    const [, line = ""] = / d="(M[^"]*)" fill="none" stroke="#24292f"/.exec(svg) ?? [];
    const heights = [...line.matchAll(/[ML]\d+ (-?[\d.]+)/g)].map(([, y]) => Number(y));
    expect(heights.length).toBeGreaterThan(100);
    expect(Math.max(...heights)).toBeLessThanOrEqual(92 + 170);
    expect(svg).toMatch(/<text [^>]*>-50</);
  });

  test("shows what was not sustained, where nothing else held, and names every colour of a hold", async () => {
    const from = bursts[0]?.at ?? 0;
    const values = [...new Array(60).fill(50), 90, ...new Array(60).fill(50)];
    const svg = await drawn({ cpu: values.map((value, index) => ({ at: from + index * 300_000, value })) });
    expect(svg).toContain("<title>held: not-sustained</title>");
    const legend = [...svg.matchAll(/<text x="\d+" y="68" fill="(#\w+)">/g)].map(([, colour]) => colour);
    for (const colour of Object.values(holdColours)) expect(legend).toContain(colour);
    expect(svg).toContain(">▬ frozen<");
  });

  test("breaks its line where points are missing", async () => {
    const svg = await drawn({
      cpu: misconfiguredGroup({ seed: "gap", days: 2 }).filter((_, index) => index < 200 || index > 300),
    });
    const line = / d="(M[^"]*)" fill="none" stroke="#24292f"/.exec(svg)?.[1] ?? "";
    expect(line.match(/M/g)).toHaveLength(2);
  });

  test("stays small, however much there is to draw", async () => {
    const year = misconfiguredGroup({ seed: "year", days: 60, stepMinutes: 1 });
    expect((await drawn({ cpu: year })).length).toBeLessThan(150_000);
  });

  test("in a closed loop shows what was recorded and what would have been", async () => {
    const capacity = join(folder, "capacity.csv");
    writeFileSync(capacity, "2026-03-02 00:00:00,3\n");
    const svg = await drawn({ cpu: bursts }, "closed", ["--capacity", capacity]);
    expect(svg).toContain("as recorded in grey");
    expect(svg.match(/<path [^>]*stroke="#afb8c1"/g)).toHaveLength(1);
  });

  test("takes no name for a mark of its own", async () => {
    const svg = await drawn({ cpu: bursts.slice(0, 30) }, `<script>&"'\u202e`);
    expectWellFormed(svg);
    expect(svg).not.toContain("<script");
    expect(svg).toContain("&lt;script&gt;&amp;&quot;&#39;\\u202e");
  });
});

test("an element's attributes and text are escaped, and no number has a tail", () => {
  expect(tag("text", { x: 1 / 3, title: '"<&>' }, "a<b & c")).toBe(
    '<text x="0.3" title="&quot;&lt;&amp;&gt;">a&lt;b &amp; c</text>',
  );
});
