import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { nightshift } from "./terminal.ts";

const directory = mkdtempSync(join(tmpdir(), "nightshift-campaign-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("a campaign", () => {
  test("prints each kind of fault with its count and how often it was survived, the worst latencies, and the sum", async () => {
    const { code, output, errors } = await nightshift(["campaign", "--seeds", "6", "--base", "some"]);
    expect(code).toBe(0);
    expect(output.split("\n")[0]).toMatch(
      /^6 worlds of one day each, faults harsh, seeds some-1 to some-6, on \d+ cores$/,
    );
    for (const kind of ["lost reply", "throttle", "crash", "missed schedule", "refusal"]) {
      expect(output).toMatch(new RegExp(`^${kind} +[\\d,]+ +[\\d,]+$`, "m"));
    }
    expect(output).toMatch(/^worst (P0 page latency|reminder lateness) +[\d.]+ s +some-[1-6]$/m);
    expect(output).toMatch(/^6 of 6 worlds kept every promise, \d+ days a second$/m);
    expect(errors).toContain("6 of 6 worlds");
  });

  test("--json prints one document, the same for the same base but for the time that it took", async () => {
    const run = async () => {
      const { output } = await nightshift(["campaign", "--seeds", "4", "--faults", "usual", "--json"]);
      const { seconds, cores: _, ...document } = JSON.parse(output);
      expect(seconds).toBeGreaterThan(0);
      return document;
    };
    const first = await run();
    expect(first).toMatchObject({ base: "campaign", seeds: 4, days: 1, kept: 4, broken: [], smallest: [] });
    for (const { injected, survived } of Object.values<Record<string, number>>(first.faults))
      expect(survived).toBe(injected);
    expect(await run()).toEqual(first);
  });

  test("a random base is made up and printed", async () => {
    const { output } = await nightshift(["campaign", "--seeds", "1", "--base", "random", "--faults", "none"]);
    expect(output).toMatch(/^one world of one day each, faults none, seeds ([0-9a-f]{8})-1 to \1-1, /);
  });
});

describe("a promise that is broken", () => {
  const local = join(directory, "gives-up.yml");
  writeFileSync(local, "notifyResponders: { maximumAttempts: 1 }\n");

  test("ends the campaign with 1, and with the smallest world that breaks it and the command that shows it again", async () => {
    const { code, output } = await nightshift(["campaign", "--seeds", "3", "--base", "t", "--local", local]);
    expect(code).toBe(1);
    expect(output).toMatch(/^BROKEN each page once \(t-1\): .* was given up$/m);
    expect(output).toMatch(/^each page once: the smallest of \d+ worlds tried has 1 story and 1 fault$/m);
    const [, command = ""] = /^npm run nightshift -- (simulate .*)$/m.exec(output) ?? [];
    expect(command).toMatch(/--seed t-1 --faults harsh --stories \w+:1 --only-faults refusal:\d+ --local /);
    const again = await nightshift(command.split(" "));
    expect(again.code).toBe(1);
    expect(again.output).toMatch(/^BROKEN ×1 +each page once/m);
    expect(again.output).toContain("injected: 1 refusal\n");
  });
});

test.each([
  [[], "--seeds is missing: a whole number from 1 to 1000000"],
  [["--seeds", "0"], '--seeds "0" must be a whole number from 1 to 1000000'],
  [["--seeds", "many"], '--seeds "many" must be a whole number from 1 to 1000000'],
  [["--seeds", "2", "--base", "a b"], '--base "a b" must be letters'],
  [["--seeds", "2", "--faults", "hars"], '--faults "hars" is unknown; did you mean "harsh"?'],
  [["--seed", "2"], 'unknown option "--seed" of campaign; did you mean "--seeds"?'],
])("%j ends with one line and 2", async (words, says) => {
  const { code, output, errors } = await nightshift(["campaign", ...words]);
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(errors).toContain(says);
  expect(errors.trimEnd().split("\n")).toHaveLength(1);
});
