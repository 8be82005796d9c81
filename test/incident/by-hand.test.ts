import { describe, expect, test } from "vitest";
import type { PersonCommand } from "../../shared/incident/decide.ts";
import { createLife, type Life, mutedUntil, pages, timeline } from "./life.ts";
import { arnOf, at } from "./stories.ts";

const by = "Ada";
const raise = (severity: "P0" | "P1" | "P2") => ({ type: "raise", by, severity }) as const;
const resolve = (text = "") => ({ type: "resolve", by, text }) as const;
const acknowledge = { type: "acknowledge", by } as const;
const silence = (until: number) => ({ type: "silence", by, reason: "deployment", until }) as const;

/** An incident of one alarm, that is red. */
function burning(severity: "P0" | "P1" | "P2" | "P3" = "P1"): Life {
  const life = createLife();
  life.fires("cpu", at(0), { severity });
  return life;
}

describe("what cannot be done is refused, and leaves everything as it was", () => {
  const over = () => {
    const life = burning();
    life.does(at(1), resolve());
    return life;
  };
  const taken = () => {
    const life = burning();
    life.does(at(1), acknowledge);
    return life;
  };
  const none = () => createLife();

  test.each<[string, () => Life, PersonCommand, RegExp]>([
    [
      "a note where there never was an incident",
      none,
      { type: "note", by, text: "hm" },
      /^there is no incident under shop$/,
    ],
    ["to acknowledge none", none, acknowledge, /^there is no incident under shop$/],
    ["to raise none", none, raise("P0"), /^there is no incident under shop$/],
    ["to resolve none", none, resolve(), /^there is no incident under shop$/],
    ["to acknowledge what is over", over, acknowledge, /^shop-20260601T100000-\w{8} is resolved$/],
    ["to raise what is over", over, raise("P0"), /is resolved$/],
    ["to resolve what is over", over, resolve(), /is resolved$/],
    ["to acknowledge twice", taken, acknowledge, /^shop-\S+ is acknowledged already, by Ada$/],
    ["to raise to what it is", burning, raise("P1"), /is P1 already; severity never falls by hand either$/],
    ["to raise to less", burning, raise("P2"), /is P1 already; severity never falls/],
    [
      "a silence that is over",
      burning,
      silence(at(2)),
      /^a silence must end in the future; 2026-06-01T10:02:00.000Z is past$/,
    ],
  ])("%s", (_, begin, command, why) => {
    const life = begin();
    const before = life.thread;
    const decision = life.does(at(2), command);
    expect(decision.refused).toMatch(why);
    expect(decision).toMatchObject({ entries: [], pages: [] });
    if (before !== null) expect(decision.thread).toEqual(before);
  });
});

describe("a note", () => {
  test("can be taken of what is over", () => {
    const life = burning();
    life.does(at(1), resolve());
    expect(life.does(at(2), { type: "note", by, text: "it was the cache" }).refused).toBeNull();
    expect(timeline(life).at(-1)).toBe("+2 noted: Ada: it was the cache");
  });
});

