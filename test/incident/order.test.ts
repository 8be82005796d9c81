import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fold } from "../../shared/incident/evolve.ts";
import { incidentsOf } from "../../simulation/report.ts";
import { documentsOf, duplicated, endingOf, endOf, pagesOf, shuffled, tags, type Word } from "./histories.ts";
import { alarmsOf, incidents, lines, only, paged, story } from "./stage.ts";
import { action, at, clears, fires, tagged, topic } from "./stories.ts";

// Shrinking stops in time to say what was found.
/** The same histories every time; NIGHTSHIFT_SEED=… asks for others, and NIGHTSHIFT_RUNS=… for more of them. */
const { NIGHTSHIFT_SEED: seed = "20261125", NIGHTSHIFT_RUNS: numRuns = "200" } = process.env;
const runs = { seed: Number(seed), numRuns: Number(numRuns) };

describe("a transition older than the alarm's last applied one", () => {
  const high = tagged({ cpu: "high" });
  const late = [fires("cpu", at(0)), clears("cpu", at(2)), fires("cpu", at(1), { previous: null })];

  test("is stale, and recorded", async () => {
    const world = await story(late, { tags: high });
    expect(world.collected.deliveries).toMatchObject({ received: 3, applied: 2, stale: 1 });
    expect(lines(world)).toContain("stale");
  });

  test("pages nobody, and changes no state", async () => {
    const world = await story(late, { tags: high });
    expect(paged(world)).toEqual(["+0 opened P1 operations-1"]);
    expect(only(world)).toMatchObject({ status: "resolved", resolvedAt: at(7) });
    expect(alarmsOf(only(world))).toEqual({ cpu: "OK" });
  });

  test("opens nothing", async () => {
    const world = await story([clears("cpu", at(2)), fires("cpu", at(1))], { tags: high });
    expect(incidents(world)).toEqual([]);
    expect(paged(world)).toEqual([]);
    expect(world.collected.deliveries.stale).toBe(1);
  });

  test("is a duplicate where it was heard before", async () => {
    const world = await story([fires("cpu", at(0)), clears("cpu", at(2)), fires("cpu", at(0))], { tags: high });
    expect(world.collected.deliveries).toMatchObject({ applied: 2, duplicates: 1, stale: 0 });
  });
});

describe("a duplicate is the same transition by any door", () => {
  const exact = fires("cpu", at(0) + 345);

  test.each([
    { door: "EventBridge again", twin: exact },
    { door: "SNS", twin: topic("cpu", "ALARM", at(0) + 345) },
    { door: "the Lambda action", twin: action("cpu", "ALARM", at(0) + 345) },
    { door: "SNS with a stamp of whole seconds", twin: topic("cpu", "ALARM", at(0)) },
    { door: "EventBridge without the state before", twin: fires("cpu", at(0) + 345, { previous: null }) },
  ])("$door", async ({ twin }) => {
    const world = await story([exact, twin], { tags: tagged({ cpu: "high" }), until: at(1) });
    expect(world.collected.deliveries).toMatchObject({ received: 2, applied: 1, duplicates: 1 });
    expect(world.collected.notifications).toHaveLength(1);
  });

  test("and not one with another stamp to the millisecond", async () => {
    const world = await story([exact, fires("cpu", at(0) + 346)], { tags: tagged({ cpu: "high" }), until: at(1) });
    expect(world.collected.deliveries).toMatchObject({ applied: 2, duplicates: 0 });
  });
});

describe("these orders end as the history in order does", () => {
  const minutes = (when: number) => Math.round(when * 60) * 1_000;
  const word = (when: number, who: string, says: Word["says"], was: Word["was"] = "OK"): Word => ({
    ...{ at: minutes(when), who, says, was },
    door: "event",
  });

  test.each([
    {
      says: "a deletion after a later INSUFFICIENT_DATA",
      inOrder: [word(0, "alone", "ALARM"), word(2, "alone", "deleted", "ALARM"), word(3, "alone", "INSUFFICIENT_DATA")],
      order: [0, 2, 1],
    },
    {
      says: "a composite's child whose OK came before its ALARM",
      inOrder: [
        word(0, "outage-b", "ALARM"),
        word(0.1, "outage-a", "ALARM"),
        word(1, "outage-a", "OK", "ALARM"),
        word(2, "outage", "ALARM"),
      ],
      order: [2, 1, 0, 3],
    },
    {
      says: "an alarm of which an earlier time of being red came late, after its incident was over",
      inOrder: [
        word(2, "cpu", "ALARM"),
        word(3, "log", "ALARM"),
        word(44, "log", "OK", "ALARM"),
        word(100, "cpu", "INSUFFICIENT_DATA", "ALARM"),
        word(147, "cpu", "ALARM", "INSUFFICIENT_DATA"),
        word(170, "cpu", "OK", "ALARM"),
        word(193, "errors", "ALARM"),
        word(219, "cpu", "INSUFFICIENT_DATA"),
      ],
      order: [2, 3, 4, 5, 7, 0, 1, 6],
    },
    {
      says: "contributors that are all OK, though nobody says so of their alarm",
      inOrder: [word(0, "slow/x", "ALARM"), word(1, "slow/x", "OK", "ALARM"), word(9, "alone", "ALARM")],
      order: [1, 0, 2],
    },
  ])("$says", async ({ inOrder, order }) => {
    const until = endOf(inOrder);
    const anyOrder = order.flatMap((index) => inOrder[index] ?? []);
    const expected = endingOf(await story(documentsOf(inOrder), { tags, until }));
    expect(endingOf(await story(documentsOf(anyOrder), { tags, until }))).toEqual(expected);
  });
});

describe("for any history", () => {
  test("any order and any duplication ends with the same incidents open and the same states of their alarms", async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ inOrder, anyOrder }) => {
        const until = endOf(inOrder);
        const expected = endingOf(await story(documentsOf(inOrder), { tags, until }));
        expect(endingOf(await story(documentsOf(anyOrder), { tags, until }))).toEqual(expected);
      }),
      runs,
    );
  });

  test("any duplication alone gives the same pages", async () => {
    await fc.assert(
      fc.asyncProperty(duplicated, async ({ inOrder, twice }) => {
        const until = endOf(inOrder);
        const expected = pagesOf(await story(documentsOf(inOrder), { tags, until }));
        expect(pagesOf(await story(documentsOf(twice), { tags, until }))).toEqual(expected);
      }),
      runs,
    );
  });

  test("every incident of the ledger is what its timeline folds to", async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ inOrder, anyOrder }) => {
        const world = await story(documentsOf(anyOrder), { tags, until: endOf(inOrder) });
        for (const { incident, timeline } of incidentsOf(world)) expect(fold(timeline)).toEqual(incident);
      }),
      runs,
    );
  });

  test("every delivery is counted once, and every page has an identity of its own", async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ inOrder, anyOrder }) => {
        const { deliveries, notifications } = (await story(documentsOf(anyOrder), { tags, until: endOf(inOrder) }))
          .collected;
        expect(deliveries.received).toBe(anyOrder.length);
        expect(deliveries.applied + deliveries.duplicates + deliveries.stale).toBe(anyOrder.length);
        expect(deliveries.failed).toBe(0);
        const pages = notifications.map(({ page, channel }) => `${page} ${channel}`);
        expect(new Set(pages).size).toBe(pages.length);
      }),
      runs,
    );
  });
});
