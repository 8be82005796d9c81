import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { balancerCounts, burstyIdle, csvOf, misconfiguredGroup, type Row } from "../scaling/generators.ts";
import { nightshift } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "nightshift-backtest-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const shape = { seed: "command", days: 14, offsetMinutes: 2 };
const group = file("group.csv", csvOf(misconfiguredGroup(shape)));
const bursts = file("bursts.csv", csvOf(burstyIdle(shape)));
const counts = file("counts.csv", csvOf(balancerCounts(shape)));
const halved = (rows: readonly Row[]) => rows.map(({ at, value }) => ({ at, value: value / 2 }));
const memory = file("memory.csv", csvOf(halved(misconfiguredGroup({ ...shape, seed: "memory" }))));
const capacity = file("capacity.csv", "timestamp,value\n2026-03-02 00:00:00,4\n2026-03-09 00:00:00,6\n");

const own = file("own.yml", "scaling: { rules: { cpu: { out: { above: 71 } } } }\n");

/** Another name for the recording of a group. */
function linked(name: string, link: (existing: string, path: string) => void): string {
  const path = join(folder, name);
  link(group, path);
  return path;
}

async function tested(...words: string[]) {
  const ended = await nightshift(["backtest", ...words, "--json"]);
  return { ...ended, document: ended.code === 0 ? JSON.parse(ended.output) : null };
}

describe("--json", () => {
  test.each([
    ["one metric", ["--metric", `cpu=${group}`]],
    ["two", ["--metric", `cpu=${bursts}`, "--metric", `memory=${memory}`]],
    [
      "three, one of them with gaps",
      ["--metric", `cpu=${bursts}`, "--metric", `memory=${memory}`, "--metric", `queue=${counts}`],
    ],
    ["a closed loop", ["--metric", `cpu=${group}`, "--capacity", capacity]],
    ["bounds", ["--metric", `cpu=${group}`, "--minimum", "2", "--maximum", "6", "--initial", "3"]],
  ])("obeys its schema: %s", async (_, words) => {
    const { default: Ajv } = await import("ajv/dist/2020.js");
    const schema = JSON.parse(readFileSync(new URL("backtest.schema.json", import.meta.url), "utf8"));
    const validate = new Ajv.default().compile(schema);
    const { code, document } = await tested(...words);
    expect(code).toBe(0);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document.summary.wrongIn).toBe(0);
  });

  test("counts points, gaps and duplicates over all metrics", async () => {
    const twice = file("twice.csv", `${readFileSync(memory, "utf8")}2026-03-02 00:02:00,1\n`);
    const { document } = await tested("--metric", `queue=${counts}`, "--metric", `memory=${twice}`);
    const [queue, second] = document.metrics;
    expect(queue).toMatchObject({ metric: "queue", stepSeconds: 300, duplicates: 0 });
    expect(second).toMatchObject({ metric: "memory", points: 4_032, gaps: 0, duplicates: 1 });
    expect(document.points).toBe(queue.points + 4_032);
    expect(document.gaps).toBe(queue.gaps);
    expect(document.duplicates).toBe(1);
  });

  test("an open loop starts at twice the minimum, and stops at ten times that", async () => {
    const { document, errors } = await tested("--metric", `cpu=${group}`, "--minimum", "3");
    expect(document).toMatchObject({ openLoop: true, capacity: { minimum: 3, maximum: 60, initial: 6 } });
    expect(errors).toBe(
      "nightshift: without --capacity the metrics do not answer to what is decided, and nothing is projected\n",
    );
    expect(document.warnings).toHaveLength(1);
    const { document: bounded } = await tested("--metric", `cpu=${group}`, "--minimum", "3", "--maximum", "4");
    expect(bounded.capacity).toMatchObject({ minimum: 3, maximum: 4, initial: 4 });
  });

  test("a closed loop starts with what was there", async () => {
    const { document, errors } = await tested("--metric", `cpu=${group}`, "--capacity", capacity);
    expect(document).toMatchObject({ openLoop: false, capacity: { minimum: 1, maximum: null, initial: 4 } });
    expect(errors).toBe("");
  });

  test("points that are too wide are told once", async () => {
    const { errors, document } = await tested("--metric", `queue=${counts}`);
    const lines = errors.trimEnd().split("\n");
    expect(lines[0]).toBe("nightshift: queue: points of 5 minutes are too wide: its out rule is unknown throughout");
    expect(lines).toHaveLength(2);
    expect(document.summary.unknown).toBeGreaterThan(3_000);
  });

  test("series of different times are told", async () => {
    const other = file("other.csv", "timestamp,value\n2020-01-01 00:00:00,5\n2020-01-01 00:05:00,5\n");
    const { errors, code } = await tested("--metric", `cpu=${group}`, "--metric", `memory=${other}`);
    expect(code).toBe(0);
    expect(errors).toContain(
      "memory (2020-01-01T00:00Z to 2020-01-01T00:10Z) and cpu (2026-03-02T00:02Z to 2026-03-16T00:02Z) are of different times",
    );
  });

  test.each([
    ["before", "2020-01-01 00:00:00,4\n2020-01-02 00:00:00,6\n", "2020-01-01T00:00Z to 2020-01-02T00:01Z", 6],
    ["after", "2027-01-01 00:00:00,4\n2027-01-02 00:00:00,6\n", "2027-01-01T00:00Z to 2027-01-02T00:01Z", 4],
  ])("a capacity of times %s the metrics' is told", async (_, rows, times, initial) => {
    const words = ["--metric", `cpu=${group}`, "--capacity", file("elsewhere.csv", rows)];
    const { errors, code, document } = await tested(...words);
    expect({ code, initial: document.capacity.initial }).toEqual({ code: 0, initial });
    expect(errors).toBe(
      `nightshift: the capacity (${times}) and cpu (2026-03-02T00:02Z to 2026-03-16T00:02Z) are of different times; ${initial} is taken for all of it\n`,
    );
  });

  test("dirt goes to standard error and into the document, and nothing else to standard output", async () => {
    const dirty = file("dirty.csv", `${readFileSync(group, "utf8")}no,row\n`);
    const { code, errors, document } = await tested("--metric", `cpu=${dirty}`);
    expect(code).toBe(0);
    expect(errors).toContain(`${dirty}:4034: 1 row is broken and left out; the first is "no,row"`);
    expect(document.warnings[0]).toContain("dirty.csv:4034");
  });

  test("the same again, but for the time that it took", async () => {
    const words = ["--metric", `cpu=${bursts}`];
    const [one, other] = [(await tested(...words)).document, (await tested(...words)).document];
    expect({ ...one, evaluationSeconds: 0 }).toEqual({ ...other, evaluationSeconds: 0 });
  });
});

