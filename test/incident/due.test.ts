import { describe, expect, test } from "vitest";
import { blindMembers, dueAt } from "../../shared/incident/decide-tick.ts";
import { day, type Instant } from "../../shared/instant.ts";
import { createLife, type Life, mutedUntil, pages, timeline } from "./life.ts";
import { policy } from "./stage.ts";
import { at } from "./stories.ts";

/** When a tick has something to do next. */
function due({ thread }: Life): Instant | null {
  return thread === null ? null : dueAt(thread, policy);
}

function lived(live: (life: Life) => void): Life {
  const life = createLife();
  live(life);
  return life;
}

describe("something is due", () => {
  test.each<[what: string, live: (life: Life) => void, when: Instant | null]>([
    ["never where nothing is known", (life) => life.tick(at(0)), null],
    [
      "never where an incident is over",
      (life) => {
        life.fires("cpu", at(0));
        life.clears("cpu", at(1));
        life.until(at(6));
      },
      null,
    ],
    [
      "when a silence ends, without an incident",
      (life) => {
        life.does(at(0), { type: "silence", by: "Ada", reason: "work", until: at(20) });
      },
      at(20),
    ],
    [
      "when a silence ends, before the clocks",
      (life) => {
        life.fires("cpu", at(0), { severity: "P1" });
        life.does(at(0), { type: "silence", by: "Ada", reason: "work", until: at(10) });
      },
      at(10),
    ],
    ["when the acknowledgement is missed", (life) => life.fires("cpu", at(0), { severity: "P0" }), at(5)],
    [
      "when it escalates",
      (life) => {
        life.fires("cpu", at(0), { severity: "P0" });
        life.until(at(5));
      },
      at(15),
    ],
    [
      "never where somebody has it, and it is red",
      (life) => {
        life.fires("cpu", at(0), { severity: "P0" });
        life.does(at(1), { type: "acknowledge", by: "Ada" });
      },
      null,
    ],
    [
      "when all has been OK for the stability window",
      (life) => {
        life.fires("cpu", at(0), { severity: "P0" });
        life.does(at(1), { type: "acknowledge", by: "Ada" });
        life.clears("cpu", at(2));
      },
      at(7),
    ],
    ["when a mute ends", (life) => life.fires("cpu", at(0), { mute: mutedUntil(at(3)) }), at(3)],
    ["never where a mute's end is not known", (life) => life.fires("cpu", at(0), { mute: mutedUntil(null) }), null],
    [
      "when one that flaps has settled",
      (life) => {
        life.fires("cpu", at(0));
        life.fires("disk", at(0));
        life.does(at(0), { type: "acknowledge", by: "Ada" });
        for (const minutes of [1, 3]) {
          life.clears("cpu", at(minutes));
          life.fires("cpu", at(minutes + 1));
        }
      },
      at(19),
    ],
    [
      "when one that is red has had no data for a day",
      (life) => {
        life.fires("cpu", at(0));
        life.does(at(0), { type: "acknowledge", by: "Ada" });
        life.blinds("cpu", at(1));
      },
      at(1) + day,
    ],
    [
      "never of unknown shapes but by the clocks",
      (life) => {
        const unknown = { type: "unknown-shape", door: "event", path: "$", problem: "?", raw: "{}" } as const;
        life.does(at(0), { ...unknown, at: at(0) });
        life.does(at(0), { type: "acknowledge", by: "Ada" });
      },
      null,
    ],
  ])("%s", (_, live, when) => {
    const life = lived(live);
    expect(due(life)).toBe(when);
  });
});

describe("alarms that are red without data", () => {
  const blind = (also: (life: Life) => void = () => {}) =>
    lived((life) => {
      life.fires("cpu", at(0));
      life.fires("disk", at(0));
      life.clears("disk", at(1));
      life.blinds("disk", at(1));
      life.blinds("cpu", at(1));
      also(life);
    });
  const letGo = ({ thread }: Life, now: Instant) =>
    thread === null ? [] : blindMembers(thread, now, policy).map(({ name }) => name);

  test("must be let go after a day, to the millisecond, and those that are OK need not", () => {
    expect(letGo(blind(), at(1) + day)).toEqual(["cpu"]);
    expect(letGo(blind(), at(1) + day - 1)).toEqual([]);
  });

  test("need not, where the incident is over, or there is none", () => {
    const over = blind((life) => life.does(at(2), { type: "resolve", by: "Ada", text: "" }));
    expect(letGo(over, at(2) + day)).toEqual([]);
    expect(
      letGo(
        lived((life) => life.tick(at(0))),
        at(1),
      ),
    ).toEqual([]);
  });
});

