import { describe, expect, test } from "vitest";
import { hour, minute } from "../../shared/instant.ts";
import { backtest } from "../../shared/scaling/backtest.ts";
import { beyondOf, measuresOf, reversalsOf } from "../../shared/scaling/measures.ts";
import type { Change, Recording } from "../../shared/scaling/playback.ts";
import { burstyIdle, misconfiguredGroup, noisyPlateau } from "./generators.ts";
import { gridOf, midnight, minuteOf, recorded, recordingOf, settingOf, times } from "./recordings.ts";

type Bounds = Parameters<typeof settingOf>[1];

const run = (recording: Recording, bounds?: Bounds) => backtest(recording, settingOf(recording, bounds));
const cpu = (values: (number | null)[], step?: number) => recordingOf([recorded("cpu", gridOf(values, step))]);

/** Each decision as minute, direction and capacity. */
function shown(changes: readonly Change[]): string[] {
  return changes.map(({ at, direction, before, after }) => `${minuteOf(at)} ${direction} ${before}→${after}`);
}

describe("when it decides", () => {
  test("when a window of ten minutes has closed and settled, and again after each cooldown", () => {
    // Two points above from minute 60: the second closes at 70, and settles two minutes later.
    const { decisions } = run(cpu([...times(12, 50), ...times(4, 90), ...times(6, 50)]));
    expect(shown(decisions)).toEqual(["72 out 2→3", "77 out 3→4", "82 out 4→5"]);
    expect(decisions[0]).toMatchObject({ rule: "cpu > 70 for 10 min", reason: "cpu > 70 for 10 min: from 2 to 3" });
  });

  test("on one-minute points it is asked every minute", () => {
    const { decisions, evaluations, stepMinutes } = run(cpu([...times(60, 50), ...times(12, 90), ...times(60, 50)], 1));
    expect({ evaluations, stepMinutes }).toEqual({ evaluations: 132, stepMinutes: 1 });
    expect(shown(decisions)).toEqual(["72 out 2→3"]);
  });

  test("at the pace of the finest metric, with the others as they stood", () => {
    const memory = recorded("memory", gridOf([...times(24, 50), 90, 90, ...times(10, 50)], 5));
    const recording = recordingOf([recorded("cpu", gridOf(times(180, 50), 1)), memory]);
    const { decisions, evaluations } = run(recording);
    expect(evaluations).toBe(180);
    expect(shown(decisions)).toEqual(["132 out 2→3"]);
    expect(decisions[0]?.rule).toBe("memory > 80 for 10 min");
  });

  test("a window that begins before the recording is early, not missing", () => {
    const { held, early, unknown, decisions } = run(cpu(times(12, 10)), { minimum: 1, maximum: 9, initial: 1 });
    expect({ held, early, unknown }).toEqual({ held: { minimum: 7 }, early: 5, unknown: 0 });
    expect(decisions).toEqual([]);
  });
});

describe("what is held, by reason", () => {
  test.each([
    ["maximum", cpu(times(24, 90)), { minimum: 1, maximum: 2, initial: 2 }, { maximum: 23 }],
    ["not-sustained", cpu([...times(6, 50), 90, ...times(6, 50)]), undefined, { "not-sustained": 1 }],
    [
      "missing-data",
      cpu([...times(6, 50), ...times(8, 20), null, ...times(5, 20)]),
      { minimum: 1, maximum: 9, initial: 1 },
      { "not-sustained": 5, minimum: 3, "missing-data": 6 },
    ],
  ])("%s", (_, recording, bounds, held) => {
    expect(run(recording, bounds).held).toEqual(held);
  });

  test("nothing at all known is unknown", () => {
    expect(run(cpu([...times(6, 50), ...times(12, null), 50])).unknown).toBeGreaterThan(5);
  });

  test("points that are too wide for the queue's rule leave it unknown, and its in rule as it is", () => {
    const queue = recordingOf([recorded("queue", gridOf([...times(12, 50), ...times(12, 2)]))]);
    const { unknown, decisions } = run(queue);
    expect(unknown).toBeGreaterThan(10);
    expect(shown(decisions)).toEqual(["92 in 2→1"]);
  });

  test("spans join what was held for the same reason", () => {
    const { spans } = run(cpu(times(24, 90)), { minimum: 1, maximum: 2, initial: 2 });
    expect(spans.map(({ from, to, reason }) => [minuteOf(from), minuteOf(to), reason])).toEqual([[12, 127, "maximum"]]);
  });
});