describe("for people", () => {
  test("says what was read, decided, held, and what others would have done", async () => {
    const { code, output } = await nightshift(["backtest", "--metric", `cpu=${bursts}`]);
    expect(code).toBe(0);
    expect(output).toMatch(
      /^cpu +bursts\.csv +2026-03-02 00:02 – 2026-03-16 00:02 +5 min +4032 +0 +0 +> 70: .*h +< 30: \d+ days$/m,
    );
    expect(output).toContain("open loop, 4032 evaluations, one every 5 min; capacity from 2 to");
    expect(output).toMatch(/^2026-03-\d\d \d\d:\d\d +out +\d+ → \d+ .*cpu > 70 for 10 min$/m);
    expect(output).toMatch(/^… +\d+ more; --json lists them all$/m);
    expect(output).toMatch(/^\d+ +minimum +at the minimum already$/m);
    expect(output).toMatch(/^this policy +\d+ +\d+ +\d+ +0$/m);
    expect(output).toMatch(/^a pair of CloudWatch alarms for each metric +\d+ +\d+ +\d+ +\d+$/m);
    expect(output).toMatch(/^a poller of the newest point, missing as 0 +\d+ +\d+ +\d+ +\d+$/m);
    expect(Math.max(...output.split("\n").map((line) => line.length))).toBeLessThanOrEqual(160);
  });

  test("that nothing would have been changed", async () => {
    const still = file(
      "still.csv",
      csvOf(misconfiguredGroup({ ...shape, days: 1 }).map(({ at }) => ({ at, value: 50 }))),
    );
    const { output } = await nightshift(["backtest", "--metric", `cpu=${still}`]);
    expect(output).toContain("nothing would have been changed\n");
    expect(output).toContain("Held back, or not known\nnothing\n");
  });
});

