import { describe, expect, test } from "vitest";
import { hour, minute } from "../../shared/instant.ts";
import { createLife, type Life, listed, mutedUntil, pages, timeline } from "./life.ts";
import { policyWith } from "./stage.ts";
import { at } from "./stories.ts";

const ada = { type: "acknowledge", by: "Ada" } as const;
const kinds = (life: Life) => timeline(life).map((line) => line.split(" ")[1]?.replace(":", ""));

/** An incident that was open for two minutes, and resolved at +7. */
function resolved(severity: "P0" | "P1" | "P2" | "P3" = "P1", also: (life: Life) => void = () => {}): Life {
  const life = createLife();
  life.fires("cpu", at(0), { severity });
  also(life);
  life.clears("cpu", at(2));
  life.until(at(7));
  expect(life.incident).toMatchObject({ status: "resolved", resolvedAt: at(7), clock: null });
  return life;
}

describe("the same key red again soon is the same incident", () => {
  test("until 30 min after it was resolved, to the millisecond", () => {
    const soon = resolved();
    const { id } = soon.incident;
    soon.fires("cpu", at(37));
    expect(soon.incident).toMatchObject({ id, status: "open", resolvedAt: null, resolution: null });
    const late = resolved();
    late.fires("cpu", at(37) + 1);
    expect(late.incident.id).not.toBe(id);
    expect(late.incident).toMatchObject({ openedAt: at(37) + 1, episode: 1, told: { "operations-1": 1 } });
  });

  test.each([
    ["password-rule|x", 2 * hour],
    ["audit-secrets|too-old|password", 4 * hour],
    ["audit-secrets", 4 * hour],
    ["constructor|too-old|x", 2 * hour],
  ])("a finding, until two cadences after: %s", (key, reach) => {
    const policy = policyWith({ findings: { cadenceMinutes: 60, cadences: { "audit-secrets": 120 } } });
    for (const beyond of [0, 1]) {
      const life = createLife({ key, policy });
      life.fires("password", at(0), { kind: "finding" });
      life.clears("password", at(1), { kind: "finding" });
      life.fires("password", at(1) + reach + beyond, { kind: "finding" });
      expect(kinds(life)).toEqual(["opened", "recovered", "resolved", beyond === 0 ? "reopened" : "opened"]);
    }
  });

  test("its clocks go on where they stood", () => {
    const life = resolved("P1");
    expect(life.incident.paused).toEqual({ from: 1, level: 1, acknowledgeMs: 8 * minute, escalateMs: 53 * minute });
    life.fires("cpu", at(20));
    expect(life.incident.clock).toEqual({ from: 1, level: 1, acknowledgeAt: at(28), escalateAt: at(73) });
    expect(pages(life)).toEqual(["+0 opened P1 operations-1", "+7 resolved P1 operations-1"]);
  });

  test("its clocks go on at the level that was reached, and one that had run out before it was resolved is due at once", () => {
    const life = createLife();
    life.fires("cpu", at(0), { severity: "P0" });
    life.until(at(15));
    life.clears("cpu", at(16));
    life.fires("cpu", at(25), { severity: "P0" });
    expect(life.incident.resolvedAt).toBeNull();
    expect(life.incident.clock).toEqual({ from: 2, level: 2, acknowledgeAt: at(25), escalateAt: at(34) });
  });

  test("its clocks go on, also those that have run out or do not run", () => {
    const reminded = createLife();
    reminded.fires("cpu", at(0), { severity: "P0" });
    reminded.until(at(5));
    reminded.clears("cpu", at(6));
    reminded.until(at(11));
    reminded.fires("cpu", at(12), { severity: "P0" });
    expect(reminded.incident.clock).toMatchObject({ acknowledgeAt: null, escalateAt: at(16) });
    const low = resolved("P3");
    low.fires("cpu", at(20), { severity: "P3" });
    expect(low.incident.clock).toMatchObject({ escalateAt: null });
    expect(low.incident.clock?.acknowledgeAt).toBeGreaterThan(at(20) + hour);
  });

  test("acknowledged stays acknowledged, and silent", () => {
    const life = resolved("P0", (each) => each.does(at(1), ada));
    const before = pages(life);
    life.fires("cpu", at(20), { severity: "P0" });
    life.until(at(60));
    expect(life.incident).toMatchObject({ status: "acknowledged", acknowledgedBy: "Ada", clock: null, active: true });
    expect(pages(life)).toEqual(before);
  });

  test("a worse alarm raises it, a lesser one only belongs to it", () => {
    const worse = resolved("P1");
    worse.fires("errors", at(20), { severity: "P0" });
    expect(kinds(worse).slice(-2)).toEqual(["reopened", "raised"]);
    expect(worse.incident).toMatchObject({ severity: "P0", statusEntry: "investigating", raisedAt: at(20) });
    const lesser = resolved("P1");
    lesser.fires("log", at(20), { severity: "P3" });
    expect(kinds(lesser).at(-1)).toBe("reopened");
    expect(lesser.incident.severity).toBe("P1");
    expect(listed(lesser)).toEqual(["cpu", "log"]);
    expect(lesser.thread?.echoes).toEqual({});
  });

  test("a P0 is on the status page again, another never was", () => {
    const life = resolved("P0");
    expect(life.incident.statusEntry).toBe("resolved");
    life.fires("cpu", at(20), { severity: "P0" });
    expect(life.incident.statusEntry).toBe("investigating");
    const other = resolved("P1");
    expect(other.incident.statusEntry).toBeNull();
    other.fires("cpu", at(20));
    expect(other.incident.statusEntry).toBeNull();
  });

  test("one that flaps by then is said to", () => {
    const life = createLife({ policy: policyWith({ incidents: { flapping: { transitions: 3 } } }) });
    life.fires("cpu", at(0));
    life.clears("cpu", at(2));
    life.fires("cpu", at(14));
    expect(kinds(life).slice(-2)).toEqual(["reopened", "flapping"]);
    const steady = resolved();
    steady.fires("cpu", at(14));
    expect(kinds(steady).at(-1)).toBe("reopened");
  });
});

