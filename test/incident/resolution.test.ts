import { describe, expect, test } from "vitest";
import { createStage, incidents, only, paged, story, told } from "./stage.ts";
import { arnOf, at, blinds, clears, fires, tagged } from "./stories.ts";

const tags = tagged({ cpu: "critical shop", disk: "critical shop", slow: "high lone", worse: "critical lone" });
const ada = { type: "acknowledge", by: "Ada" } as const;
const stampOf = (document: ReturnType<typeof fires>) => Date.parse(document.detail.state.timestamp);
const byHand = { type: "resolve", by: "Ada", text: "a false alarm" } as const;

describe("an incident resolves", () => {
  test("when all its alarms have been OK for the stability window", async () => {
    const documents = [fires("cpu", at(0)), fires("disk", at(1)), clears("cpu", at(2)), clears("disk", at(8))];
    expect(only(await story(documents, { tags, until: at(12) })).status).toBe("open");
    expect(only(await story(documents, { tags, until: at(13) }))).toMatchObject({
      status: "resolved",
      resolution: "recovered",
    });
  });

  test("and resolvedAt is the window's end, to the millisecond", async () => {
    const world = await story([fires("cpu", at(0)), clears("cpu", at(2, 17) + 345)], { tags });
    expect(only(world).resolvedAt).toBe(at(7, 17) + 345);
  });

  test("and resolvedAt is the window's end however late the sweep comes", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("cpu", at(0)), clears("cpu", at(2)));
    await stage.sweepAt(at(50));
    expect(only(stage.world)).toMatchObject({ status: "resolved", resolvedAt: at(7) });
  });

  test("not while one of its alarms is red", async () => {
    const documents = [fires("cpu", at(0)), fires("disk", at(1)), clears("cpu", at(2))];
    expect(only(await story(documents, { tags })).status).toBe("open");
  });

  test("not while the window is interrupted", async () => {
    const documents = [fires("cpu", at(0)), clears("cpu", at(2)), fires("cpu", at(6)), clears("cpu", at(20))];
    expect(only(await story(documents, { tags })).resolvedAt).toBe(at(25));
  });

  test("and whoever was told of it is told that it is over", async () => {
    const world = await story([fires("slow", at(0)), clears("slow", at(2))], { tags });
    expect(told(world)).toEqual(["+0 opened P1 operations-1", "+7 resolved P1 operations-1"]);
  });
});

describe("the same key red again within 30 min", () => {
  const over = [fires("slow", at(0)), clears("slow", at(8))];

  test("reopens that incident", async () => {
    const world = await story([...over, fires("slow", at(40))], { tags, until: at(41) });
    expect(only(world)).toMatchObject({ status: "open", openedAt: at(0), resolvedAt: null, resolution: null });
  });

  test("reopens it also when another of its alarms is red", async () => {
    const world = await story([fires("cpu", at(0)), clears("cpu", at(8)), fires("disk", at(40))], { tags });
    expect(only(world).status).toBe("open");
  });

  test("opens another one when it is later than that", async () => {
    const world = await story([...over, fires("slow", at(44))], { tags, until: at(45) });
    expect(incidents(world).map(({ status }) => status)).toEqual(["resolved", "open"]);
    expect(paged(world)).toEqual(["+0 opened P1 operations-1", "+44 opened P1 operations-1"]);
  });

  test("opens another one when it is later than that, also if no sweep has come in between", async () => {
    const { world } = await createStage({ tags });
    for (const document of [fires("slow", at(0)), clears("slow", at(8)), fires("slow", at(44))]) {
      world.clock.set(stampOf(document));
      await world.open({ Records: [{ messageId: "1", body: JSON.stringify(document) }] });
    }
    expect(incidents(world)).toMatchObject([
      { status: "resolved", resolvedAt: at(13) },
      { status: "open", openedAt: at(44) },
    ]);
  });

  test("opens another one for another key", async () => {
    const world = await story([...over, fires("cpu", at(40))], { tags });
    expect(incidents(world)).toHaveLength(2);
  });

  test("stays acknowledged and silent, if it was acknowledged", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("slow", at(0)));
    await stage.person(at(1), "lone", ada);
    await stage.tell(clears("slow", at(8)), fires("slow", at(20)));
    await stage.until(at(600));
    expect(only(stage.world)).toMatchObject({ status: "acknowledged", acknowledgedBy: "Ada" });
    expect(paged(stage.world)).toEqual(["+0 opened P1 operations-1"]);
  });

  test("lets its clocks go on where they stood, if nobody had acknowledged", async () => {
    const world = await story([fires("cpu", at(0)), clears("cpu", at(8)), fires("cpu", at(30))], {
      tags,
      until: at(48),
    });
    expect(paged(world)).toEqual([
      "+0 opened P0 operations-1",
      "+5 reminded P0 operations-1",
      "+32 escalated P0 operations-2",
      "+37 reminded P0 operations-2",
      "+47 escalated P0 operations-3",
    ]);
  });

  test("pages where the alarm is worse than the incident was", async () => {
    const world = await story([...over, fires("worse", at(20))], { tags, until: at(21) });
    expect(paged(world)).toEqual(["+0 opened P1 operations-1", "+20 raised P0 operations-1"]);
  });

  test("can be resolved and reopened again, and counts from the last time", async () => {
    const documents = [...over, fires("slow", at(40)), clears("slow", at(41)), fires("slow", at(75))];
    expect(incidents(await story(documents, { tags }))).toHaveLength(1);
  });
});