describe("the policy is the environment's", () => {
  const local = (text: string) => file("local.yml", text);

  test("with one's own on top", async () => {
    const words = [
      "--metric",
      `cpu=${group}`,
      "--local",
      local("scaling: { rules: { cpu: { out: { above: 99.9 } } } }\n"),
    ];
    expect((await tested(...words)).document.summary.out).toBe(0);
  });

  test("of which contradictory thresholds are refused", async () => {
    const { code, errors } = await tested(
      "--metric",
      `cpu=${group}`,
      "--local",
      local("scaling: { rules: { cpu: { in: { below: 70 } } } }\n"),
    );
    expect(code).toBe(2);
    expect(errors).toContain("must be less than out.above (70)");
  });
});

describe("bad input is one line and 2", () => {
  const cpu = ["--metric", `cpu=${group}`];
  test.each<[string[], string]>([
    [[], "nothing to test: --metric NAME=FILE, as in --metric cpu=FILE.csv"],
    [["--metric", "group.csv"], '--metric "group.csv" must be NAME=FILE, as in cpu=FILE.csv'],
    [["--metric", "=group.csv"], '--metric "=group.csv" must be NAME=FILE, as in cpu=FILE.csv'],
    [["--metric", "cpu="], '--metric "cpu=" must be NAME=FILE, as in cpu=FILE.csv'],
    [["--metric", "memry=x.csv"], '--metric "memry" has no rule; did you mean "memory"? (cpu, memory, queue)'],
    [["--metric", "constructor=x.csv"], '--metric "constructor" has no rule'],
    [[...cpu, ...cpu], '--metric "cpu" is given twice; a rule has one series'],
    [[...cpu, "--minimum", "3", "--maximum", "2"], "--minimum 3 is more than --maximum 2"],
    [[...cpu, "--minimum", "-1"], "--minimum needs a value: --minimum N"],
    [[...cpu, "--minimum=-1"], '--minimum "-1" must be a whole number from 0 to 1000000'],
    [[...cpu, "--maximum", "1.5"], '--maximum "1.5" must be a whole number from 0 to 1000000'],
    [[...cpu, "--initial", "9", "--maximum", "8"], "--initial 9 is more than the maximum, which is 8"],
    [[...cpu, "--initial", "0"], "--initial 0 is less than the minimum, which is 1"],
    [[...cpu, "--svg", linked("symbolic.svg", symlinkSync)], "would overwrite a recording; name another file"],
    [[...cpu, "--svg", linked("hard.svg", linkSync)], "would overwrite a recording; name another file"],
    [[...cpu, "--svg", `${folder}/../${basename(folder)}/group.csv`], "would overwrite a recording; name another file"],
    [[...cpu, "--capacity", capacity, "--svg", `${folder}//capacity.csv`], "would overwrite a recording"],
    [[...cpu, "--local", own, "--svg", `${folder}/./own.yml`], "would overwrite your configuration; name another file"],
    [[...cpu, "--svg", group], "would overwrite a recording; name another file"],
    [[...cpu, "--svg", join(folder, "no", "where.svg")], "where.svg cannot be written: there is no such folder"],
    [[...cpu, "--svg", folder], "cannot be written: it is a folder; name a file"],
    [[...cpu, "--svg", join(group, "picture.svg")], "picture.svg cannot be written: a part of its path is no folder"],
    [[...cpu, "--svg", ""], "--svg needs a value"],
    [[...cpu, "--capacity", join(folder, "none.csv")], "none.csv: there is no such file"],
    [
      [...cpu, "--capacity", file("negative.csv", "2026-03-02 00:00:00,-4\n")],
      "negative.csv:1: a capacity must not be negative",
    ],
    [[...cpu, "--environment", "producton"], 'did you mean "production"?'],
    [["--metric", `cpu=${file("empty.csv", "")}`], "empty.csv: is empty; it needs rows of timestamp,value"],
  ])("%j", async (words, line) => {
    const { code, output, errors } = await nightshift(["backtest", ...words]);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    const told = errors
      .trimEnd()
      .split("\n")
      .filter((each) => !each.includes("without --capacity"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(line);
  });
});