describe("muted when it is red again", () => {
  test("it is open and counts for nobody, until the mute is over", () => {
    const life = resolved("P0");
    const before = pages(life);
    life.fires("cpu", at(20), { severity: "P0", mute: mutedUntil(at(25)) });
    expect(life.incident).toMatchObject({ status: "open", active: false, clock: null });
    expect(kinds(life).slice(-2)).toEqual(["reopened", "muted"]);
    life.until(at(24));
    expect(pages(life)).toEqual(before);
    life.until(at(25));
    expect(pages(life).slice(before.length)).toEqual(["+25 opened P0 operations-1"]);
    expect(life.incident).toMatchObject({ active: true, paused: null, clock: { acknowledgeAt: at(30) } });
  });

  test("it does not fall below what was told before, when it counts again by a lesser alarm", () => {
    const life = resolved("P0");
    life.fires("log", at(20), { severity: "P2", mute: mutedUntil(at(25)) });
    life.until(at(25));
    expect(life.incident.severity).toBe("P0");
  });

  test("it stays with whoever has it", () => {
    const life = resolved("P0", (each) => each.does(at(1), ada));
    const before = pages(life);
    life.fires("cpu", at(20), { severity: "P0", mute: mutedUntil(at(25)) });
    life.until(at(40));
    expect(life.incident).toMatchObject({ status: "acknowledged", active: true });
    expect(pages(life)).toEqual(before);
  });

  test("what was muted all the time counts from when it is red and not muted", () => {
    const life = createLife();
    life.fires("cpu", at(0), { severity: "P0", mute: mutedUntil(at(60)) });
    life.clears("cpu", at(1));
    life.until(at(6));
    expect(pages(life)).toEqual([]);
    expect(life.incident.paused).toBeNull();
    life.fires("cpu", at(20), { severity: "P2" });
    expect(life.incident).toMatchObject({ active: true, severity: "P2", alarmSeverity: "P2" });
    expect(pages(life)).toEqual(["+35 opened P2 operations-1"]);
  });
});

describe("what is over is told to whoever was told of it", () => {
  test("also when it was raised before its first page had gone out", () => {
    const life = createLife();
    life.fires("log", at(0), { severity: "P2" });
    life.fires("cpu", at(5));
    life.does(at(6), { type: "resolve", by: "Ada", text: "" });
    expect(life.incident.firstPageAt).toBe(at(5));
    expect(pages(life).at(-1)).toBe("+6 resolved P1 operations-1");
    expect(life.decisions.at(-1)?.pages).toMatchObject([{ despiteAcknowledgement: false }]);
  });

  test("each level once, the first first", () => {
    const life = createLife();
    life.fires("cpu", at(0), { severity: "P0" });
    life.until(at(31));
    life.clears("cpu", at(32));
    life.until(at(37));
    expect(pages(life).filter((page) => page.includes("resolved"))).toEqual([
      "+37 resolved P0 operations-1",
      "+37 resolved P0 operations-2",
      "+37 resolved P0 operations-3",
    ]);
  });

  test("by level, whatever the order in which they were told", () => {
    const policy = policyWith({ teams: { operations: { levels: ["9", "5", "1"].map(level) } } });
    const life = createLife({ policy });
    life.fires("cpu", at(0), { severity: "P0" });
    life.until(at(31));
    life.does(at(31), { type: "resolve", by: "Ada", text: "" });
    const over = life.decisions.at(-1)?.pages.map(({ audience }) => audience);
    expect(over).toEqual(["9", "5", "1"]);
  });

  test.each([
    [14, []],
    [15, ["+15 resolved P2 operations-1"]],
  ])("not while its first page waits for company: after %i min", (minutes, over) => {
    const life = createLife();
    life.fires("cpu", at(0), { severity: "P2" });
    life.does(at(minutes), { type: "resolve", by: "Ada", text: "" });
    expect(pages(life).slice(1)).toEqual(over);
  });

  test("nobody, where nobody was told", () => {
    const life = createLife();
    life.fires("cpu", at(0), { mute: mutedUntil(null) });
    life.does(at(1), { type: "resolve", by: "Ada", text: "" });
    expect(pages(life)).toEqual([]);
  });
});

function level(audience: string) {
  return { audience, channels: [{ type: "log" }] };
}
