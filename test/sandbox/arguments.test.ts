import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readWish, usage } from "../../sandbox/arguments.ts";
import { Refused } from "../../shared/failures.ts";

test.each([
  { words: [], wish: { type: "prove", keep: false } },
  { words: ["--keep"], wish: { type: "prove", keep: true } },
  { words: ["--stop"], wish: { type: "stop" } },
  { words: ["--help"], wish: { type: "help" } },
  { words: ["--alarm", "checkout-errors"], wish: { type: "set", state: "ALARM", alarm: "checkout-errors" } },
  { words: ["--ok=checkout.errors_2"], wish: { type: "set", state: "OK", alarm: "checkout.errors_2" } },
])("$words is understood", ({ words, wish }) => {
  expect(readWish(words)).toEqual(wish);
});

test("whatever the usage shows is understood", () => {
  const shown = usage.map((line) => /^npm run sandbox(?: -- (\S+)(?: (\S+))?)? {2,}/.exec(line)?.slice(1) ?? ["?"]);
  expect(shown).toHaveLength(5);
  for (const words of shown) expect(() => readWish(words.filter((word) => word !== undefined))).not.toThrow();
});

describe("all else is refused", () => {
  test.each([
    { words: ["--kep"], says: 'unknown option "--kep"; did you mean "--keep"?' },
    { words: ["-x"], says: 'unknown option "-x"; the nearest known one is' },
    { words: ["--toString"], says: 'unknown option "--toString"' },
    { words: ["--keep", "--stop"], says: "--keep and --stop cannot be asked for together" },
    { words: ["--alarm", "a", "--ok", "a"], says: "--alarm and --ok cannot be asked for together" },
    { words: ["--stop", "--stop"], says: "--stop is given twice" },
    { words: ["--stop=now"], says: "--stop takes no value" },
    { words: ["keep"], says: '"keep" is too much' },
    { words: ["--keep", "load"], says: '"load" is too much' },
    { words: ["--alarm"], says: "--alarm needs the name of an alarm: --alarm NAME" },
    { words: ["--ok", ""], says: "--ok needs the name of an alarm: --ok NAME" },
    { words: ["--alarm", "--stop"], says: "--alarm needs the name of an alarm" },
    { words: ["--alarm", "a\nb"], says: '"a\\nb" is no name here' },
  ])("$words", ({ words, says }) => {
    expect(() => readWish(words)).toThrow(Refused);
    expect(() => readWish(words)).toThrow(says);
  });

  test("in one line, with 2, before anything is started", () => {
    const entry = fileURLToPath(new URL("../../sandbox/run.ts", import.meta.url));
    const ended = spawnSync(process.execPath, [entry, "--keep", "--stop"], { encoding: "utf8", timeout: 60_000 });
    expect(ended).toMatchObject({
      status: 2,
      stdout: "",
      stderr: "sandbox: --keep and --stop cannot be asked for together\n",
    });
  });
});
