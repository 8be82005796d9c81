import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Bench } from "../../bench/benches.ts";
import { main } from "../../bench/main.ts";
import { measure } from "../../bench/measure.ts";
import { Broken } from "../../shared/failures.ts";
import { onTerminal, type Setting } from "../cli/terminal.ts";

const size = measure("plane.size", 2.0004, "m", { atMost: 2 }, "from wing to wing");
const speed = measure("plane.speed", 90, "km/h", { atLeast: 100 }, "over flat land");
const wheels = measure("train.wheels", 4, "wheels", { atLeast: 4, atMost: 4 }, "of one wagon");

const tiny: Readonly<Record<string, Bench>> = {
  plane: { summary: "how it flies", run: async () => [size, speed] },
  train: {
    summary: "how it rolls",
    run: async (tell) => {
      tell("train, wheel 1 of 4");
      return [wheels];
    },
  },
  bicycle: {
    summary: "how it falls",
    run: async () => {
      throw new Broken("a process that was measured failed: no saddle");
    },
  },
};

const bench = (words: string[], setting: Setting = {}) =>
  onTerminal((terminal) => main(words, terminal, tiny), setting);

describe("what it measures", () => {
  test("what is named and nothing else, each once; 0 when every goal is reached", async () => {
    const { code, output, errors } = await bench(["train", "train", "--json"]);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(JSON.parse(output)).toEqual({ measures: [wheels], leftOut: [] });
  });

  test("a goal that is missed says so, and ends with 1", async () => {
    const { code, output } = await bench(["plane", "--json"]);
    expect(code).toBe(1);
    const measures: { name: string; reached: boolean }[] = JSON.parse(output).measures;
    expect(measures.map(({ name, reached }) => [name, reached])).toEqual([
      ["plane.size", true],
      ["plane.speed", false],
    ]);
  });

  test("what cannot be measured is one line, and 3", async () => {
    const { code, output, errors } = await bench([]);
    expect({ code, output }).toEqual({ code: 3, output: "" });
    expect(errors).toMatch(/^bench: this is a bug in Nightshift: a process that was measured failed: no saddle .*\n$/);
  });
});

describe("what it prints", () => {
  test("a document that obeys its schema", async () => {
    const { default: Ajv } = await import("ajv/dist/2020.js");
    const schema = JSON.parse(readFileSync(new URL("bench.schema.json", import.meta.url), "utf8"));
    const validate = new Ajv.default().compile(schema);
    const { output } = await bench(["plane", "train", "--json"]);
    expect(validate(JSON.parse(output)), JSON.stringify(validate.errors)).toBe(true);
  });

  test("a table for people", async () => {
    const { output } = await bench(["plane", "train"]);
    expect(output.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["", "measure", "value", "unit", "goal", "what was measured"],
      ["reached", "plane.size", "2", "m", "at most 2", "from wing to wing"],
      ["MISSED", "plane.speed", "90", "km/h", "at least 100", "over flat land"],
      ["reached", "train.wheels", "4", "wheels", "exactly 4", "of one wagon"],
      [""],
    ]);
  });

  test("what was left out, and why, so that nobody takes the table for complete", async () => {
    const partly: Bench = {
      summary: "how it dives",
      run: async (_, leave) => {
        leave("a dive: there is no water");
        return [size];
      },
    };
    const dive = (...words: string[]) => onTerminal((terminal) => main(words, terminal, { plane: partly }));
    expect((await dive()).output).toMatch(/\nleft out: a dive: there is no water\n$/);
    expect(JSON.parse((await dive("--json")).output).leftOut).toEqual(["a dive: there is no water"]);
  });

  test("what it is at, where somebody looks at it, and only there", async () => {
    expect((await bench(["train"], { screen: true })).errors).toContain("train, wheel 1 of 4");
    expect((await bench(["train"])).errors).toBe("");
  });

  test("its help names everything that can be measured", async () => {
    const { code, output } = await bench(["--help"]);
    expect(code).toBe(0);
    for (const [name, { summary }] of Object.entries(tiny)) expect(output).toMatch(new RegExp(`${name} +${summary}`));
  });
});

describe("bad input", () => {
  test.each([
    [["plan"], 'bench: unknown measure "plan"; did you mean "plane"? (plane, train, bicycle)\n'],
    [["constructor"], /^bench: unknown measure "constructor";.* \(plane, train, bicycle\)\n$/],
    [[""], /^bench: unknown measure "";.* \(plane, train, bicycle\)\n$/],
    [["train", "--jsn"], 'bench: unknown option "--jsn" of bench; did you mean "--json"?\n'],
    [["--json=yes"], "bench: --json takes no value\n"],
  ])("%j: one line, 2, and nothing on standard output", async (words, says) => {
    const { code, output, errors } = await bench(words);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toEqual(typeof says === "string" ? says : expect.stringMatching(says));
  });

  test("the command itself is as strict", async () => {
    const { code, output, errors } = await onTerminal((terminal) => main(["strom"], terminal));
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toBe(
      'bench: unknown measure "strom"; did you mean "storm"? (storm, bundle, import, secrets-audit, scaling, backups, days)\n',
    );
  });
});