describe("one sweep takes one step of the clocks", () => {
  test("what is due first comes first, however late the sweep is", () => {
    const life = lived((each) => each.fires("cpu", at(0), { severity: "P0" }));
    life.tick(at(40));
    life.tick(at(40));
    expect(pages(life).slice(1)).toEqual(["+40 reminded P0 operations-1", "+40 escalated P0 operations-2"]);
    life.tick(at(40));
    expect(pages(life)).toHaveLength(3);
  });

  test("nothing is due a moment before", () => {
    const life = lived((each) => each.fires("cpu", at(0), { severity: "P0" }));
    life.tick(at(5) - 1);
    expect(pages(life)).toHaveLength(1);
    life.tick(at(5));
    life.tick(at(15) - 1);
    expect(pages(life)).toHaveLength(2);
    life.tick(at(15));
    expect(pages(life)).toHaveLength(3);
  });

  test("where both are due at the same time, it reminds, and then escalates", () => {
    const same = { acknowledge: { minutes: 15 }, escalate: { minutes: 15 } };
    const life = createLife({
      policy: { ...policy, severities: { ...policy.severities, P0: { ...policy.severities.P0, ...same } } },
    });
    life.fires("cpu", at(0), { severity: "P0" });
    life.tick(at(15));
    life.tick(at(15));
    expect(pages(life).slice(1)).toEqual(["+15 reminded P0 operations-1", "+15 escalated P0 operations-2"]);
  });

  test("where it escalates before the acknowledgement is missed, it escalates first", () => {
    const P0 = { ...policy.severities.P0, acknowledge: { minutes: 60 }, escalate: { minutes: 15 } };
    const life = createLife({ policy: { ...policy, severities: { ...policy.severities, P0 } } });
    life.fires("cpu", at(0), { severity: "P0" });
    life.tick(at(70));
    expect(pages(life).at(-1)).toBe("+70 escalated P0 operations-2");
  });

  test("a reminder goes to every level that was paged", () => {
    const levels = { P0: { ...policy.severities.P0, initialLevels: 2 } };
    const life = createLife({ policy: { ...policy, severities: { ...policy.severities, ...levels } } });
    life.fires("cpu", at(0), { severity: "P0" });
    life.until(at(20));
    expect(pages(life).slice(2)).toEqual([
      "+5 reminded P0 operations-1",
      "+5 reminded P0 operations-2",
      "+15 escalated P0 operations-3",
      "+20 reminded P0 operations-3",
    ]);
  });

  test("of a team that is not there any more, or has nobody, nothing happens but a line", () => {
    const nobody = { ...policy, teams: { operations: { levels: [] } } };
    const life = createLife({ policy: nobody });
    life.fires("cpu", at(0), { severity: "P0" });
    life.until(at(15));
    expect(pages(life)).toEqual([]);
    expect(timeline(life).at(-1)).toBe("+15 reminded: still nobody has acknowledged: reminding level 1, the last");
  });

  test("a tick that finds nothing due writes nothing", () => {
    const life = lived((each) => each.fires("cpu", at(0)));
    expect(life.tick(at(1))).toMatchObject({ entries: [], pages: [], refused: null, thread: life.thread });
  });

  test("a tick that resolves does nothing else", () => {
    const life = lived((each) => {
      each.fires("cpu", at(0), { severity: "P0" });
      each.clears("cpu", at(1));
    });
    life.tick(at(30));
    expect(timeline(life).map((line) => line.split(":")[0])).toEqual(["+0 opened", "+1 recovered", "+30 resolved"]);
  });
});
