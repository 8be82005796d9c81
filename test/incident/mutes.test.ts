import { describe, expect, test } from "vitest";
import { createStage, incidents, lines, only, paged, story } from "./stage.ts";
import { action, arnOf, at, clears, fires, muteRuleArn, tagged, topic } from "./stories.ts";

const tags = tagged({ cpu: "critical", disk: "low shop", errors: "critical shop" });
const mute = { rule: "deployment", until: at(30) };
const muted = fires("cpu", at(0), { mute });

describe("under a mute rule", () => {
  test("what turns red is recorded, not paged", async () => {
    const world = await story([muted], { tags, until: at(29) });
    expect(only(world).status).toBe("open");
    expect(lines(world)).toContain("muted");
    expect(paged(world)).toEqual([]);
  });

  test("what is still red at its end pages then, and the clocks count from there", async () => {
    expect(paged(await story([muted], { tags, until: at(46) }))).toEqual([
      "+30 opened P0 operations-1",
      "+35 reminded P0 operations-1",
      "+45 escalated P0 operations-2",
    ]);
  });

  test("what is OK at its end never pages, and resolves", async () => {
    const world = await story([muted, clears("cpu", at(10))], { tags });
    expect(only(world)).toMatchObject({ status: "resolved", resolvedAt: at(15) });
    expect(world.collected.notifications).toEqual([]);
  });

  test("the severity counts from its end", async () => {
    const documents = [fires("disk", at(0)), fires("errors", at(5), { mute })];
    expect(only(await story(documents, { tags, until: at(29) })).severity).toBe("P3");
    const world = await story(documents, { tags, until: at(36) });
    expect(only(world).severity).toBe("P0");
    expect(paged(world)).toEqual(["+30 raised P0 operations-1", "+35 reminded P0 operations-1"]);
  });

  test("the acknowledgement of an open incident stays", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("disk", at(0)));
    await stage.person(at(1), "shop", { type: "acknowledge", by: "Ada" });
    await stage.tell(fires("errors", at(5), { mute }));
    expect(only(stage.world).status).toBe("acknowledged");
    await stage.until(at(30));
    expect(only(stage.world).status).toBe("open");
  });

  test("it pages as soon as the rule is deleted", async () => {
    const stage = await createStage({ tags });
    await stage.tell(muted);
    await stage.sweepAt(at(9));
    expect(paged(stage.world)).toEqual([]);
    stage.world.cloudwatch.removeMuteRule(muteRuleArn("deployment"));
    await stage.sweepAt(at(10));
    await stage.sweepAt(at(15));
    expect(paged(stage.world)).toEqual(["+10 opened P0 operations-1", "+15 reminded P0 operations-1"]);
  });

  test("it pages as soon as the rule has expired", async () => {
    const stage = await createStage({ tags });
    await stage.tell(muted);
    stage.world.cloudwatch.putMuteRule(muteRuleArn("deployment"), { status: "EXPIRED" });
    await stage.sweepAt(at(10));
    expect(paged(stage.world)).toEqual(["+10 opened P0 operations-1"]);
  });

  test("an alarm that was paged before it stays paged: its clocks run on", async () => {
    const documents = [fires("cpu", at(0)), fires("cpu", at(2), { mute, previous: "ALARM" })];
    expect(paged(await story(documents, { tags, until: at(6) }))).toEqual([
      "+0 opened P0 operations-1",
      "+5 reminded P0 operations-1",
    ]);
  });

  test("one alarm's mute keeps no other quiet", async () => {
    const documents = [fires("errors", at(0), { mute }), fires("disk", at(1))];
    const world = await story(documents, { tags: { ...tags, ...tagged({ disk: "high shop" }) }, until: at(2) });
    expect(paged(world)).toEqual(["+1 opened P1 operations-1"]);
  });

  test("without a known end it pages when CloudWatch's rule is gone", async () => {
    const stage = await createStage({ tags });
    const { detail, ...rest } = muted;
    await stage.tell({ ...rest, detail: { ...detail, muteDetail: { mutedByArn: muteRuleArn("deployment") } } });
    await stage.sweepAt(at(60));
    expect(paged(stage.world)).toEqual([]);
    stage.world.cloudwatch.removeMuteRule(muteRuleArn("deployment"));
    await stage.sweepAt(at(61));
    expect(paged(stage.world)).toEqual(["+61 opened P0 operations-1"]);
  });
});

describe("a composite's suppressor", () => {
  const rule = "ALARM(cpu)";
  const outage = tagged({ outage: "critical" });
  const waiting = fires("outage", at(0), { rule, suppressedBy: "WaitPeriod" });

  test("keeps quiet what it suppresses: recorded, not paged", async () => {
    const world = await story([waiting], { tags: outage, until: at(300) });
    expect(lines(world)).toContain("muted");
    expect(paged(world)).toEqual([]);
  });

  test("pages by the ALARM→ALARM at the end of its wait, and clocks count from there", async () => {
    const released = fires("outage", at(2), { rule, previous: "ALARM", previouslySuppressedBy: "WaitPeriod" });
    expect(paged(await story([waiting, released], { tags: outage, until: at(8) }))).toEqual([
      "+2 opened P0 operations-1",
      "+7 reminded P0 operations-1",
    ]);
  });

  test("stays quiet by an ALARM→ALARM with which the suppressor itself takes over", async () => {
    const suppressed = fires("outage", at(2), { rule, previous: "ALARM", suppressedBy: "Alarm" });
    expect(paged(await story([waiting, suppressed], { tags: outage, until: at(60) }))).toEqual([]);
  });

  test("that has ended without an event is noticed by the sweep", async () => {
    const stage = await createStage({ tags: outage });
    await stage.tell(waiting);
    await stage.sweepAt(at(3));
    expect(paged(stage.world)).toEqual([]);
    stage.world.cloudwatch.setState(arnOf("outage"), { state: "ALARM", at: at(4) });
    await stage.sweepAt(at(5));
    expect(paged(stage.world)).toEqual(["+5 opened P0 operations-1"]);
  });
});