describe("raising by hand", () => {
  test("pages whom the new severity adds, and starts its clocks at the level that was reached", () => {
    const life = burning();
    life.until(at(75));
    expect(life.incident.clock).toMatchObject({ from: 2, level: 2 });
    life.does(at(76), raise("P0"));
    expect(life.incident).toMatchObject({ severity: "P0", alarmSeverity: "P1", raisedAt: at(76) });
    expect(life.incident.clock).toEqual({ from: 2, level: 2, acknowledgeAt: at(81), escalateAt: at(91) });
    expect(pages(life).filter((page) => page.startsWith("+76"))).toEqual([]);
    expect(timeline(life).at(-1)).toBe("+76 raised: raised from P1 to P0 by Ada");
    expect(life.incident.statusEntry).toBe("investigating");
  });

  test("before its first page went out, pages once, and then the new severity", () => {
    const life = burning("P2");
    expect(pages(life)).toEqual(["+15 opened P2 operations-1"]);
    life.does(at(14), raise("P1"));
    expect(pages(life).at(-1)).toBe("+14 raised P1 operations-1");
    expect(life.incident.clock).toEqual({ from: 1, level: 1, acknowledgeAt: at(29), escalateAt: at(74) });
  });

  test("when its first page has just gone out, pages nobody again", () => {
    const life = burning("P2");
    life.does(at(15), raise("P1"));
    expect(pages(life)).toHaveLength(1);
  });

  test("what somebody has taken over leaves it with them, before its first page and after", () => {
    for (const minutes of [10, 20]) {
      const life = burning("P2");
      life.does(at(1), acknowledge);
      life.does(at(minutes), raise("P1"));
      expect(life.incident).toMatchObject({ status: "acknowledged", acknowledgedBy: by, clock: null, severity: "P1" });
      expect(pages(life)).toHaveLength(1);
    }
  });

  test("what is muted makes it count, from the first level on", () => {
    const life = createLife();
    life.fires("cpu", at(0), { severity: "P2", mute: mutedUntil(at(60)) });
    life.does(at(1), raise("P1"));
    expect(life.incident).toMatchObject({ active: true, clock: { from: 1, level: 1, acknowledgeAt: at(16) } });
    expect(pages(life)).toEqual(["+1 raised P1 operations-1"]);
    expect(life.decisions.at(-1)?.pages).toMatchObject([{ despiteAcknowledgement: true }]);
  });

  test("does not count as an alarm's own severity: the next alarm that is worse than those makes it theirs", () => {
    const life = burning("P3");
    life.does(at(1), raise("P0"));
    life.fires("disk", at(2), { severity: "P1" });
    expect(life.incident).toMatchObject({ severity: "P0", alarmSeverity: "P1" });
    life.fires("log", at(3), { severity: "P2" });
    expect(life.incident).toMatchObject({ severity: "P0", alarmSeverity: "P1" });
  });
});

describe("a silence", () => {
  test("mutes what turns red under it, until it ends, and no other mutes it", () => {
    const life = burning();
    life.does(at(1), silence(at(20)));
    life.fires("disk", at(2), { mute: mutedUntil(at(5)) });
    expect(life.member("disk").mute).toEqual({ by: "silence by Ada", until: at(20) });
    life.fires("late", at(20));
    expect(life.member("late").mute).toBeNull();
  });

  test("mutes nothing that was told already", () => {
    const life = burning();
    life.does(at(1), silence(at(20)));
    life.fires("cpu", at(2), { untagged: true });
    expect(life.member("cpu")).toMatchObject({ mute: null, untagged: true });
    life.fires("cpu", at(3));
    expect(life.member("cpu").untagged).toBe(false);
  });

  test("is told in the timeline of what is open", () => {
    const life = burning();
    life.does(at(1), silence(at(20)));
    expect(timeline(life).at(-1)).toBe(
      "+1 noted: silenced by Ada until 2026-06-01T10:20:00.000Z: deployment; what was paged stays paged",
    );
  });

  test("that is given another end gives it to what it muted, and to nothing else", () => {
    const life = burning();
    life.fires("ruled", at(0), { mute: mutedUntil(at(30)) });
    life.does(at(1), silence(at(20)));
    life.fires("disk", at(2));
    life.does(at(3), silence(at(10)));
    const mutes = ["cpu", "disk", "ruled"].map((name) => life.incident.members[arnOf(name)]?.mute?.until ?? null);
    expect(mutes).toEqual([null, at(10), at(30)]);
  });

  test("is forgotten when it is over, and not before", () => {
    const life = createLife();
    life.does(at(1), silence(at(20)));
    life.tick(at(19));
    expect(life.thread?.silence).toEqual({ by, reason: "deployment", until: at(20) });
    life.tick(at(20));
    expect(life.thread?.silence).toBeNull();
  });
});
