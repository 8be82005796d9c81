import { describe, expect, test } from "vitest";
import { minute, second } from "../../shared/instant.ts";
import type { World } from "../../simulation/world.ts";
import { createStage, incidents, policyWith, story, told } from "./stage.ts";
import { arnOf, at, clears, finding, fires, tagged } from "./stories.ts";

/** Many alarms, each with an incident of its own, from a minute on and so many seconds apart. */
function many(count: number, name: string, from: number, apart = 1): unknown[] {
  return Array.from({ length: count }, (_, index) => fires(`${name}-${index}`, at(from, index * apart)));
}

const byName = policyWith({
  routing: [
    { name: "outages", match: { alarmName: "outage-*" }, tier: "critical" },
    { name: "data", match: { alarmName: "data-*" }, tier: "high", team: "data" },
    { name: "others", match: {}, tier: "high" },
  ],
  teams: { data: { levels: [{ channels: [{ type: "sns" }] }] } },
});
const run = (until: number) => ({ configuration: byName, until: at(until) });
const summaries = ({ collected }: World) => collected.notifications.filter(({ reason }) => reason === "summary");

describe("a storm is more than 10 pages to one audience in 5 min", () => {
  test("10 are none", async () => {
    const world = await story(many(10, "cpu", 0), run(14));
    expect(told(world, ["opened"])).toHaveLength(10);
    expect(summaries(world)).toEqual([]);
  });

  test("the eleventh goes into a summary", async () => {
    const world = await story(many(11, "cpu", 0), run(14));
    expect(told(world, ["opened"])).toHaveLength(10);
    expect(summaries(world)).toHaveLength(1);
    expect(summaries(world)[0]?.incidents).toEqual([incidents(world).at(-1)?.id]);
  });

  test("11 in more than 5 min are none", async () => {
    const world = await story(many(11, "cpu", 0, 31), run(14));
    expect(told(world, ["opened"])).toHaveLength(11);
  });

  test("what is told to another audience does not count", async () => {
    const world = await story([...many(8, "cpu", 0), ...many(8, "data", 1)], run(14));
    expect(told(world, ["opened"])).toHaveLength(16);
  });

  test("another audience is paged as ever meanwhile", async () => {
    const world = await story([...many(30, "cpu", 0), ...many(3, "data", 1)], run(4));
    expect(told(world).filter((page) => page.endsWith("data-1"))).toHaveLength(3);
  });

  test("findings count as alarms do", async () => {
    const documents = Array.from({ length: 12 }, (_, index) =>
      finding("raised", at(0, index), { resource: `${index}` }),
    );
    const world = await story(documents, run(14));
    expect(told(world, ["opened"])).toHaveLength(10);
    expect(summaries(world)).toHaveLength(1);
  });

  test("reminders count", async () => {
    const stage = await createStage({ configuration: byName });
    await stage.tell(...many(11, "cpu", 0, 40));
    await stage.sweepAt(at(25));
    expect(told(stage.world, ["opened"])).toHaveLength(11);
    expect(told(stage.world, ["reminded"])).toHaveLength(10);
    await stage.sweepAt(at(30));
    expect(summaries(stage.world)).toHaveLength(1);
  });

  test("escalations count", async () => {
    const stage = await createStage({ configuration: byName });
    await stage.tell(...many(11, "cpu", 0, 40));
    await stage.sweepAt(at(40));
    await stage.sweepAt(at(80));
    expect(told(stage.world, ["escalated"])).toHaveLength(10);
  });

  test("rises count", async () => {
    const tags = Object.fromEntries(
      Array.from({ length: 11 }, (_, index) => [
        ...Object.entries(tagged({ [`low-${index}`]: `low s${index}`, [`high-${index}`]: `high s${index}` })),
      ]).flat(),
    );
    const world = await story([...many(11, "low", 0, 2), ...many(11, "high", 1, 2)], { tags, until: at(14) });
    expect(told(world, ["raised"])).toHaveLength(10);
    expect(summaries(world)).toHaveLength(1);
  });

  test("the news that it is over does not count", async () => {
    const ends = Array.from({ length: 9 }, (_, index) => clears(`cpu-${index}`, at(0, 30 + index)));
    const world = await story([...many(9, "cpu", 0), ...ends, fires("late", at(5, 50))], run(6));
    expect(told(world, ["resolved"])).toHaveLength(9);
    expect(told(world, ["opened"])).toHaveLength(10);
  });

  test("is as large as configuration says", async () => {
    const configuration = policyWith({ ...byName, incidents: { storm: { pages: 3, summaryMinutes: 2 } } });
    const world = await story(many(6, "cpu", 0), { configuration, until: at(4) });
    expect(told(world, ["opened"])).toHaveLength(3);
    expect(summaries(world)).toHaveLength(1);
  });
});

