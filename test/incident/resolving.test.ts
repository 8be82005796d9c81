import { describe, expect, test } from "vitest";
import { createLife, type Life, listed, timeline } from "./life.ts";
import { arnOf, at } from "./stories.ts";

const resolve = (text = "") => ({ type: "resolve", by: "Ada", text }) as const;

/** An incident of one alarm, that is red. */
function burning(): Life {
  const life = createLife();
  life.fires("cpu", at(0));
  return life;
}

describe("resolving by hand", () => {
  test("says how many are red still, and why", () => {
    const life = burning();
    life.fires("disk", at(0));
    life.does(at(1), resolve());
    expect(timeline(life).at(-1)).toBe("+1 resolved: resolved by Ada, while 2 of its alarms are red");
    life.fires("cpu", at(2), { rose: true });
    life.clears("cpu", at(3));
    life.does(at(4), resolve("done"));
    expect(timeline(life).at(-1)).toBe("+4 resolved: resolved by Ada: done");
    life.fires("cpu", at(5));
    life.fires("disk", at(5), { rose: true });
    life.clears("disk", at(5));
    life.does(at(6), resolve("again"));
    expect(timeline(life).at(-1)).toBe("+6 resolved: resolved by Ada, while 1 of its alarms is red: again");
  });

  test("of what is red: a word of an alarm that was red then is not a new incident, its next ALARM is", () => {
    const life = burning();
    life.does(at(1), resolve());
    life.fires("cpu", at(2));
    expect(life.incident.status).toBe("resolved");
    life.fires("cpu", at(3), { rose: true });
    expect(life.incident).toMatchObject({ status: "open", openedAt: at(3) });
  });

  test("of what is red: an alarm that was not red then opens a new incident, without those that were", () => {
    const life = burning();
    life.fires("disk", at(0));
    life.clears("disk", at(0, 30));
    life.does(at(1), resolve());
    life.fires("disk", at(2), { rose: false });
    expect(life.incident).toMatchObject({ status: "open", openedAt: at(2) });
    expect(listed(life)).toEqual(["disk"]);
  });

  test("of what is red: an alarm that was not in it opens a new incident too", () => {
    const life = burning();
    life.does(at(1), resolve());
    life.fires("disk", at(2), { rose: false });
    expect(life.incident).toMatchObject({ status: "open", openedAt: at(2) });
  });

  test("of what is OK: it is reopened like any other", () => {
    const life = burning();
    life.clears("cpu", at(1));
    life.does(at(2), resolve());
    const { id } = life.incident;
    life.fires("cpu", at(3));
    expect(life.incident).toMatchObject({ id, status: "open", resolvedAt: null, resolution: null });
  });

  test("and again by the same stamp: each incident has a name of its own", () => {
    const life = burning();
    const { id } = life.incident;
    for (let number = 2; number <= 12; number++) {
      life.does(at(1), resolve());
      life.fires("cpu", at(0), { rose: true, now: at(1) });
      expect(life.incident.id).toBe(`${id}-again-${number}`);
    }
  });

  test("and again by the same stamp, also under a key that sounds like it", () => {
    const life = createLife({ key: "once-again-7" });
    life.fires("cpu", at(0));
    const { id } = life.incident;
    life.does(at(1), resolve());
    const { followed } = life.fires("cpu", at(0), { rose: true, now: at(1) });
    expect(life.incident.id).toBe(`${id}-again-2`);
    expect(followed).toEqual([]);
  });

  test("of what is red: what was OK then belongs to the next incident if it was red near enough", () => {
    const life = burning();
    life.fires("disk", at(1));
    life.clears("disk", at(2));
    life.does(at(3), resolve());
    life.fires("log", at(4), { rose: true });
    expect(listed(life)).toEqual(["disk", "log"]);
  });

  test("of what is red: it is remembered when it is OK, by whatever incident is open then", () => {
    const alone = burning();
    alone.does(at(1), resolve());
    alone.clears("cpu", at(2));
    expect(Object.keys(alone.thread?.echoes ?? {})).toEqual([arnOf("cpu")]);
    const beside = burning();
    beside.does(at(1), resolve());
    beside.fires("disk", at(200));
    beside.clears("cpu", at(201));
    expect(listed(beside)).toEqual(["disk"]);
    expect(Object.keys(beside.thread?.echoes ?? {})).toEqual([arnOf("cpu")]);
  });

  test("of one that flaps by its next ALARM: the new incident says so", () => {
    const life = burning();
    life.clears("cpu", at(1));
    life.fires("cpu", at(2));
    life.does(at(3), resolve());
    life.clears("cpu", at(4));
    life.fires("cpu", at(5));
    expect(
      timeline(life)
        .slice(-2)
        .map((line) => line.split(":")[0]),
    ).toEqual(["+5 opened", "+5 flapping"]);
  });
});
