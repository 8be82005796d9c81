import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parseDeliveries } from "../../shared/delivery/parse.ts";
import type { Delivery } from "../../shared/delivery/types.ts";
import { createChance } from "../../simulation/chance.ts";
import { golden } from "../delivery/documents.ts";
import { add, blank, fuzz, inputAt, type Read, readInput } from "./fuzz.ts";
import { problemWith } from "./invariants.ts";
import { leaks, memoryKept } from "./memory.ts";
import { minimise, shown } from "./minimise.ts";
import type { Input } from "./mutate.ts";

// A small part of `npm run fuzz`, and that it would find what it looks for.

test("five thousand hurt deliveries keep every promise, and each kind of delivery is among what they give", () => {
  const { inputs, given, violation } = fuzz("npm test", 0, 5_000);
  expect({ inputs, violation }).toEqual({ inputs: 5_000, violation: null });
  for (const count of Object.values(given)) expect(count).toBeGreaterThan(100);
});

test("a seed and a number make the same input again, whatever came before", () => {
  const [one, other] = [createChance("s"), createChance("s")];
  for (let index = 0; index < 50; index++) inputAt(one, index);
  expect(inputAt(one, 50)).toEqual(inputAt(other, 50));
  expect(inputAt(one, 50)).not.toEqual(inputAt(one, 51));
});

describe("a reader that breaks a promise is found out:", () => {
  const hasMany = (input: Input) => readInput(input).length > 1;
  const readers: [what: string, read: Read, says: string][] = [
    ["one that throws", () => JSON.parse("{"), "it throws SyntaxError"],
    ["one that gives nothing", () => [], "it gives nothing"],
    ["one that drops a record", (input) => readInput(input).slice(0, 1), "records of a list are dropped in silence"],
    ["one that invents a type", (input) => readInput(input).map(oddly), "the type riddle is unknown"],
    ["one that takes its time", (input) => (hasMany(input) ? busy(input) : readInput(input)), "it takes 20 ms or more"],
  ];
  test.each(readers)("%s", (_, read, says) => {
    const { violation } = fuzz("npm test", 0, 2_000, read);
    expect(violation?.problem).toContain(says);
    // By its number alone it is found again.
    const again = fuzz("npm test", violation?.index ?? 0, 1, read);
    expect(again.violation).toEqual(violation);
  });

  /** A delivery of a type that the types do not allow. */
  function oddly(delivery: Delivery): Delivery {
    return { ...delivery, type: "riddle" } as unknown as Delivery;
  }

  function busy(input: Input): Delivery[] {
    const before = process.threadCpuUsage();
    while (process.threadCpuUsage(before).user < 25_000);
    return readInput(input);
  }
});

describe("what is well formed", () => {
  const [transition] = parseDeliveries(golden("static").event);
  const [unparsed] = parseDeliveries({});
  const wrong: [says: string, delivery: object | undefined, change: object][] = [
    ["has the fields", transition, { extra: 1 }],
    ["the door roof is unknown", transition, { door: "roof" }],
    ["at is NaN", transition, { at: Number.NaN }],
    ["at is null", transition, { at: null }],
    ["the state FINE is unknown", transition, { state: "FINE" }],
    ["the reason is no text, or too long", transition, { reason: "x".repeat(1_025) }],
    ["the contributor's attributes are no texts", transition, { contributor: { id: "a", attributes: { b: 1 } } }],
    ["its ARN is none", transition, { alarm: { ...Object(transition).alarm, arn: "a" } }],
    ["its account or region is not its ARN's", transition, { alarm: { ...Object(transition).alarm, account: "1" } }],
    ["the mute ends at Infinity", transition, { mute: { by: "a", until: Number.POSITIVE_INFINITY } }],
    ["the problem is not one harmless line", unparsed, { problem: "a\nb" }],
  ];
  test("what the reader gives", () => {
    for (const delivery of [transition, unparsed]) expect(delivery && problemWith(delivery)).toBeNull();
  });

  test.each(wrong)("and not what is like it: %s", (says, delivery, change) => {
    expect(problemWith({ ...delivery, ...change } as Delivery)).toContain(says);
  });
});

test("a failing input is made small, and shown in one line", () => {
  const document = { a: [1, { b: `${"x".repeat(900)}needle${"y".repeat(900)}` }, 3], c: { d: null } };
  const holds = (input: Input) => JSON.stringify(input).includes("needle");
  const smallest = minimise({ document }, holds);
  expect(smallest).toEqual({ document: "needle" });
  expect(shown(smallest)).toBe("{ document: 'needle' }");
  expect(shown({ body: "\n\u001b" })).not.toMatch(/[\p{Cc}]/u);
});

test("what is kept between two measurements is seen, and what comes back is not taken for it", () => {
  const kept: string[] = [];
  const warm = memoryKept();
  for (let index = 0; index < 20; index++) JSON.parse(`["${"x".repeat(1_000_000)}"]`);
  expect(leaks({ warm, last: memoryKept() })).toBe(false);
  for (let index = 0; index < 20; index++) kept.push(`${index}${"x".repeat(1_000_000)}`.toUpperCase());
  expect(leaks({ warm, last: memoryKept() })).toBe(true);
  expect(kept).toHaveLength(20);
});

test("the tallies of two runs add up", () => {
  const [whole, first, second] = [fuzz("s", 0, 60), fuzz("s", 0, 40), fuzz("s", 40, 20)];
  expect(add(add(blank, first), second)).toMatchObject({ inputs: whole.inputs, given: whole.given, violation: null });
});

test.each([
  [["--delivries", "5"], 'fuzz: unknown option "--delivries" of fuzz; did you mean "--deliveries"?'],
  [["--deliveries", "many"], 'fuzz: --deliveries "many" must be a whole number, at least 1'],
  [["--seed", "a\nb"], 'fuzz: --seed "a\\nb" must be letters'],
  [["more"], 'fuzz: "more" is too much'],
])("%j ends with one line and 2", (words, says) => {
  const entry = fileURLToPath(new URL("run.ts", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...words], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(says);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});
