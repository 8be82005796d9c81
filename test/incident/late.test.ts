import { describe, expect, test } from "vitest";
import { chainOf, reach } from "../../shared/incident/membership.ts";
import type { Member, Span } from "../../shared/incident/types.ts";
import { minute } from "../../shared/instant.ts";
import { createLife, type Life, listed, timeline } from "./life.ts";
import { policy } from "./stage.ts";
import { arnOf, at } from "./stories.ts";

// Which alarms an incident lists does not depend on the order in which they were heard of.

const remembered = ({ thread }: Life) =>
  Object.values(thread?.echoes ?? {})
    .map(({ name }) => name)
    .sort();
const kinds = (life: Life) => timeline(life).map((line) => line.split(" ")[1]?.replace(":", ""));

describe("an alarm that is OK when its key has no open incident", () => {
  test("is remembered if it ever was red, and no other", () => {
    const life = createLife();
    life.clears("calm", at(0));
    expect(remembered(life)).toEqual([]);
    life.clears("cpu", at(2));
    life.fires("cpu", at(1), { now: at(3) });
    expect(remembered(life)).toEqual(["cpu"]);
    expect(life.thread?.incident).toBeNull();
    expect(life.decisions.flatMap(({ entries }) => entries)).toEqual([]);
  });

  test("is listed by the incident that is opened near enough, and is not remembered any more", () => {
    const life = createLife();
    life.clears("cpu", at(2));
    life.fires("cpu", at(1), { now: at(3) });
    life.fires("disk", at(37));
    expect(listed(life)).toEqual(["cpu", "disk"]);
    expect(remembered(life)).toEqual([]);
  });

  test("is not listed by one that is opened too late, and stays remembered", () => {
    const life = createLife();
    life.clears("cpu", at(2));
    life.fires("cpu", at(1), { now: at(3) });
    life.fires("disk", at(37) + 1);
    expect(listed(life)).toEqual(["disk"]);
    expect(remembered(life)).toEqual(["cpu"]);
  });

  test("of more than twenty the newest are remembered", () => {
    const life = createLife();
    for (let n = 0; n < 25; n++) {
      life.clears(`a${n}`, at(n, 30));
      life.fires(`a${n}`, at(n), { now: at(n, 30) });
    }
    expect(remembered(life)).toHaveLength(20);
    expect(remembered(life)).not.toContain("a4");
    expect(remembered(life)).toContain("a5");
  });
});

describe("an alarm of an open incident's key that is OK and was never listed", () => {
  test("is remembered", () => {
    const life = createLife();
    life.fires("disk", at(200));
    life.clears("cpu", at(3), { now: at(202) });
    life.fires("cpu", at(1), { now: at(203) });
    expect(listed(life)).toEqual(["disk"]);
    expect(remembered(life)).toEqual(["cpu"]);
    expect(kinds(life)).toEqual(["opened"]);
    life.clears("cpu", at(204));
    expect(remembered(life)).toEqual(["cpu"]);
  });

  test("is listed as soon as a late word shows that it belongs to it, which the timeline says", () => {
    const life = createLife();
    life.fires("disk", at(10));
    life.clears("cpu", at(12));
    life.fires("cpu", at(11), { now: at(13) });
    expect(listed(life)).toEqual(["cpu", "disk"]);
    expect(kinds(life)).toEqual(["opened", "stale"]);
    expect(remembered(life)).toEqual([]);
  });
});