describe("open and closed loop", () => {
  const twoForever = { at: [midnight], values: [2] };

  test("without a recorded capacity nothing answers, and nothing is projected", () => {
    const { decisions, held, playback } = run(recordingOf([recorded("memory", gridOf(times(24, 39.9)))]));
    expect(shown(decisions)).toEqual(["32 in 2→1"]);
    expect(held.projection).toBeUndefined();
    expect(playback.isOpenLoop).toBe(true);
  });

  test("with one the rest is projected", () => {
    const recording = recordingOf([recorded("memory", gridOf(times(24, 39.9)))], twoForever);
    const { decisions, held } = run(recording);
    expect(shown(decisions)).toEqual([]);
    expect(held.projection).toBe(19);
  });

  test("and the next periods read what the load is on the new capacity", () => {
    const recording = recordingOf([recorded("cpu", gridOf(times(48, 90)))], twoForever);
    const { decisions, playback } = run(recording);
    // The window at minute 17 is still of the time before. 90 % of two is 45 % of four, which is no longer too much.
    expect(shown(decisions)).toEqual(["12 out 2→3", "17 out 3→4"]);
    const read = [0, 1, 2, 3, 4, 47].map((period) => playback.value(0, period));
    expect(read.map((value) => Math.round(value ?? 0))).toEqual([90, 90, 90, 60, 45, 45]);
  });

  test("what does not divide by the capacity stays as it was recorded", () => {
    const recording = recordingOf([recorded("queue", gridOf(times(60, 200), 1))], twoForever);
    expect(run(recording).playback.value(0, 59)).toBe(200);
  });

  test("the recorded capacity's own changes are taken out again", () => {
    // Somebody doubled it at minute 60, and the load on one halved.
    const capacity = { at: [midnight, midnight + hour], values: [2, 4] };
    const recording = recordingOf([recorded("cpu", gridOf([...times(12, 60), ...times(12, 30)]))], capacity);
    const { playback } = run(recording);
    expect(playback.value(0, 23)).toBe(60);
  });

  test("where there was no capacity the load is missing, which never scales in", () => {
    const capacity = { at: [midnight, midnight + hour], values: [2, 0] };
    const recording = recordingOf([recorded("cpu", gridOf(times(48, 50)))], capacity);
    const { decisions, playback, unknown } = run(recording);
    expect([11, 12, 47].map((period) => playback.value(0, period))).toEqual([50, null, null]);
    expect(decisions).toEqual([]);
    expect(unknown).toBeGreaterThan(20);
  });
});

describe("what it is measured by", () => {
  const change = (minutes: number, direction: "out" | "in"): Change => ({
    ...{ at: midnight + minutes * minute, direction, before: 1, after: 1 },
  });

  test.each<[string, Change[], number]>([
    ["nothing", [], 0],
    ["the same direction", [change(0, "out"), change(5, "out")], 0],
    ["the other one within an hour", [change(0, "out"), change(60, "in")], 1],
    ["the other one later", [change(0, "out"), change(61, "in")], 0],
    ["to and fro", [change(0, "in"), change(20, "out"), change(60, "in")], 2],
  ])("reversals: %s", (_, changes, count) => {
    expect(reversalsOf(changes)).toHaveLength(count);
  });

  test("a scale-in is wrong by what really was, whatever was seen", () => {
    const truth = [...times(12, 20), 95, ...times(11, 20)];
    const seen = truth.map((value) => (value === 95 ? 20 : value));
    const recording = recordingOf([recorded("cpu", gridOf(seen), truth)]);
    expect(measuresOf(run(recording, { minimum: 1, maximum: 9, initial: 9 }).playback, true)).toMatchObject({
      in: 7,
      wrongIn: 2,
    });
  });

  test("minutes beyond each threshold are strictly beyond", () => {
    const values = [70, 70.1, 99, null, 30, 29.9];
    expect(beyondOf(recorded("cpu", gridOf(values)))).toEqual({ metric: "cpu", aboveMinutes: 10, belowMinutes: 5 });
  });
});

describe("generated series of the traits of real ones", () => {
  const shapes = { days: 14, offsetMinutes: 2 };
  test.each([
    ["misconfigured group", misconfiguredGroup],
    ["bursty idle", burstyIdle],
    ["noisy plateau", noisyPlateau],
  ])("%s: within bounds, cooldowns kept, no scale-in that is wrong", (_, generate) => {
    for (const seed of ["1", "2", "3", "4", "5"]) {
      const recording = cpu(generate({ ...shapes, seed }).map(({ value }) => value));
      const { decisions, playback } = run(recording);
      expect(measuresOf(playback, true).wrongIn).toBe(0);
      for (const [index, { at, after, before, direction }] of decisions.entries()) {
        expect(after).toBeGreaterThanOrEqual(1);
        expect(after).toBeLessThanOrEqual(20);
        expect(Math.sign(after - before)).toBe(direction === "out" ? 1 : -1);
        const last = decisions[index - 1];
        if (last === undefined) continue;
        expect(before).toBe(last.after);
        expect(at - last.at).toBeGreaterThanOrEqual(last.direction === "out" ? 5 * minute : 15 * minute);
      }
    }
  });

  test("the same recording gives the same decisions", () => {
    const recording = cpu(burstyIdle({ ...shapes, seed: "again" }).map(({ value }) => value));
    expect(run(recording).decisions).toEqual(run(recording).decisions);
  });
});