describe("from then on", () => {
  /** 72 alarms in 12 min: 30 in each window. */
  const long = many(72, "cpu", 0, 10);

  test("that audience gets one summary every 5 min", async () => {
    const world = await story(long, run(14));
    const times = summaries(world).map((page) => page.at);
    expect(times.length).toBeGreaterThanOrEqual(2);
    for (const [index, when] of times.entries()) {
      const before = times[index - 1];
      if (before !== undefined) expect(when - before).toBeGreaterThanOrEqual(5 * minute);
      if (before !== undefined) expect(when - before).toBeLessThanOrEqual(6 * minute);
    }
    expect(told(world, ["opened"])).toHaveLength(10);
  });

  test("no incident is left out: each is in a page or in a summary", async () => {
    const world = await story(long, run(40));
    const named = new Set(world.collected.notifications.flatMap((page) => page.incidents));
    expect(incidents(world).filter(({ id }) => !named.has(id))).toEqual([]);
  });

  test("until a window has 10 or fewer: then it is paged one by one again", async () => {
    const acknowledgeable = policyWith({ ...byName, severities: { P1: { acknowledge: { minutes: 600 } } } });
    const documents = [...many(30, "cpu", 0), ...many(3, "more", 7), ...many(2, "last", 12)];
    const world = await story(documents, { configuration: acknowledgeable, until: at(25) });
    const last = incidents(world).filter(({ key }) => key.includes(":last-"));
    const alone = world.collected.notifications
      .filter(({ reason }) => reason === "opened")
      .map((page) => page.incident);
    expect(last.every(({ id }) => alone.includes(id))).toBe(true);
  });

  test("as long as a window has more than 10, the summaries go on", async () => {
    const documents = [...many(30, "cpu", 0), ...many(30, "more", 6), ...many(2, "last", 11)];
    const world = await story(documents, run(14));
    expect(told(world, ["opened"])).toHaveLength(10);
  });
});

describe("P0", () => {
  test("never folds in with the rest", async () => {
    const world = await story([...many(40, "cpu", 0), ...many(5, "outage", 1)], run(4));
    const critical = world.collected.notifications.filter(({ severity }) => severity === "P0");
    expect(critical.map(({ reason }) => reason)).toEqual(Array(5).fill("opened"));
  });

  test("does not make a storm of the rest either", async () => {
    const world = await story([...many(10, "outage", 0), ...many(10, "cpu", 1)], run(4));
    expect(told(world, ["opened"])).toHaveLength(20);
  });

  test("has a summary of its own every minute beyond 10", async () => {
    const world = await story(many(25, "outage", 0, 10), run(4));
    expect(told(world, ["opened"])).toHaveLength(10);
    expect(summaries(world).every(({ severity }) => severity === "P0")).toBe(true);
    const times = summaries(world).map((page) => page.at);
    expect(times.length).toBeGreaterThanOrEqual(2);
    for (const [index, when] of times.entries()) {
      expect(when - (times[index - 1] ?? when - minute)).toBeLessThanOrEqual(2 * minute);
    }
  });

  test("waits in its summary for a minute at most, and for the sweep", async () => {
    const world = await story(many(11, "outage", 0), run(4));
    expect(summaries(world)[0]?.at).toBeLessThanOrEqual(at(0, 10) + 120 * second);
  });
});

describe("the sender decides when it claims", () => {
  test("what piled up over hours while no sender ran is a storm when it does", async () => {
    const { world } = await createStage({ configuration: byName });
    for (const document of many(11, "cpu", 0, 600)) {
      await world.open({ Records: [{ messageId: "1", body: JSON.stringify(document) }] });
    }
    world.clock.set(at(120));
    await world.notify({});
    expect(told(world, ["opened"])).toHaveLength(10);
    world.clock.set(at(125));
    await world.notify({});
    expect(summaries(world)).toHaveLength(1);
  });

  test("what was acknowledged before it claims is no page", async () => {
    const stage = await createStage({ configuration: byName });
    const { world } = stage;
    for (const document of many(11, "cpu", 0)) {
      await world.open({ Records: [{ messageId: "1", body: JSON.stringify(document) }] });
    }
    world.stream.splice(0);
    world.clock.set(at(1));
    await stage.person(at(1), arnOf("cpu-0"), { type: "acknowledge", by: "Ada" });
    await world.notify({});
    expect(told(world, ["opened"])).toHaveLength(10);
    world.clock.set(at(7));
    await world.notify({});
    expect(summaries(world)).toEqual([]);
  });
});

test("alarms that are red already at the first reconcile after a deployment are treated the same way", async () => {
  const { world, sweepAt } = await createStage({ configuration: byName });
  for (let index = 0; index < 40; index++) {
    const name = `cpu-${index}`;
    const shown = { state: "ALARM", stateAt: at(-600), updatedAt: at(-600), reason: "", actionsEnabled: true } as const;
    world.cloudwatch.put({ arn: arnOf(name), name, type: "MetricAlarm", ...shown, tags: {} });
  }
  await sweepAt(at(0));
  expect(told(world, ["opened"])).toHaveLength(10);
  await sweepAt(at(5));
  expect(summaries(world)).toHaveLength(1);
  expect(summaries(world)[0]?.incidents).toHaveLength(30);
});
