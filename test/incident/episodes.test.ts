import { describe, expect, test } from "vitest";
import { hour } from "../../shared/instant.ts";
import { createStage, only, paged, story } from "./stage.ts";
import { at, clears, contributor, fires, onDay, tagged } from "./stories.ts";

// A service whose disk is forever a little full, and whose errors come and go.

const tags = tagged({ disk: "low shop", log: "low shop", errors: "critical shop", latency: "critical shop" });
const ada = { type: "acknowledge", by: "Ada" } as const;
const first = [fires("disk", at(0)), fires("errors", at(10)), clears("errors", at(20))];

describe("when every alarm of its severity has been OK for the stability window, while lesser ones stay red", () => {
  test("the next that fires at that severity starts a new episode of the same incident", async () => {
    expect(only(await story([...first, fires("errors", at(26))], { tags }))).toMatchObject({
      episode: 2,
      openedAt: at(0),
    });
  });

  test("another alarm of that severity starts one too", async () => {
    expect(only(await story([...first, fires("latency", at(26))], { tags })).episode).toBe(2);
  });

  test("the acknowledgement is void", async () => {
    const stage = await createStage({ tags });
    await stage.tell(...first.slice(0, 2));
    await stage.person(at(11), "shop", ada);
    await stage.tell(...first.slice(2), fires("errors", at(26)));
    expect(only(stage.world)).toMatchObject({ status: "open", acknowledgedAt: null, acknowledgedBy: null });
  });

  test("it pages, and its clocks start", async () => {
    const stage = await createStage({ tags });
    await stage.tell(...first.slice(0, 2));
    await stage.person(at(11), "shop", ada);
    await stage.tell(...first.slice(2), fires("errors", at(26)));
    await stage.until(at(42));
    expect(paged(stage.world)).toEqual([
      "+10 raised P0 operations-1",
      "+26 opened P0 operations-1",
      "+31 reminded P0 operations-1",
      "+41 escalated P0 operations-2",
    ]);
  });

  test("its pages carry the new episode", async () => {
    const world = await story([...first, fires("errors", at(26))], { tags, until: at(27) });
    expect(world.collected.notifications.at(-1)).toMatchObject({ reason: "opened", episode: 2 });
  });

  test("an alarm of a lesser severity starts none, and pages nobody", async () => {
    const stage = await createStage({ tags });
    await stage.tell(...first.slice(0, 2));
    await stage.person(at(11), "shop", ada);
    await stage.tell(...first.slice(2), fires("log", at(26)));
    await stage.until(at(120));
    expect(only(stage.world)).toMatchObject({ episode: 1, status: "acknowledged" });
    expect(paged(stage.world)).toEqual(["+10 raised P0 operations-1"]);
  });
});

describe("there is no new episode", () => {
  test("within the stability window", async () => {
    const stage = await createStage({ tags });
    await stage.tell(...first.slice(0, 2));
    await stage.person(at(11), "shop", ada);
    await stage.tell(...first.slice(2), fires("errors", at(24)));
    await stage.until(at(120));
    expect(only(stage.world)).toMatchObject({ episode: 1, status: "acknowledged" });
    expect(paged(stage.world)).toEqual(["+10 raised P0 operations-1"]);
  });

  test("while another alarm of that severity is red", async () => {
    const documents = [
      ...first.slice(0, 2),
      fires("latency", at(15)),
      clears("errors", at(20)),
      fires("errors", at(40)),
    ];
    expect(only(await story(documents, { tags })).episode).toBe(1);
  });

  test("when the other alarm of that severity has not been OK for the window", async () => {
    const documents = [
      ...first.slice(0, 2),
      fires("latency", at(15)),
      clears("errors", at(20)),
      clears("latency", at(37)),
      fires("errors", at(40)),
    ];
    expect(only(await story(documents, { tags })).episode).toBe(1);
  });

  test("nor a page for an ALARM of an alarm that is red already", async () => {
    const documents = [fires("errors", at(0)), fires("errors", at(2), { previous: "ALARM" })];
    const world = await story(documents, { tags, until: at(4) });
    expect(paged(world)).toEqual(["+0 opened P0 operations-1"]);
    expect(only(world).episode).toBe(1);
  });

  test("nor a page for another contributor of an alarm that is red already", async () => {
    const documents = [contributor("slow", "a", "ALARM", at(0)), contributor("slow", "b", "ALARM", at(10))];
    const world = await story(documents, { tags: tagged({ slow: "high" }), until: at(12) });
    expect(paged(world)).toEqual(["+0 opened P1 operations-1"]);
  });

  test("and the clocks of an unacknowledged one run on within the window", async () => {
    const world = await story([...first, fires("errors", at(24))], { tags, until: at(26) });
    expect(paged(world)).toEqual([
      "+10 raised P0 operations-1",
      "+15 reminded P0 operations-1",
      "+25 escalated P0 operations-2",
    ]);
  });
});

describe("a stuck P3 does not swallow tomorrow's P1", () => {
  const shop = tagged({ disk: "low shop", errors: "high shop" });

  test("that is the first of its severity", async () => {
    const world = await story([fires("disk", at(0)), fires("errors", onDay(1, "09:00"))], { tags: shop });
    const pages = world.collected.notifications.filter(({ severity }) => severity === "P1");
    expect(pages[0]).toMatchObject({ at: onDay(1, "09:00"), reason: "raised" });
  });

  test("that was acknowledged, and OK, yesterday", async () => {
    const stage = await createStage({ tags: shop });
    await stage.tell(fires("disk", at(0)), fires("errors", at(10)));
    await stage.person(at(12), "shop", ada);
    await stage.tell(clears("errors", at(20)), fires("errors", at(0) + 24 * hour));
    await stage.until(at(0) + 24 * hour);
    expect(stage.world.collected.notifications.at(-1)).toMatchObject({
      at: at(0) + 24 * hour,
      severity: "P1",
      reason: "opened",
      episode: 2,
    });
  });

  test("though somebody has acknowledged the P3", async () => {
    const stage = await createStage({ tags: shop });
    await stage.tell(fires("disk", at(0)));
    await stage.person(at(12), "shop", ada);
    await stage.tell(fires("errors", at(0) + 24 * hour));
    expect(stage.world.collected.notifications.at(-1)).toMatchObject({ severity: "P1", reason: "raised" });
  });

  test("but what is less than the incident's severity starts none: severity never falls, and it would page as what it is not", async () => {
    const stage = await createStage({
      tags: tagged({ disk: "low shop", outage: "critical shop", latency: "medium shop" }),
    });
    await stage.tell(fires("disk", at(0)), fires("outage", at(10)));
    await stage.person(at(12), "shop", ada);
    await stage.tell(clears("outage", at(20)), fires("latency", at(60)));
    await stage.until(at(120));
    expect(only(stage.world)).toMatchObject({ episode: 1, status: "acknowledged", severity: "P0" });
    expect(stage.world.collected.notifications.filter(({ at: when }) => when >= at(60))).toEqual([]);
  });
});
