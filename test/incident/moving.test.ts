import { describe, expect, test } from "vitest";
import { decideMove, fitTogether } from "../../shared/incident/decide-merge.ts";
import type { Decision, Incident, Thread } from "../../shared/incident/types.ts";
import { all, fires, type Life, lived, mutedUntil, resolved } from "./life.ts";
import { policy } from "./stage.ts";
import { arnOf, at } from "./stories.ts";

const textsOf = ({ entries }: Decision) => entries.map(({ entry }) => `${entry.type}: ${entry.text}`);
const pagesOf = ({ pages }: Decision) => pages.map(({ reason, severity }) => `${reason} ${severity}`);
const namesOf = (incident: Incident | null) => Object.values(incident?.members ?? {}).map(({ name }) => name);

describe("one alarm that turns out to belong to another open incident", () => {
  const holder = lived("disks", all(fires("disk", 0), fires("log", 0, { severity: "P3" })));
  const into = lived("shop", fires("cpu", 1, { severity: "P2" }));
  const move = (from: Thread, to: Thread, name = "disk") => decideMove(from, to, arnOf(name), at(10), policy);

  test("changes over, and both timelines say so", () => {
    const moved = move(holder, into);
    expect(namesOf(moved?.left.thread.incident ?? null)).toEqual(["log"]);
    expect(namesOf(moved?.joined.thread.incident ?? null)).toEqual(["cpu", "disk"]);
    expect(moved && textsOf(moved.left)).toEqual(["noted: disk is counted under shop from now on"]);
    expect(moved && textsOf(moved.joined)).toEqual([
      "joined: disk is in ALARM (P1), and was counted under disks until now",
      "raised: raised from P2 to P1: disk",
    ]);
    expect(moved && pagesOf(moved.joined)).toEqual(["raised P1"]);
    expect(moved && pagesOf(moved.left)).toEqual([]);
  });

  test("pages nobody where it is not worse, is muted, or is OK", () => {
    const pagesAfter = (from: Thread, name: string) => move(from, into, name)?.joined.pages;
    expect(pagesAfter(holder, "log")).toEqual([]);
    const muted = lived("disks", all(fires("log", 0), fires("disk", 0, { mute: mutedUntil(at(60)) })));
    expect(pagesAfter(muted, "disk")).toEqual([]);
    const over = lived(
      "disks",
      all(fires("log", 0), fires("disk", 0), (life) => life.clears("disk", at(1))),
    );
    expect(pagesAfter(over, "disk")).toEqual([]);
  });

  test("cannot, where it would be the last or is not there, or either is over, or nobody was told of the other", () => {
    const over = lived("shop", resolved("cpu", 1));
    const quiet = lived("shop", fires("cpu", 1, { mute: mutedUntil(at(60)) }));
    const past = lived(
      "disks",
      all(fires("disk", 0), fires("log", 0), (life) => {
        life.does(at(1), { type: "resolve", by: "Ada", text: "" });
      }),
    );
    expect(move(lived("disks", fires("disk", 0)), into)).toBeNull();
    expect(move(holder, into, "none")).toBeNull();
    expect(move(lived("disks"), into)).toBeNull();
    expect(move(past, into)).toBeNull();
    expect(move(holder, over)).toBeNull();
    expect(move(holder, lived("shop"))).toBeNull();
    expect(move(holder, quiet)).toBeNull();
  });

  test("cannot, where there is no room for it", () => {
    const of = (count: number) => lived("shop", all(...Array.from({ length: count }, (_, n) => fires(`a${n}`, 1))));
    expect(move(holder, of(119))).not.toBeNull();
    expect(move(holder, of(120))).toBeNull();
  });
});

describe("two incidents have room in one", () => {
  const red = (prefix: string, count: number) =>
    lived(prefix, all(...Array.from({ length: count }, (_, n) => fires(`${prefix}${n}`, 1))));

  test.each([
    [60, 59, true],
    [60, 60, false],
    [120, 0, false],
    [0, 119, true],
  ])("%i red alarms and %i: %s", (left, right, fit) => {
    expect(fitTogether(red("a", left), red("b", right))).toBe(fit);
  });

  test("whatever is OK, or over", () => {
    const calm = lived(
      "a",
      all(
        ...Array.from({ length: 100 }, (_, n) => (life: Life) => {
          life.fires(`a${n}`, at(0));
          if (n > 0) life.clears(`a${n}`, at(1));
        }),
      ),
    );
    expect(fitTogether(calm, red("b", 100))).toBe(true);
    const past = lived(
      "a",
      all(...Array.from({ length: 100 }, (_, n) => fires(`a${n}`, 0)), (life) => {
        life.does(at(1), { type: "resolve", by: "Ada", text: "" });
      }),
    );
    expect(fitTogether(past, red("b", 100))).toBe(true);
  });
});
