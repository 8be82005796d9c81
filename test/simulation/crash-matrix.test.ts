import { describe, expect, test } from "vitest";
import { crashMatrix, type Death, differencesOf, type Outcome } from "../../simulation/crash-matrix.ts";
import type { Call } from "../../simulation/killing.ts";
import { type ScalingOutcome, scalingDifferences, scalingStories } from "../../simulation/scaling/crashes.ts";
import { onEveryChannel as configuration } from "../incident/every-channel.ts";
import { allSources } from "../tidy/source.ts";

/** The others work on secrets, which no story of this matrix is about: test/secrets has their own; or scale, which is told below, or verify backups: test/backups. */
const ofIncidents = ["open-incidents", "escalate-incidents", "notify-responders"];

describe("whoever dies at one of its calls, and is started again,", () => {
  const deaths: Death[] = [];

  test("leaves a world as if nobody had died", { timeout: 120_000 }, async () => {
    deaths.push(...(await crashMatrix({ configuration, stories: ["outage", "muted", "strange", "blip"] })));
    expect(deaths.length).toBeGreaterThan(100);
    expect(deaths.filter(({ differences }) => differences.length > 0)).toEqual([]);
  });

  test("may have been any of the functions, before or after any command that one of them sends", () => {
    const commands = (all: readonly Death[]) => new Set(all.map(({ call }) => call.name.replace(/\(.*/, "")));
    expect(new Set(deaths.map(({ call }) => call.operation))).toEqual(new Set(ofIncidents));
    for (const side of [true, false]) {
      expect(commands(deaths.filter(({ after }) => after === side))).toEqual(commandsInSource());
    }
  });
});

describe("whoever dies on the way to another capacity", () => {
  test("leaves it changed once, and as it would have been", async () => {
    const deaths = await crashMatrix({ configuration, stories: Object.keys(scalingStories) });
    expect(deaths.length).toBeGreaterThan(50);
    expect(deaths.filter(({ differences }) => differences.length > 0)).toEqual([]);
    expect(new Set(deaths.map(({ call }) => call.operation))).toEqual(new Set(["evaluate-scaling"]));
    expect(new Set(deaths.map(({ call }) => call.name.replace(/\(.*/, "")))).toContain("UpdateService");
  });

  test("is seen to have changed it twice, or not at all, or to have told of something", async () => {
    const calm = { calls: [], deaths: ["evaluate-scaling"], broken: [], changes: ["a 1 to 2"], findings: [] };
    const differs = (change: object) =>
      scalingDifferences(calm as ScalingOutcome, { ...calm, ...change } as ScalingOutcome);
    expect(differs({})).toEqual([]);
    expect(differs({ deaths: [] })).toEqual(["nobody died"]);
    expect(differs({ changes: [] })).toEqual(["nothing instead of a 1 to 2"]);
    expect(differs({ changes: ["a 1 to 2", "a 2 to 3"] })).toEqual(["a 1 to 2, a 2 to 3 instead of a 1 to 2"]);
    expect(differs({ findings: ["x"], broken: ["y"] })).toEqual(["y", "other findings"]);
  });
});

describe("a world is seen to differ", () => {
  const call: Call = { operation: "open-incidents", name: "Publish", path: "" };
  const sent = (times: number) => new Map([["page|sns", times]]);
  const world: Outcome = {
    calls: [],
    deaths: ["open-incidents"],
    broken: [],
    incidents: [],
    alarms: [],
    pages: sent(1),
  };

  test.each([
    ["nobody died", { deaths: [] }, ["nobody died"]],
    ["a promise is broken", { broken: ["an escalation is early"] }, ["an escalation is early"]],
    ["an incident is another one", { incidents: [{}] }, ["other incidents"]],
    ["an alarm is known otherwise", { alarms: [{}] }, ["other alarms"]],
    ["a page was lost", { pages: new Map() }, ["page|sns was never sent"]],
    ["a page was made up", { pages: new Map([...sent(1), ["x", 1]]) }, ["x should not be"]],
    ["a page went out twice", { pages: sent(2) }, ["page|sns was sent 2 times"]],
  ])("when %s", (_, change, differences) => {
    expect(differencesOf(world, world, call)).toEqual([]);
    expect(differencesOf(world, { ...world, ...change }, call)).toEqual(differences);
  });

  test("but not when the sender itself died, and sent a page a second time with the same id", () => {
    const sender: Call = { ...call, operation: "notify-responders" };
    expect(differencesOf(world, { ...world, pages: sent(2) }, sender)).toEqual([]);
    expect(differencesOf(world, { ...world, pages: sent(3) }, sender)).toEqual(["page|sns was sent 3 times"]);
  });
});

/** The commands that the functions, and what they share, can send. */
const ofOthers =
  /^shared\/(secrets\/|scaling\/|bus\.ts)|^functions\/(rotate-secrets|audit-secrets|heal-rotations|evaluate-scaling|verify-backups)\//;

function commandsInSource(): Set<string> {
  const sent = new Set<string>();
  for (const { code } of allSources().filter(
    ({ path }) => /^(functions|shared)\//.test(path) && !ofOthers.test(path),
  )) {
    for (const [, name = ""] of code.matchAll(/new (\w+)Command\(/g)) sent.add(name);
  }
  return sent;
}
