import { describe, expect, test } from "vitest";
import { day } from "../../shared/instant.ts";
import { createLife, type Life, mutedUntil, timeline } from "./life.ts";
import { at } from "./stories.ts";

// What a person reads of an incident afterwards, line by line.

function lived(live: (life: Life) => void): string[] {
  const life = createLife();
  live(life);
  return timeline(life);
}

describe("the timeline tells of alarms", () => {
  test("how they came, were taken over, got better and came again", () => {
    const lines = lived((life) => {
      life.fires("cpu", at(0), { placed: "rule: shop" });
      life.fires("cpu", at(1));
      life.fires("errors", at(2), { severity: "P0", reason: "" });
      life.does(at(3), { type: "acknowledge", by: "Ada" });
      life.does(at(4), { type: "note", by: "Ada", text: "looking" });
      life.clears("cpu", at(5), { reason: "No datapoint was greater" });
      life.clears("errors", at(6), { reason: "" });
      life.until(at(11));
      life.fires("cpu", at(20));
    });
    expect(lines).toEqual([
      "+0 opened: opened as P1: cpu is in ALARM (P1): Threshold Crossed (rule: shop)",
      "+2 joined: errors is in ALARM (P0)",
      "+2 raised: raised from P1 to P0: errors is in ALARM (P0)",
      "+3 acknowledged: acknowledged by Ada",
      "+4 noted: Ada: looking",
      "+5 recovered: cpu is OK since 2026-06-01T10:05:00.000Z: No datapoint was greater",
      "+6 recovered: errors is OK since 2026-06-01T10:06:00.000Z",
      "+11 resolved: resolved: all 2 alarms OK since 2026-06-01T10:06:00.000Z",
      "+20 reopened: reopened: cpu is in ALARM (P1): Threshold Crossed",
    ]);
  });

  test("of one alone, that it was the only one", () => {
    const lines = lived((life) => {
      life.fires("cpu", at(0));
      life.clears("cpu", at(5));
      life.until(at(10));
    });
    expect(lines.at(-1)).toBe("+10 resolved: resolved: its alarm OK since 2026-06-01T10:05:00.000Z");
  });

  test("of a severity's second trouble, that it is an episode", () => {
    const lines = lived((life) => {
      life.fires("log", at(0), { severity: "P3" });
      life.fires("cpu", at(1));
      life.clears("cpu", at(2));
      life.fires("cpu", at(8));
    });
    expect(lines.at(-1)).toBe("+8 episode: episode 2: cpu is in ALARM (P1): Threshold Crossed");
  });

  test("which are without data, deleted, or changed while nobody needs to know", () => {
    const lines = lived((life) => {
      life.fires("cpu", at(0));
      life.fires("disk", at(1), { severity: "P3" });
      life.clears("disk", at(2));
      life.blinds("disk", at(3));
      life.ends("disk", at(4));
      life.ends("disk", at(5));
      life.blinds("cpu", at(5));
      life.fires("cpu", at(6));
      life.blinds("cpu", at(30));
      life.ends("cpu", at(30) + day, false);
    });
    expect(lines.slice(3)).toEqual([
      "+3 noted: disk is INSUFFICIENT_DATA",
      "+4 noted: disk was deleted",
      "+5 noted: cpu has no data, and stays red",
      "+6 noted: cpu is ALARM",
      "+30 noted: cpu has no data, and stays red",
      "+1470 blind: cpu has had no data for too long, and is let go",
    ]);
  });

  test("that one was deleted while it was red, with data or without", () => {
    const lines = lived((life) => {
      life.fires("cpu", at(0));
      life.fires("disk", at(0));
      life.fires("web", at(0));
      life.clears("web", at(1));
      life.blinds("disk", at(1));
      life.ends("cpu", at(2));
      life.ends("disk", at(3));
      life.until(at(8));
    });
    expect(lines.slice(5)).toEqual([
      "+2 recovered: cpu was deleted since 2026-06-01T10:02:00.000Z: Threshold Crossed",
      "+3 recovered: disk was deleted since 2026-06-01T10:03:00.000Z: Threshold Crossed",
      "+8 resolved: resolved: deleted; stable since 2026-06-01T10:03:00.000Z",
    ]);
  });

  test("that one is worse than was thought, and whether that makes a difference", () => {
    const lines = lived((life) => {
      life.fires("cpu", at(0), { severity: "P2" });
      life.fires("disk", at(0), { severity: "P3", untagged: true });
      life.fires("disk", at(1), { severity: "P2" });
      life.fires("disk", at(2), { severity: "P1" });
    });
    expect(lines.slice(2)).toEqual([
      "+1 noted: disk is P2 now",
      "+2 noted: disk is P1 now",
      "+2 raised: raised from P2 to P1: disk",
    ]);
  });

  test("that one flaps, and when it has settled", () => {
    const lines = lived((life) => {
      life.fires("log", at(0), { severity: "P3" });
      life.fires("cpu", at(0), { severity: "P3" });
      life.clears("cpu", at(1));
      life.fires("cpu", at(2), { severity: "P3" });
      life.clears("cpu", at(3));
      for (const minutes of [0, 2]) {
        life.fires("disk", at(minutes, 30), { severity: "P3" });
        life.clears("disk", at(minutes + 1, 30));
      }
      life.tick(at(20));
    });
    expect(lines.filter((line) => line.includes("cpu")).slice(-2)).toEqual([
      "+3 flapping: cpu flaps: 4 transitions in 15 min; nobody is paged for it again",
      "+20 settled: steady since 2026-06-01T10:03:30.000Z: cpu, disk",
    ]);
  });

  test("what came late", () => {
    const lines = lived((life) => {
      life.fires("cpu", at(0));
      life.clears("cpu", at(3));
      life.fires("cpu", at(1), { reason: "", now: at(4) });
      life.fires("cpu", at(2), { now: at(5) });
    });
    expect(lines.slice(2)).toEqual([
      "+4 stale: cpu: came late and changes nothing: no reason given",
      "+5 stale: cpu: came late and changes nothing: Threshold Crossed",
    ]);
  });
});

