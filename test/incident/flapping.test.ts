import { describe, expect, test } from "vitest";
import { createLife, timeline } from "./life.ts";
import { createStage, lines, only, paged, policyWith, story, told } from "./stage.ts";
import { at, clears, fires, tagged } from "./stories.ts";

const tags = tagged({ cpu: "critical shop", disk: "critical shop", log: "low shop" });
const ada = { type: "acknowledge", by: "Ada" } as const;

/** Red and OK in turn, at these minutes. */
const turns = (name: string, ...minutes: number[]) =>
  minutes.map((when, index) => (index % 2 === 0 ? fires(name, at(when)) : clears(name, at(when))));

describe("an alarm flaps", () => {
  test("from 4 transitions in 15 min on", async () => {
    expect(lines(await story(turns("cpu", 0, 2, 4, 6), { tags }))).toContain("flapping");
  });

  test("not from 3", async () => {
    expect(lines(await story(turns("cpu", 0, 2, 4), { tags }))).not.toContain("flapping");
  });

  test("not from 4 that take longer than 15 min", async () => {
    expect(lines(await story(turns("cpu", 0, 2, 6, 16), { tags }))).not.toContain("flapping");
  });

  test("by its own transitions, not by those of two alarms together", async () => {
    const documents = [...turns("cpu", 0, 2), ...turns("disk", 4, 6)];
    expect(lines(await story(documents, { tags }))).not.toContain("flapping");
  });

  test("not by deliveries that come twice", async () => {
    const documents = turns("cpu", 0, 2).flatMap((document) => [document, document, document]);
    expect(lines(await story(documents, { tags }))).not.toContain("flapping");
  });

  test("as configuration says", async () => {
    const configuration = policyWith({ incidents: { flapping: { transitions: 3 } } });
    expect(lines(await story(turns("cpu", 0, 2, 4), { tags, configuration }))).toContain("flapping");
  });
});

describe("while one flaps", () => {
  test("its incident does not resolve, though all are OK for the stability window", async () => {
    const world = await story(turns("cpu", 0, 2, 4, 6), { tags, until: at(20) });
    expect(only(world).status).toBe("open");
  });

  test("its incident is paged once for it, however often it fires", async () => {
    const stage = await createStage({ tags });
    await stage.tell(...turns("cpu", 0, 2));
    await stage.person(at(3), "shop", ada);
    await stage.tell(...turns("cpu", 4, 6, 12, 18, 25, 32, 39, 46));
    expect(paged(stage.world)).toEqual(["+0 opened P0 operations-1"]);
    expect(only(stage.world)).toMatchObject({ episode: 1, status: "acknowledged" });
  });

  test("no new episode begins while a lesser alarm holds the incident open", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("log", at(0)), ...turns("cpu", 1, 2, 3, 4));
    await stage.person(at(5), "shop", ada);
    await stage.tell(...turns("cpu", 12, 13, 22, 23, 32, 33));
    expect(only(stage.world)).toMatchObject({ episode: 1, status: "acknowledged" });
  });

  test("its clocks run on", async () => {
    const world = await story(turns("cpu", 0, 2, 4, 6, 8, 10, 12, 14, 16, 18), { tags, until: at(31) });
    expect(paged(world)).toEqual([
      "+0 opened P0 operations-1",
      "+5 reminded P0 operations-1",
      "+15 escalated P0 operations-2",
      "+20 reminded P0 operations-2",
      "+30 escalated P0 operations-3",
    ]);
  });

  test("another alarm's rise still pages", async () => {
    const slow = tagged({ cpu: "high shop", disk: "critical shop" });
    const documents = [...turns("cpu", 0, 2, 4, 6), fires("disk", at(8))];
    const world = await story(documents, { tags: slow, until: at(9) });
    expect(told(world, ["raised"])).toEqual(["+8 raised P0 operations-1"]);
  });
});

