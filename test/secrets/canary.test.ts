// Every secret value is marked, everything outside fails in every way and repeats what it was told, and the marks are looked for in
// everything that leaves: log, bus, ledger, errors, command line, servers' logs.

import { describe, expect, test } from "vitest";
import { everyCommand } from "./canary/commands.ts";
import { leaksIn, thrown } from "./canary/leaks.ts";
import { marked } from "./canary/marks.ts";
import { scenes, textScene } from "./canary/scenes.ts";
import { everyFault, tell, walk } from "./canary/walk.ts";

describe("the search finds what is there", () => {
  const mark = marked('a"b');
  const marks = new Map([[mark, "it"]]);
  test.each([
    ["as it is", mark],
    ["in JSON", JSON.stringify({ a: mark })],
    ["in JSON within JSON", JSON.stringify({ a: JSON.stringify(mark) })],
    ["in an address", `https://example.com/?a=${encodeURIComponent(mark)}`],
    ["in base64", Buffer.from(mark).toString("base64")],
    ["in base64 of a longer text", Buffer.from(`user:${mark}, and so on`).toString("base64")],
    ["in hex", Buffer.from(mark).toString("hex")],
  ])("%s", (_, text) => expect(leaksIn([{ door: "log", text }], marks)).toEqual(["it is in the log"]));

  test.each([
    ["in an error's message", new Error(mark)],
    ["in its cause's cause", new Error("a", { cause: new Error("b", { cause: new Error(mark) }) })],
    ["in a field that hangs on it", Object.assign(new Error("a"), { $response: { body: { deep: [mark] } } })],
    ["in what nobody lists", Object.defineProperty(new Error("a"), "hidden", { value: mark })],
  ])("%s", (_, error) => expect(leaksIn([thrown(error)], marks)).toEqual(["it is in the error"]));

  test.each(["log", "event", "ledger", "error"] as const)("when a failure has it: in the %s", async (door) => {
    const scene = await textScene("random", marked("value"));
    const planted = marked("planted");
    // A failure's text names the strategy that is not there: whatever stands in it comes out of every door.
    scene.stage.secrets.secret(scene.arn).tags.set("nightshift:strategy", planted);
    const { left } = await walk(scene, null);
    expect(leaksIn(left, new Map([[planted, "it"]]))).toContain(`it is in the ${door}`);
  });
});

/** With NIGHTSHIFT_DATABASES=1 each call fails in every way that it has, else in one. */
const density = process.env.NIGHTSHIFT_DATABASES === "1" ? "every way" : "one way";

describe("nothing of a value leaves, whatever fails and whatever it repeats", { timeout: 120_000 }, () => {
  test.each(Object.entries(scenes))("%s", async (name, setUp) => {
    // What MySQL makes of a password takes its time.
    const searched = await everyFault(setUp, name === "mysql-dual" ? "one way" : density);
    tell(name, searched);
    expect(searched.leaks).toEqual([]);
    for (const reason of ["privilege", "throttle", "network", "service"]) {
      expect(searched.reasons.get(reason) ?? 0, reason).toBeGreaterThan(0);
    }
  });
});

describe("nothing of a value is printed by a command, whatever fails and repeats what it was told", () => {
  test.each(Object.entries(scenes))("%s", async (_, setUp) => expect(await everyCommand(setUp)).toEqual([]));
});