describe("resolved by hand while red", () => {
  const resolved = async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("slow", at(0)));
    await stage.person(at(3), "lone", byHand);
    return stage;
  };

  test("it is over at that time", async () => {
    const { world } = await resolved();
    expect(only(world)).toMatchObject({ status: "resolved", resolution: "by-hand", resolvedAt: at(3) });
  });

  test("what stays red opens nothing, though CloudWatch shows it red at every sweep", async () => {
    const stage = await resolved();
    for (const minutes of [4, 5, 6, 60]) await stage.sweepAt(at(minutes));
    expect(only(stage.world).status).toBe("resolved");
  });

  test("a repeated ALARM of what stays red opens nothing", async () => {
    const stage = await resolved();
    await stage.tell(fires("slow", at(0)), fires("slow", at(10), { previous: "ALARM" }), blinds("slow", at(11)));
    expect(only(stage.world).status).toBe("resolved");
  });

  test("its next transition to ALARM opens a new one, also within 30 min", async () => {
    const stage = await resolved();
    await stage.tell(clears("slow", at(10)), fires("slow", at(12)));
    expect(incidents(stage.world).map(({ status }) => status)).toEqual(["resolved", "open"]);
    expect(paged(stage.world)).toEqual(["+0 opened P1 operations-1", "+12 opened P1 operations-1"]);
  });

  test("the transition of another alarm of its key to ALARM opens a new one", async () => {
    const stage = await resolved();
    await stage.tell(fires("worse", at(12)));
    expect(incidents(stage.world).map(({ status }) => status)).toEqual(["resolved", "open"]);
  });

  test("does not hold that new one open, however long it stays red", async () => {
    const stage = await resolved();
    await stage.tell(fires("worse", at(12)), clears("worse", at(20)));
    await stage.until(at(30));
    expect(incidents(stage.world).map(({ status }) => status)).toEqual(["resolved", "resolved"]);
  });

  test("its OK alone opens nothing", async () => {
    const stage = await resolved();
    await stage.tell(clears("slow", at(10)));
    await stage.until(at(100));
    expect(only(stage.world)).toMatchObject({ status: "resolved", resolvedAt: at(3) });
  });

  test("its clocks are over: nobody is paged any more", async () => {
    const stage = await resolved();
    await stage.until(at(300));
    expect(paged(stage.world)).toEqual(["+0 opened P1 operations-1"]);
  });
});

test("an incident that never was cannot be resolved", async () => {
  const stage = await createStage({ tags });
  const refused = await stage.person(at(1), arnOf("cpu"), byHand);
  expect(refused).toContain("no incident");
});