describe("flapping ends", () => {
  test("after 15 min without a transition, and the incident resolves then", async () => {
    const world = await story(turns("cpu", 0, 2, 4, 6), { tags });
    expect(only(world)).toMatchObject({ status: "resolved", resolvedAt: at(21) });
  });

  test("after 15 min without a transition, which its timeline says while it is red", async () => {
    const world = await story(turns("cpu", 0, 2, 4, 6, 8), { tags, until: at(24) });
    expect(lines(world)).toContain("settled");
    expect(only(world).status).toBe("open");
  });

  test("not before: each transition begins the 15 min anew", async () => {
    const world = await story(turns("cpu", 0, 2, 4, 6, 20, 21), { tags });
    expect(only(world).resolvedAt).toBe(at(36));
  });

  test("not before, so that no episode begins in its pauses", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("log", at(0)), ...turns("cpu", 1, 2, 3, 4));
    await stage.person(at(5), "shop", ada);
    await stage.tell(...turns("cpu", 12, 13, 27, 28, 40));
    expect(only(stage.world)).toMatchObject({ episode: 1, status: "acknowledged" });
  });

  test("and a later ALARM of its severity is a new episode again", async () => {
    const documents = [fires("log", at(0)), ...turns("cpu", 1, 2, 3, 4), fires("cpu", at(30))];
    expect(only(await story(documents, { tags })).episode).toBe(2);
  });
});

describe("the series of an alarm flap", () => {
  test("while it is OK itself: it is steady 15 min after the last of them, and the incident resolves then", () => {
    const life = createLife();
    life.fires("cpu", at(0), { source: "a" });
    life.clears("cpu", at(1));
    life.clears("cpu", at(2), { source: "a" });
    life.fires("cpu", at(3), { source: "a" });
    life.clears("cpu", at(4));
    life.clears("cpu", at(5), { source: "a" });
    life.until(at(19));
    expect(life.incident.status).toBe("open");
    life.until(at(20));
    expect(life.incident).toMatchObject({ status: "resolved", resolvedAt: at(20) });
    expect(timeline(life).at(-1)).toContain("resolved");
  });

  test("while another keeps it red: a word of that after 15 min shows that it has settled", () => {
    const life = createLife();
    life.fires("cpu", at(0), { source: "a" });
    for (const minutes of [1, 3]) {
      life.fires("cpu", at(minutes), { source: "b" });
      life.clears("cpu", at(minutes + 1), { source: "b" });
    }
    expect(life.member("cpu").flapping).toBe(true);
    life.fires("cpu", at(19), { source: "b" });
    expect(life.member("cpu").flapping).toBe(false);
  });

  test("while another keeps it red: it has settled 15 min after the last of them", () => {
    const life = createLife();
    life.fires("cpu", at(0), { source: "a" });
    for (const minutes of [1, 3, 5, 7]) {
      life.fires("cpu", at(minutes), { source: "b" });
      life.clears("cpu", at(minutes + 1), { source: "b" });
    }
    life.until(at(30));
    const settled = timeline(life).filter((line) => /flaps|steady/.test(line));
    expect(settled.map((line) => line.split(":")[0])).toEqual(["+4 flapping", "+23 settled"]);
  });
});

test("an alarm that flapped before it was listed flaps from the beginning", () => {
  const life = createLife();
  life.fires("disk", at(0));
  life.clears("cpu", at(1));
  life.blinds("cpu", at(2));
  life.clears("cpu", at(3));
  life.fires("cpu", at(4));
  expect(life.member("cpu").flapping).toBe(true);
  expect(timeline(life).at(-1)).toContain("+4 joined: cpu is in ALARM");
});

test("a finding never flaps: cleared, it is over at once", () => {
  const life = createLife({ key: "audit|rule|resource" });
  for (const minutes of [0, 2, 4]) {
    life.fires("finding", at(minutes), { kind: "finding" });
    life.clears("finding", at(minutes + 1), { kind: "finding" });
    expect(life.incident.status).toBe("resolved");
  }
  expect(life.member("finding").flapping).toBe(false);
});
