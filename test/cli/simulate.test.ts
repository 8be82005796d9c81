import { expect, test } from "vitest";
import { nightshift } from "./terminal.ts";

test("seed and fault rates come first, the promises with their figures last, and nothing is broken", async () => {
  const { code, output, errors } = await nightshift(["simulate", "--days", "2", "--seed", "s1", "--faults", "usual"]);
  expect(code).toBe(0);
  expect(output.startsWith("seed s1, 2 days\nfaults usual: lost reply 0.2 %, ")).toBe(true);
  for (const said of ["Incidents", "Who was told what, and when", "no delivery lost", "worst escalation lateness"]) {
    expect(output).toContain(said);
  }
  expect(output).toContain("Where to look next");
  expect(errors).toContain("2 of 2 simulated days");
});

test("the same seed prints the same, and another seed something else", async () => {
  const run = async (seed: string) => (await nightshift(["simulate", "--days", "1", "--seed", seed, "--json"])).output;
  expect(await run("x")).toBe(await run("x"));
  expect(JSON.parse(await run("x")).trace).not.toBe(JSON.parse(await run("y")).trace);
});

test("a part of a world is the same part: the stories and faults that are named, and nothing else", async () => {
  const world = ["simulate", "--days", "1", "--seed", "part", "--faults", "harsh", "--json"];
  const run = async (...part: string[]) => JSON.parse((await nightshift([...world, ...part])).output);
  const [story = ""] = (await run()).stories;
  const named = await run("--stories", story);
  expect(named.stories).toEqual([story]);
  const [fault = ""] = named.faultsInjected;
  const [kind = ""] = fault.split(":");
  const smaller = await run("--stories", story, "--only-faults", fault);
  expect(smaller.faultsInjected).toEqual([fault]);
  expect(smaller.injected).toMatchObject({ [kind]: 1 });
  const nothing = await run("--stories", "none", "--only-faults", "none");
  expect(nothing).toMatchObject({ incidents: [], notifications: [], stories: [], faultsInjected: [] });
});

test("--json prints one document and no progress on standard output", async () => {
  const { code, output } = await nightshift(["simulate", "--days", "1", "--seed", "j", "--faults", "none", "--json"]);
  const document = JSON.parse(output);
  expect(code).toBe(0);
  expect(document).toMatchObject({ seed: "j", days: 1, faults: "none" });
  expect(document.promises.every(({ kept }: { kept: boolean }) => kept)).toBe(true);
});

test.each([
  [["--days", "0"], '--days "0" must be a whole number from 1 to 3650'],
  [["--days", "two"], '--days "two" must be a whole number from 1 to 3650'],
  [["--seed", "a b"], '--seed "a b" must be letters'],
  [["--faults", "harh"], '--faults "harh" is unknown; did you mean "harsh"?'],
  [["--fault", "none"], 'unknown option "--fault" of simulate; did you mean "--faults"?'],
  [["--stories", "outrage:1"], '--stories "outrage" is unknown; did you mean "outage"?'],
  [["--stories", "outage"], '--stories "outage" must have a number, as in outage:1'],
  [["--only-faults", "crash:0"], '--only-faults "crash:0" must have a number, as in crash:1'],
  [["now"], '"now" is too much'],
  [["--local", "no-such-file.yml"], "no-such-file.yml"],
])("%j ends with one line and 2", async (words, says) => {
  const { code, output, errors } = await nightshift(["simulate", ...words]);
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(errors).toContain(says);
  expect(errors.trimEnd().split("\n")).toHaveLength(1);
});