describe("a late word of a listed alarm", () => {
  test("changes its red times, and neither its state nor who is told", () => {
    const life = createLife();
    life.fires("cpu", at(10));
    life.clears("cpu", at(12));
    const before = life.member("cpu");
    const decision = life.fires("cpu", at(2), { now: at(13) });
    expect(life.member("cpu")).toEqual({ ...before, spans: [{ from: at(2), until: at(12) }] });
    expect(decision.pages).toEqual([]);
  });

  test("of an incident that is over is recorded there, and nothing is listed or forgotten by it", () => {
    const life = createLife();
    life.fires("cpu", at(10));
    life.fires("disk", at(10));
    life.clears("cpu", at(12));
    life.clears("disk", at(12));
    life.until(at(17));
    life.fires("cpu", at(11), { now: at(18) });
    expect(kinds(life).at(-1)).toBe("stale");
    expect(life.incident.status).toBe("resolved");
    expect(listed(life)).toEqual(["cpu", "disk"]);
  });

  test("of an alarm that an incident which is over does not list is only remembered", () => {
    const life = createLife();
    life.fires("disk", at(10));
    life.clears("disk", at(12));
    life.until(at(17));
    life.clears("cpu", at(14));
    life.fires("cpu", at(13), { now: at(18) });
    expect(kinds(life)).toEqual(["opened", "recovered", "resolved"]);
    expect(remembered(life)).toEqual(["cpu"]);
    life.fires("disk", at(20));
    expect(kinds(life).at(-1)).toBe("reopened");
    expect(listed(life)).toEqual(["cpu", "disk"]);
    expect(remembered(life)).toEqual([]);
  });
});

describe("an incident that was opened by the second of two alarms", () => {
  test("lists the first too, when a word of it comes that is older than what is known of the other", () => {
    const life = createLife();
    life.fires("log", at(0));
    life.clears("log", at(1));
    life.until(at(6));
    life.fires("disk", at(60));
    expect(listed(life)).toEqual(["disk"]);
    life.fires("cpu", at(30), { now: at(61) });
    life.clears("cpu", at(31), { now: at(62) });
    expect(listed(life)).toEqual(["cpu", "disk", "log"]);
    expect(remembered(life)).toEqual([]);
  });

  test("lists no longer what has nothing to do with it after all", () => {
    const life = createLife();
    life.fires("cpu", at(0));
    life.fires("disk", at(100));
    life.clears("cpu", at(1), { now: at(101) });
    expect(listed(life)).toEqual(["disk"]);
    expect(remembered(life)).toEqual(["cpu"]);
    expect(life.decisions.at(-1)?.entries.at(-1)?.entry.change.members).toMatchObject({ [arnOf("cpu")]: null });
  });
});

describe("alarms belong together", () => {
  const alarm = (name: string, ...times: [from: number, until: number | null][]): [string, Member] => {
    const life = createLife();
    life.fires(name, at(0));
    const spans = times.map(([from, until]): Span => ({ from: at(from), until: until === null ? null : at(until) }));
    return [arnOf(name), { ...life.member(name), spans }];
  };
  const chained = (...alarms: [string, Member][]) =>
    Object.values(chainOf(Object.fromEntries(alarms), 35 * minute)).map(({ name }) => name);

  test("if one was red at most 35 min before the other, directly or by others between them", () => {
    const far = alarm("far", [0, 1]);
    const between = alarm("between", [36, 40]);
    const now = alarm("now", [75, null]);
    expect(chained(far, between, now)).toEqual(["far", "between", "now"]);
    expect(chained(far, now)).toEqual(["now"]);
    expect(chained(alarm("far", [0, 40]), now)).toEqual(["far", "now"]);
    expect(chained(alarm("far", [0, 39.99]), now)).toEqual(["now"]);
  });

  test("by any of their red times", () => {
    expect(chained(alarm("often", [0, 1], [50, 51]), alarm("now", [75, null]))).toEqual(["often", "now"]);
    expect(chained(alarm("now", [75, null]), alarm("often", [200, 201], [50, 51]))).toEqual(["now", "often"]);
  });

  test("from the newest red time on: one that is red is newer than any that ended", () => {
    expect(chained(alarm("over", [0, 100]), alarm("now", [10, null]))).toEqual(["over", "now"]);
    expect(chained(alarm("now", [200, null]), alarm("over", [0, 100]))).toEqual(["now"]);
    expect(chained(alarm("never"), alarm("calm"))).toEqual([]);
  });

  test("within the stability window and the time in which an incident is reopened; findings within two cadences", () => {
    expect(reach({ kind: "alarm", key: "shop" }, policy)).toBe(35 * minute);
    expect(reach({ kind: "unparsed", key: "audit|x" }, policy)).toBe(35 * minute);
    expect(reach({ kind: "finding", key: "audit|x" }, policy)).toBe(120 * minute);
  });
});
