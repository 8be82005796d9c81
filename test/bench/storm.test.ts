import { describe, expect, test } from "vitest";
import { stormMeasures } from "../../bench/storm.ts";
import { outcomeOf } from "../../bench/storm-outcome.ts";
import { raiseStorm } from "../../bench/storm-world.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";

const { configuration } = loadConfiguration("production");
const keys = 20;
const transitions = 400;
const raised = await raiseStorm(configuration, keys, "test");
const { world, history } = raised;

describe("a small storm", () => {
  test("tells every transition, one in five twice, out of order", () => {
    const times = Map.groupBy(history.deliveries, (index) => index);
    expect(times.size).toBe(transitions);
    expect([...times.values()].filter(({ length }) => length === 2)).toHaveLength(transitions / 5);
    expect(history.deliveries).toHaveLength(transitions * 1.2);
    expect(history.deliveries).not.toEqual(history.deliveries.toSorted((left, right) => left - right));
  });

  test("loses nothing, opens one incident for each key, and tells of each page once", () => {
    const { sent, sentAtMost, pages, ...outcome } = outcomeOf(world, history);
    expect(outcome).toEqual({ lost: 0, incidents: keys, keysWithOneIncident: keys, untold: 0, pagesAstray: 0 });
    expect(pages).toBeGreaterThanOrEqual(keys);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThanOrEqual(sentAtMost);
  });

  test("reaches its goals", () => {
    const { calls, cpuMilliseconds } = raised;
    const outcome = outcomeOf(world, history);
    const weathered = { transitions, calls, cpuMilliseconds, peakBytes: 60e6, outcome };
    const missed = stormMeasures(weathered, keys, 40e6).filter(({ name, reached }) => !reached && !/cpu/.test(name));
    expect(missed).toEqual([]);
  });

  test("the same seed is the same storm", async () => {
    const again = await raiseStorm(configuration, keys, "test");
    expect(again.calls).toBe(raised.calls);
    expect(again.history.deliveries).toEqual(history.deliveries);
  });
});

describe("what would be wrong is seen", () => {
  test("a transition that nobody took in", () => {
    const untold = { ...history.transition(0), at: history.from - 1 };
    const transition = (index: number) => (index < transitions ? history.transition(index) : untold);
    expect(outcomeOf(world, { ...history, transitions: transitions + 1, transition }).lost).toBe(1);
  });

  test("a page that was sent twice, and one that was not sent", () => {
    const { notifications } = world.collected;
    const [first] = notifications.filter(({ reason }) => reason === "opened");
    if (first === undefined) throw new Error("nobody was paged");
    const doubled = { ...world, collected: { ...world.collected, notifications: [...notifications, first] } };
    expect(outcomeOf(doubled, history).pagesAstray).toBe(1);
    const lacking = { ...world.collected, notifications: notifications.filter((each) => each !== first) };
    expect(outcomeOf({ ...world, collected: lacking }, history)).toMatchObject({ pagesAstray: 1, untold: 1 });
  });

  test("a goal that is missed", () => {
    const outcome = { ...outcomeOf(world, history), lost: 1, incidents: keys + 1, keysWithOneIncident: keys - 1 };
    const weathered = { transitions, calls: 1_601, cpuMilliseconds: 1_202, peakBytes: 2 ** 30, outcome };
    const reached = stormMeasures(weathered, keys, 2 ** 25).filter((each) => each.reached);
    expect(reached.map(({ name }) => name)).toEqual(["storm.untold", "storm.pages-astray", "storm.pages"]);
  });
});
