import { describe, expect, test } from "vitest";
import { createStage, lines, only, paged, policyWith, story } from "./stage.ts";
import { at, clears, fires, tagged } from "./stories.ts";

// One service whose errors grow from 1 % to 2 % to 5 %: one alarm for each.

const tags = tagged({
  "errors-1": "medium shop",
  "errors-2": "high shop",
  "errors-5": "critical shop",
  log: "low shop",
});
const ada = { type: "acknowledge", by: "Ada" } as const;
const toP0 = { type: "raise", by: "Ada", severity: "P0" } as const;

describe("severity", () => {
  test("rises in place: 1 % → 2 % → 5 % is one incident that grows", async () => {
    const world = await story([fires("errors-1", at(0)), fires("errors-2", at(20)), fires("errors-5", at(30))], {
      tags,
    });
    expect(only(world)).toMatchObject({ severity: "P0", episode: 1, openedAt: at(0) });
    expect(lines(world).filter((type) => type === "raised")).toHaveLength(2);
  });

  test("never falls by itself, when the worst alarm is OK again", async () => {
    const documents = [fires("errors-1", at(0)), fires("errors-5", at(1)), clears("errors-5", at(2))];
    expect(only(await story(documents, { tags }))).toMatchObject({ severity: "P0", status: "open" });
  });

  test("does not change with an alarm that is not worse", async () => {
    const world = await story([fires("errors-5", at(0)), fires("errors-1", at(1))], { tags, until: at(4) });
    expect(only(world).severity).toBe("P0");
    expect(paged(world)).toEqual(["+0 opened P0 operations-1"]);
  });
});

describe("a rise", () => {
  test("voids the acknowledgement", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("errors-2", at(0)));
    await stage.person(at(1), "shop", ada);
    await stage.tell(fires("errors-5", at(2)));
    expect(only(stage.world)).toMatchObject({ status: "open", acknowledgedAt: null, acknowledgedBy: null });
  });

  test("pages, and starts the new clocks", async () => {
    const world = await story([fires("errors-2", at(0)), fires("errors-5", at(10))], { tags, until: at(26) });
    expect(paged(world)).toEqual([
      "+0 opened P1 operations-1",
      "+10 raised P0 operations-1",
      "+15 reminded P0 operations-1",
      "+25 escalated P0 operations-2",
    ]);
  });

  test("pages also whoever had acknowledged", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("errors-2", at(0)));
    await stage.person(at(1), "shop", ada);
    await stage.tell(fires("errors-5", at(2)));
    await stage.until(at(8));
    expect(paged(stage.world)).toEqual([
      "+0 opened P1 operations-1",
      "+2 raised P0 operations-1",
      "+7 reminded P0 operations-1",
    ]);
  });

  test("from a P2 that still waits for company pages once, with the new severity", async () => {
    const world = await story([fires("errors-1", at(0)), fires("errors-2", at(5))], { tags, until: at(19) });
    expect(paged(world)).toEqual(["+5 raised P1 operations-1"]);
  });

  test("from a P3 that waits for the digest pages at once", async () => {
    const world = await story([fires("log", at(0)), fires("errors-2", at(5))], { tags, until: at(19) });
    expect(paged(world)).toEqual(["+5 raised P1 operations-1"]);
  });

  test("to P2 waits for company as every P2 does", async () => {
    const world = await story([fires("log", at(0)), fires("errors-1", at(5))], { tags, until: at(30) });
    expect(paged(world)).toEqual(["+20 batch P2 operations-1"]);
  });

  test("gives the incident a status entry when it comes to P0", async () => {
    const documents = [fires("errors-2", at(0)), fires("errors-5", at(1))];
    expect(only(await story(documents, { tags })).statusEntry).toBe("investigating");
  });
});

describe("a person's own raise", () => {
  const two = policyWith({ severities: { P0: { initialLevels: 2 } } });

  test("keeps their acknowledgement", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("errors-2", at(0)));
    await stage.person(at(1), "shop", ada);
    await stage.person(at(2), "shop", toP0);
    expect(only(stage.world)).toMatchObject({ severity: "P0", status: "acknowledged", acknowledgedBy: "Ada" });
  });

  test("pages only whom the new severity adds", async () => {
    const stage = await createStage({ tags, configuration: two });
    await stage.tell(fires("errors-2", at(0)));
    await stage.person(at(1), "shop", ada);
    await stage.person(at(2), "shop", toP0);
    await stage.until(at(300));
    expect(paged(stage.world)).toEqual(["+0 opened P1 operations-1", "+2 raised P0 operations-2"]);
  });

  test("pages nobody where the new severity adds nobody", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("errors-2", at(0)));
    await stage.person(at(1), "shop", ada);
    await stage.person(at(2), "shop", toP0);
    await stage.until(at(300));
    expect(paged(stage.world)).toEqual(["+0 opened P1 operations-1"]);
  });

  test("does not page again whom escalation has reached already", async () => {
    const stage = await createStage({ tags, configuration: two });
    await stage.tell(fires("errors-2", at(0)));
    await stage.person(at(61), "shop", toP0);
    expect(paged(stage.world).filter((page) => page.includes("raised"))).toEqual([]);
  });

  test("that nobody has acknowledged starts the new clocks", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("errors-2", at(0)));
    await stage.person(at(2), "shop", toP0);
    await stage.until(at(18));
    expect(paged(stage.world)).toEqual([
      "+0 opened P1 operations-1",
      "+7 reminded P0 operations-1",
      "+17 escalated P0 operations-2",
    ]);
  });

  test("of what nobody was told of yet tells them", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("errors-1", at(0)));
    await stage.person(at(2), "shop", toP0);
    await stage.until(at(4));
    expect(paged(stage.world)).toEqual(["+2 raised P0 operations-1"]);
  });

  test("downwards is refused", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("errors-5", at(0)));
    const refused = await stage.person(at(1), "shop", { type: "raise", by: "Ada", severity: "P2" });
    expect(refused).toContain("never falls");
    expect(only(stage.world).severity).toBe("P0");
  });
});