describe("the timeline tells of findings", () => {
  test("that they were raised and cleared", () => {
    const kind = "finding";
    const lines = lived((life) => {
      life.fires("password", at(0), { kind, reason: "it is old" });
      life.fires("api-key", at(1), { kind, reason: "" });
      life.clears("password", at(5), { kind, reason: "it is new" });
      life.clears("api-key", at(6), { kind, reason: "" });
    });
    expect(lines).toEqual([
      "+0 opened: opened as P1: password (P1): it is old",
      "+1 joined: api-key (P1)",
      "+5 recovered: password was cleared since 2026-06-01T10:05:00.000Z: it is new",
      "+6 recovered: api-key was cleared since 2026-06-01T10:06:00.000Z",
      "+6 resolved: resolved: all 2 alarms OK since 2026-06-01T10:06:00.000Z",
    ]);
  });
});

describe("the timeline tells of mutes", () => {
  test("by whom and until when, and how they ended", () => {
    const lines = lived((life) => {
      life.fires("cpu", at(0), { mute: mutedUntil(null, "suppressor") });
      life.fires("cpu", at(5));
      life.fires("disk", at(6), { mute: mutedUntil(at(10), "deployment") });
      life.until(at(10));
    });
    expect(lines).toEqual([
      "+0 opened: opened as P1: cpu is in ALARM (P1): Threshold Crossed",
      "+0 muted: cpu is muted by suppressor",
      "+5 unmuted: no longer muted: cpu is in ALARM (P1): Threshold Crossed",
      "+6 joined: disk is in ALARM (P1): Threshold Crossed",
      "+6 muted: disk is muted by deployment until 2026-06-01T10:10:00.000Z",
      "+10 unmuted: the mute of disk is over, and disk is still red",
    ]);
  });

  test.each([
    [3, "the mute of a, b, c is over, and b is still red"],
    [4, "the mute of a, b, c and 1 more is over, and b is still red"],
    [6, "the mute of a, b, c and 3 more is over, and b is still red"],
  ])("that %i were over at once, with a few names and the worst of them", (count, line) => {
    const lines = lived((life) => {
      for (const name of ["a", "b", "c", "d", "e", "f"].slice(0, count)) {
        life.fires(name, at(1), { severity: name === "b" ? "P1" : "P3", mute: mutedUntil(at(4)) });
      }
      life.until(at(4));
    });
    expect(lines.at(-1)).toBe(`+4 unmuted: ${line}`);
  });

  test("nothing when a mute ends of what is OK already", () => {
    const lines = lived((life) => {
      life.fires("log", at(0), { severity: "P3" });
      life.does(at(0), { type: "silence", by: "Ada", reason: "work", until: at(10) });
      life.fires("cpu", at(1), { mute: mutedUntil(at(5)) });
      life.fires("disk", at(1));
      life.clears("cpu", at(2));
      life.clears("disk", at(2));
      life.until(at(12));
    });
    expect(lines.slice(-2).map((line) => line.split(" since ")[0])).toEqual([
      "+2 recovered: cpu is OK",
      "+2 recovered: disk is OK",
    ]);
  });
});

describe("the timeline tells of clocks", () => {
  test("who was reminded, and which level was paged then", () => {
    const lines = lived((life) => {
      life.fires("cpu", at(0), { severity: "P0" });
      life.until(at(61));
    });
    expect(lines.slice(1)).toEqual([
      "+5 reminded: nobody acknowledged within the time for P0: reminding",
      "+15 escalated: nobody acknowledged: level 2 is paged",
      "+20 reminded: nobody acknowledged within the time for P0: reminding",
      "+30 escalated: nobody acknowledged: level 3 is paged",
      "+35 reminded: nobody acknowledged within the time for P0: reminding",
      "+45 reminded: still nobody has acknowledged: reminding level 3, the last",
      "+60 reminded: still nobody has acknowledged: reminding level 3, the last",
    ]);
  });
});
