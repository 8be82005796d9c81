import { describe, expect, test } from "vitest";
import { minute, second } from "../../shared/instant.ts";
import { createStage, incidentUnder, only, paged, policyWith, story, told } from "./stage.ts";
import { arnOf, at, clears, fires, tagged } from "./stories.ts";

const tags = tagged({ outage: "critical", cpu: "critical shop", disk: "critical shop" });
const outage = arnOf("outage");
const ada = { type: "acknowledge", by: "Ada" } as const;

describe("acknowledging stops the clocks", () => {
  test("for good, while the alarm stays red", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("outage", at(0)));
    await stage.person(at(4), outage, ada);
    await stage.until(at(600));
    expect(paged(stage.world)).toEqual(["+0 opened P0 operations-1"]);
    expect(only(stage.world)).toMatchObject({ status: "acknowledged", acknowledgedAt: at(4), clock: null });
  });

  test("at whatever level they have arrived", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("outage", at(0)));
    await stage.person(at(16), outage, ada);
    await stage.until(at(600));
    expect(paged(stage.world)).toHaveLength(3);
  });

  test("and what was decided but not yet sent is not sent", async () => {
    const stage = await createStage({ tags: tagged({ odd: "medium" }) });
    await stage.tell(fires("odd", at(0)));
    await stage.person(at(14), arnOf("odd"), ada);
    await stage.until(at(600));
    expect(paged(stage.world)).toEqual([]);
  });

  test("a second one changes nothing, and says so", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("outage", at(0)));
    await stage.person(at(1), outage, ada);
    const refused = await stage.person(at(2), outage, { type: "acknowledge", by: "Bob" });
    expect(refused).toContain("Ada");
    expect(only(stage.world).acknowledgedBy).toBe("Ada");
  });

  test("an incident that is over cannot be acknowledged", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("outage", at(0)), clears("outage", at(1)));
    const refused = await stage.person(at(20), outage, ada);
    expect(refused).toContain("resolved");
  });
});

describe("a missed acknowledgement", () => {
  test("reminds that level once", async () => {
    const world = await story([fires("outage", at(0))], { tags, until: at(14) });
    expect(paged(world)).toEqual(["+0 opened P0 operations-1", "+5 reminded P0 operations-1"]);
  });

  test("reminds each level that hears of it from the start", async () => {
    const configuration = policyWith({ severities: { P0: { initialLevels: 2 } } });
    const world = await story([fires("outage", at(0))], { configuration, tags, until: at(16) });
    expect(paged(world)).toEqual([
      "+0 opened P0 operations-1",
      "+0 opened P0 operations-2",
      "+5 reminded P0 operations-1",
      "+5 reminded P0 operations-2",
      "+15 escalated P0 operations-3",
    ]);
  });
});

describe("a missed escalation time", () => {
  test("pages one level up, and again after each further interval", async () => {
    expect(told(await story([fires("outage", at(0))], { tags, until: at(44) }), ["escalated"])).toEqual([
      "+15 escalated P0 operations-2",
      "+30 escalated P0 operations-3",
    ]);
  });

  test("ends at the last level, which is reminded at that interval", async () => {
    const world = await story([fires("outage", at(0))], { tags, until: at(91) });
    expect(paged(world).filter((page) => Number.parseFloat(page) > 35)).toEqual([
      "+45 reminded P0 operations-3",
      "+60 reminded P0 operations-3",
      "+75 reminded P0 operations-3",
      "+90 reminded P0 operations-3",
    ]);
  });

  test("counts the next interval from the actual page", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("outage", at(0)));
    for (const sweep of [6, 18, 30, 32, 33, 47, 48]) await stage.sweepAt(at(sweep));
    expect(paged(stage.world)).toEqual([
      "+0 opened P0 operations-1",
      "+6 reminded P0 operations-1",
      "+18 escalated P0 operations-2",
      "+30 reminded P0 operations-2",
      "+33 escalated P0 operations-3",
      "+47 reminded P0 operations-3",
      "+48 reminded P0 operations-3",
    ]);
  });

  test("is one step per incident per tick, however late the tick is", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("outage", at(0)));
    const counts: number[] = [];
    for (const sweep of [120, 121, 122, 123]) {
      const before = stage.world.collected.notifications.length;
      await stage.sweepAt(at(sweep));
      counts.push(stage.world.collected.notifications.length - before);
    }
    expect(counts).toEqual([1, 1, 0, 0]);
  });

  test("is the matter of each incident: one tick steps both", async () => {
    const stage = await createStage({ tags: tagged({ outage: "critical", breach: "critical" }) });
    await stage.tell(fires("outage", at(0)), fires("breach", at(0)));
    await stage.sweepAt(at(5));
    expect(told(stage.world, ["reminded"])).toHaveLength(2);
  });
});

describe("an escalation is never early, and at most 120 s late", () => {
  test.each([0, 1, 29, 30, 59])("from an alarm of second %i", async (seconds) => {
    const world = await story([fires("outage", at(0, seconds) + 7)], { tags, until: at(60) });
    const escalated = world.collected.notifications.filter(({ reason }) => reason === "escalated");
    expect(escalated).toHaveLength(2);
    let last = at(0, seconds) + 7;
    for (const { at: when } of escalated) {
      expect(when - last).toBeGreaterThanOrEqual(15 * minute);
      expect(when - last).toBeLessThanOrEqual(15 * minute + 120 * second);
      last = when;
    }
  });

  test.each([1, 2, 5])("plus 60 s for each missed tick, of %i", async (missed) => {
    const stage = await createStage({ tags });
    await stage.tell(fires("outage", at(0)));
    for (let tick = 1; tick < 40; tick++) if (tick < 15 || tick >= 15 + missed) await stage.sweepAt(at(tick));
    const [escalated] = stage.world.collected.notifications.filter(({ reason }) => reason === "escalated");
    const late = (escalated?.at ?? 0) - at(15);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThanOrEqual(120 * second + missed * minute);
  });
});

test("an alarm that joins does not start the clocks anew", async () => {
  const world = await story([fires("cpu", at(0)), fires("disk", at(10))], { tags, until: at(16) });
  expect(told(world, ["escalated"])).toEqual(["+15 escalated P0 operations-2"]);
  expect(incidentUnder(world, "shop").status).toBe("open");
});
