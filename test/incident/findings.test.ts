import { describe, expect, test } from "vitest";
import { createStage, incidents, only, paged, policyWith, story, told } from "./stage.ts";
import { at, finding } from "./stories.ts";

const key = "audit-secrets|too-old|database-password";
const raised = (when: number, severity: "P0" | "P1" = "P1") => finding("raised", at(when), { severity });
const cleared = (when: number) => finding("cleared", at(when));

describe("a finding", () => {
  test("that is raised opens an incident of its own severity, and pages", async () => {
    const world = await story([raised(0)], { until: at(1) });
    expect(only(world)).toMatchObject({ kind: "finding", severity: "P1", openedAt: at(0) });
    expect(paged(world)).toEqual(["+0 opened P1 operations-1"]);
  });

  test("raised while raised only refreshes: one incident, no page, no new clocks", async () => {
    const world = await story([raised(0), raised(60), raised(120)], { until: at(121) });
    expect(only(world)).toMatchObject({ openedAt: at(0), episode: 1 });
    expect(paged(world)).toEqual([
      "+0 opened P1 operations-1",
      "+15 reminded P1 operations-1",
      "+60 escalated P1 operations-2",
      "+75 reminded P1 operations-2",
      "+120 escalated P1 operations-3",
    ]);
  });

  test("raised while raised leaves an acknowledgement as it is", async () => {
    const stage = await createStage();
    await stage.tell(raised(0));
    await stage.person(at(1), key, { type: "acknowledge", by: "Ada" });
    await stage.tell(raised(60), raised(120));
    expect(only(stage.world).status).toBe("acknowledged");
    expect(paged(stage.world)).toHaveLength(1);
  });

  test("raised while raised, and worse, is a rise", async () => {
    const world = await story([raised(0), raised(10, "P0")], { until: at(11) });
    expect(paged(world)).toEqual(["+0 opened P1 operations-1", "+10 raised P0 operations-1"]);
  });

  test("cleared resolves at once, without a stability window", async () => {
    const world = await story([raised(0), cleared(10)], { until: at(10) });
    expect(only(world)).toMatchObject({ status: "resolved", resolvedAt: at(10), resolution: "recovered" });
    expect(told(world, ["resolved"])).toEqual(["+10 resolved P1 operations-1"]);
  });

  test("cleared though nobody raised it opens nothing", async () => {
    expect(incidents(await story([cleared(0)]))).toEqual([]);
  });

  test("raised again within two cadences reopens", async () => {
    const world = await story([raised(0), cleared(10), raised(129)], { until: at(130) });
    expect(only(world)).toMatchObject({ status: "open", openedAt: at(0) });
  });

  test("raised again later than that opens another one", async () => {
    const world = await story([raised(0), cleared(10), raised(131)], { until: at(132) });
    expect(incidents(world).map(({ status }) => status)).toEqual(["resolved", "open"]);
  });

  test("raised again within two cadences stays acknowledged and silent, as an alarm would", async () => {
    const stage = await createStage();
    await stage.tell(raised(0));
    await stage.person(at(1), key, { type: "acknowledge", by: "Ada" });
    await stage.tell(cleared(10), raised(70));
    await stage.until(at(300));
    expect(only(stage.world).status).toBe("acknowledged");
    expect(paged(stage.world)).toHaveLength(1);
  });

  test.each([
    { after: 2_880, count: 1 },
    { after: 2_882, count: 2 },
  ])("counts by the cadence of its own operation: $after min after it was cleared", async ({ after, count }) => {
    const configuration = policyWith({ findings: { cadences: { "audit-secrets": 1_440 } } });
    const world = await story([raised(0), cleared(10), raised(10 + after)], { configuration, until: at(11 + after) });
    expect(incidents(world)).toHaveLength(count);
  });

  test("older than the last one is stale: it changes nothing", async () => {
    const world = await story([raised(0), cleared(10), raised(5)], { until: at(20) });
    expect(only(world).status).toBe("resolved");
    expect(world.collected.deliveries.stale).toBe(1);
  });

  test("comes bare or as an event's detail, and is the same one", async () => {
    const event = { source: "nightshift", "detail-type": "Finding", time: "2026-06-01T10:00:01Z", detail: raised(0) };
    const world = await story([raised(0), event], { until: at(1) });
    expect(world.collected.deliveries).toMatchObject({ received: 2, applied: 1, duplicates: 1 });
  });
});

test("a stamp from the future does not hold up what is said later", async () => {
  const stage = await createStage();
  stage.world.clock.set(at(0));
  const raised = finding("raised", at(365 * 24 * 60));
  await stage.world.open({ Records: [{ messageId: "1", body: JSON.stringify(raised) }] });
  stage.world.clock.set(at(60));
  await stage.world.open({ Records: [{ messageId: "2", body: JSON.stringify(finding("cleared", at(59))) }] });
  expect(only(stage.world)).toMatchObject({ status: "resolved" });
});
