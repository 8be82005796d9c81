import { describe, expect, test } from "vitest";
import { createLife, type Life, mutedUntil, pages, timeline } from "./life.ts";
import { at } from "./stories.ts";

function lived(live: (life: Life) => void): Life {
  const life = createLife();
  live(life);
  return life;
}

describe("a mute", () => {
  test("that was over when its alarm was recorded is none", () => {
    const life = createLife();
    life.fires("cpu", at(0), { mute: mutedUntil(at(10)), now: at(10) });
    expect(life.member("cpu").mute).toBeNull();
    expect(pages(life)).toEqual(["+10 opened P1 operations-1"]);
  });

  test("that is followed by another holds until the other's end, and the alarm counts as it is known then", () => {
    const life = createLife();
    life.fires("cpu", at(0), { severity: "P3", mute: mutedUntil(at(10)) });
    life.fires("cpu", at(1), { severity: "P1", mute: mutedUntil(at(20)) });
    expect(timeline(life).at(-1)).toBe("+1 noted: cpu is ALARM");
    life.fires("cpu", at(2), { severity: "P0", mute: mutedUntil(at(20)) });
    life.until(at(19));
    expect(life.incident).toMatchObject({ active: false, severity: "P3" });
    expect(pages(life)).toEqual([]);
    life.until(at(20));
    expect(pages(life)).toEqual(["+20 opened P0 operations-1"]);
  });
});

describe("mutes that end together", () => {
  test("are one incident's first page, at the severity of the worst that is red", () => {
    const life = lived((each) => {
      each.fires("a", at(0), { severity: "P3", mute: mutedUntil(at(10)) });
      each.fires("b", at(0), { severity: "P0", mute: mutedUntil(at(10)) });
      each.clears("b", at(1));
      each.fires("c", at(0), { severity: "P1", mute: mutedUntil(at(10)) });
      each.until(at(10));
    });
    expect(life.incident).toMatchObject({ severity: "P1", active: true });
    expect(pages(life)).toEqual(["+10 opened P1 operations-1"]);
    expect(life.member("c").mute).toBeNull();
  });

  test("raise an incident that is open, if the worst is worse", () => {
    const life = lived((each) => {
      each.fires("log", at(0), { severity: "P2" });
      each.fires("cpu", at(0), { severity: "P1", mute: mutedUntil(at(10)) });
      each.until(at(10));
    });
    expect(timeline(life).at(-1)).toBe("+10 raised: raised from P2 to P1: cpu is no longer muted");
  });

  test("begin an episode, where all others of the severity had been OK for the window", () => {
    const life = lived((each) => {
      each.fires("log", at(0), { severity: "P3" });
      each.fires("disk", at(0));
      each.clears("disk", at(1));
      each.fires("cpu", at(2), { mute: mutedUntil(at(10)) });
      each.until(at(10));
    });
    expect(timeline(life).at(-1)).toBe("+10 episode: episode 2: cpu is no longer muted");
  });

  test("begin none where another of the severity is red, whether its mute ends too or not", () => {
    const together = lived((each) => {
      each.fires("disk", at(0));
      each.clears("disk", at(1));
      each.fires("log", at(0), { severity: "P3" });
      each.fires("cpu", at(2), { mute: mutedUntil(at(10)) });
      each.fires("web", at(2), { mute: mutedUntil(at(10)) });
      each.until(at(10));
    });
    expect(together.incident.episode).toBe(2);
    const red = lived((each) => {
      each.fires("disk", at(0));
      each.fires("cpu", at(2), { mute: mutedUntil(at(10)) });
      each.until(at(10));
    });
    expect(red.incident.episode).toBe(1);
  });

  test("begin none where one of the severity whose mute ends too was red until just now", () => {
    const life = lived((each) => {
      each.fires("disk", at(0));
      each.clears("disk", at(1));
      each.fires("log", at(0), { severity: "P3" });
      each.fires("web", at(2), { mute: mutedUntil(at(10)) });
      each.fires("cpu", at(2), { mute: mutedUntil(at(10)) });
      each.clears("web", at(9));
      each.until(at(10));
    });
    expect(life.incident.episode).toBe(1);
  });
});