describe("our own silence that is given another end", () => {
  const silence = (until: number) =>
    ({ type: "silence", by: "Ada", reason: "moving house", until: at(until) }) as const;
  const pagedWhen = async (first: number, then: number) => {
    const stage = await createStage({ tags });
    await stage.person(at(0), arnOf("cpu"), silence(first));
    await stage.tell(fires("cpu", at(1)));
    await stage.person(at(5), arnOf("cpu"), silence(then));
    await stage.until(at(61));
    return paged(stage.world)[0];
  };

  test("later: what turned red under it pages then", async () => {
    expect(await pagedWhen(10, 60)).toBe("+60 opened P0 operations-1");
  });

  test("earlier: likewise", async () => {
    expect(await pagedWhen(60, 10)).toBe("+10 opened P0 operations-1");
  });
});

describe("our own silence", () => {
  const silence = { type: "silence", by: "Ada", reason: "moving house", until: at(60) } as const;
  const silenced = async (...documents: unknown[]) => {
    const stage = await createStage({ tags });
    await stage.person(at(0), arnOf("cpu"), silence);
    await stage.tell(...documents);
    return stage;
  };

  test("keeps quiet what turns red under its key: recorded, not paged", async () => {
    const stage = await silenced(fires("cpu", at(5)));
    await stage.until(at(59));
    expect(lines(stage.world)).toContain("muted");
    expect(paged(stage.world)).toEqual([]);
  });

  test("pages at its end what is still red, and clocks count from there", async () => {
    const stage = await silenced(fires("cpu", at(5)));
    await stage.until(at(66));
    expect(paged(stage.world)).toEqual(["+60 opened P0 operations-1", "+65 reminded P0 operations-1"]);
  });

  test("pages nobody for what was OK by then", async () => {
    const stage = await silenced(fires("cpu", at(5)), clears("cpu", at(10)));
    await stage.until(at(120));
    expect(stage.world.collected.notifications).toEqual([]);
  });

  test("is over then: what turns red later pages at once", async () => {
    const stage = await silenced(fires("cpu", at(61)));
    expect(paged(stage.world)).toEqual(["+61 opened P0 operations-1"]);
  });

  test("keeps no other key quiet", async () => {
    const stage = await silenced(fires("errors", at(5)));
    expect(paged(stage.world)).toEqual(["+5 opened P0 operations-1"]);
  });

  test("holds also for what CloudWatch took an action on, because CloudWatch does not know of it", async () => {
    const stage = await silenced(topic("cpu", "ALARM", at(5)));
    expect(paged(stage.world)).toEqual([]);
  });

  test("of the past is refused", async () => {
    const stage = await createStage({ tags });
    const refused = await stage.person(at(61), arnOf("cpu"), silence);
    expect(refused).toContain("past");
  });
});

describe("a delivery that proves that no mute holds", () => {
  test.each([
    { door: "SNS", proof: topic("cpu", "ALARM", at(0)) },
    { door: "the Lambda action", proof: action("cpu", "ALARM", at(0)) },
  ])("comes through $door, and pages even as a duplicate", async ({ proof }) => {
    const world = await story([muted, proof], { tags, until: at(4) });
    expect(world.collected.deliveries).toMatchObject({ received: 2, applied: 1, duplicates: 1 });
    expect(paged(world)).toEqual(["+0 opened P0 operations-1"]);
  });

  test("comes through SNS before the event that says it is muted", async () => {
    const world = await story([topic("cpu", "ALARM", at(0)), muted], { tags, until: at(4) });
    expect(paged(world)).toEqual(["+0 opened P0 operations-1"]);
  });

  test("pages once, however often it comes", async () => {
    const proof = topic("cpu", "ALARM", at(0));
    const world = await story([muted, proof, action("cpu", "ALARM", at(0)), proof, muted], { tags, until: at(31) });
    expect(paged(world).filter((page) => page.includes("opened"))).toEqual(["+0 opened P0 operations-1"]);
  });

  test("is not the event itself, come twice", async () => {
    expect(paged(await story([muted, muted], { tags, until: at(29) }))).toEqual([]);
  });

  test("is none when it speaks of an older time of being red", async () => {
    const documents = [fires("cpu", at(0)), clears("cpu", at(1)), fires("cpu", at(8), { mute })];
    const world = await story([...documents, topic("cpu", "ALARM", at(0))], { tags, until: at(20) });
    expect(paged(world).filter((page) => Number.parseFloat(page) >= 8)).toEqual([]);
    expect(incidents(world)).toHaveLength(1);
  });
});
