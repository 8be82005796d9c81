import { describe, expect, test } from "vitest";
import { incidents, incidentUnder, only, paged, policyWith, story } from "./stage.ts";
import { arnOf, at, fires, onDay, tagged } from "./stories.ts";

// When somebody hears of it first, and which stamps count.

const tags = tagged({ outage: "critical", slow: "high", odd: "medium", queue: "medium", disk: "low", log: "low" });

describe("P0 and P1 go at once", () => {
  test.each([
    { name: "outage", page: "+0 opened P0 operations-1" },
    { name: "slow", page: "+0 opened P1 operations-1" },
  ])("$name", async ({ name, page }) => {
    expect(paged(await story([fires(name, at(0))], { tags, until: at(1) }))).toEqual([page]);
  });

  test("also in the night of a weekend", async () => {
    const [page] = (await story([fires("slow", onDay(5, "03:00"))], { tags })).collected.notifications;
    expect(page?.at).toBe(onDay(5, "03:00"));
  });
});

describe("P2 waits for company", () => {
  test("15 min at most", async () => {
    expect(paged(await story([fires("odd", at(0))], { tags, until: at(30) }))).toEqual(["+15 batch P2 operations-1"]);
  });

  test("less than 15 min where the minute is not a whole one: it never waits longer", async () => {
    const world = await story([fires("odd", at(0, 20))], { tags, until: at(30) });
    expect(paged(world)).toEqual(["+15 batch P2 operations-1"]);
  });

  test("and goes with all that came meanwhile, in one notification", async () => {
    const world = await story([fires("odd", at(0)), fires("queue", at(14))], { tags, until: at(40) });
    expect(paged(world)).toEqual(["+15 batch P2 operations-1"]);
    expect(world.collected.notifications[0]?.incidents).toEqual(
      incidents(world)
        .map(({ id }) => id)
        .sort(),
    );
  });

  test("but not with what comes after it has gone", async () => {
    const world = await story([fires("odd", at(0)), fires("queue", at(16))], { tags, until: at(40) });
    expect(paged(world)).toEqual(["+15 batch P2 operations-1", "+31 batch P2 operations-1"]);
  });

  test("one notification is for one audience", async () => {
    const configuration = policyWith({
      teams: { data: { levels: [{ channels: [{ type: "sns" }] }] } },
      services: { search: { tier: "medium", team: "data" } },
    });
    const run = { configuration, tags: { ...tags, ...tagged({ index: "medium search" }) }, until: at(40) };
    const world = await story([fires("odd", at(0)), fires("index", at(5))], run);
    expect(paged(world)).toEqual(["+15 batch P2 operations-1", "+20 batch P2 data-1"]);
  });
});

describe("P3 waits for the digest", () => {
  test.each([
    { fired: onDay(0, "07:59"), digest: onDay(0, "08:00"), when: "the same day's" },
    { fired: onDay(0, "08:01"), digest: onDay(1, "08:00"), when: "the next day's" },
    { fired: onDay(4, "12:00"), digest: onDay(7, "08:00"), when: "Monday's, from a Friday" },
    { fired: onDay(5, "12:00"), digest: onDay(7, "08:00"), when: "Monday's, from a Saturday" },
    { fired: onDay(6, "23:59"), digest: onDay(7, "08:00"), when: "Monday's, from a Sunday" },
  ])("$when", async ({ fired, digest }) => {
    const { notifications } = (await story([fires("disk", fired)], { tags, until: digest + 60_000 })).collected;
    expect(notifications.map(({ at, reason }) => [at, reason])).toEqual([[digest, "digest"]]);
  });

  test("one digest lists all of them", async () => {
    const world = await story([fires("disk", at(0)), fires("log", at(500))], { tags, until: onDay(1, "08:30") });
    expect(world.collected.notifications).toHaveLength(1);
    expect(world.collected.notifications[0]).toMatchObject({ incident: null, reason: "digest", severity: "P3" });
    expect(world.collected.notifications[0]?.incidents).toHaveLength(2);
  });

  test("a holiday is no business day", async () => {
    const configuration = policyWith({ calendar: { holidays: ["2026-06-02"] } });
    const run = { configuration, tags, until: onDay(2, "08:30") };
    const { notifications } = (await story([fires("disk", at(0))], run)).collected;
    expect(notifications.map((page) => page.at)).toEqual([onDay(2, "08:00")]);
  });
});

describe("a backlog", () => {
  const backlog = [fires("slow", at(120)), fires("outage", at(0))];

  test("has its state's own stamp as openedAt", async () => {
    expect(incidentUnder(await story(backlog, { tags }), arnOf("outage")).openedAt).toBe(at(0));
  });

  test("starts its clocks when it is recorded, so that two hours do not escalate at once", async () => {
    const world = await story(backlog, { tags, until: at(136) });
    expect(paged(world)).toEqual([
      "+120 opened P1 operations-1",
      "+120 opened P0 operations-1",
      "+125 reminded P0 operations-1",
      "+135 escalated P0 operations-2",
      "+135 reminded P1 operations-1",
    ]);
  });

  test("is a backlog for P2 as well: it waits from when it is recorded", async () => {
    const world = await story([fires("slow", at(120)), fires("odd", at(0))], { tags, until: at(134) });
    expect(paged(world)).toEqual(["+120 opened P1 operations-1"]);
  });
});

test("the first state's stamp stays openedAt, whatever joins later", async () => {
  const shop = tagged({ cpu: "high shop", disk: "high shop" });
  expect(only(await story([fires("cpu", at(3)), fires("disk", at(9))], { tags: shop })).openedAt).toBe(at(3));
});
