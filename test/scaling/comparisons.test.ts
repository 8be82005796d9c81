import { describe, expect, test } from "vitest";
import { backtest } from "../../shared/scaling/backtest.ts";
import { alarmPairs, latestPoint } from "../../shared/scaling/comparisons.ts";
import { onGrid } from "../../shared/scaling/grid.ts";
import { type Measures, measuresOf } from "../../shared/scaling/measures.ts";
import type { Change } from "../../shared/scaling/playback.ts";
import { createChance } from "../../simulation/chance.ts";
import {
  balancerCounts,
  burstyIdle,
  misconfiguredGroup,
  noisyPlateau,
  outages,
  pointsOf,
  withOutages,
} from "./generators.ts";
import { gridOf, minuteOf, recorded, recordingOf, settingOf, times } from "./recordings.ts";

const cpu = (values: (number | null)[], step?: number) => recordingOf([recorded("cpu", gridOf(values, step))]);

function shown(changes: readonly Change[]): string[] {
  return changes.map(({ at, direction, before, after }) => `${minuteOf(at)} ${direction} ${before}→${after}`);
}

describe("a pair of CloudWatch alarms", () => {
  const pairs = (values: (number | null)[], step?: number) => {
    const recording = cpu(values, step);
    return shown(alarmPairs(recording, settingOf(recording)).changes);
  };

  test("acts every minute of an ALARM, five minutes apart", () => {
    expect(pairs([...times(12, 50), ...times(3, 90), ...times(3, 50)])).toEqual(["70 out 2→3", "75 out 3→4"]);
  });

  test("a scale-in's cooldown holds no scale-out, which is held by a scale-out's alone", () => {
    const queue = recordingOf([recorded("queue", gridOf([...times(36, 2), ...times(8, 200)], 1))]);
    const { changes } = alarmPairs(queue, settingOf(queue, { minimum: 1, maximum: 20, initial: 9 }));
    expect(shown(changes)).toEqual(["30 in 9→8", "35 in 8→7", "38 out 7→8", "43 out 8→9"]);
  });

  test("looks further back where points are missing", () => {
    // Five low points and one that is missing: the sixth comes from further back.
    expect(pairs([...times(8, 50), 20, 20, 20, null, 20, 20, 20])).toEqual(["75 in 2→1"]);
  });

  test("takes one old point among missing ones for thirty minutes", () => {
    expect(pairs([20, ...times(6, null), 50])).toEqual(["30 in 2→1"]);
  });

  test("needs all metrics for in, and one for out", () => {
    const recording = recordingOf([recorded("cpu", gridOf(times(12, 10))), recorded("memory", gridOf(times(12, 50)))]);
    expect(alarmPairs(recording, settingOf(recording)).changes).toEqual([]);
    const hot = recordingOf([recorded("cpu", gridOf(times(12, 10))), recorded("memory", gridOf([90, 90, 50, 50]))]);
    expect(shown(alarmPairs(hot, settingOf(hot)).changes)).toEqual(["10 out 2→3"]);
  });
});

describe("a poller of the newest point", () => {
  test("acts on one point, and takes a missing one for nothing", () => {
    const recording = cpu([50, 90, 50, 50, null, 50, 50]);
    const played = latestPoint(recording, settingOf(recording));
    expect(shown(played.changes)).toEqual(["10 out 2→3", "25 in 3→2"]);
    expect(measuresOf(played, false)).toEqual({ out: 1, in: 1, reversals: 1, wrongIn: 1 });
  });
});

describe("with gaps put into generated series", () => {
  const generators = { misconfiguredGroup, burstyIdle, noisyPlateau };

  test("no scale-in of ours is wrong, and those of the others are counted", () => {
    const wrong = { nightshift: 0, alarms: 0, latestPoint: 0 };
    for (const [name, generate] of Object.entries(generators)) {
      for (const seed of ["1", "2", "3"]) {
        const values = generate({ seed, days: 21 }).map(({ value }) => value);
        for (const each of outages) {
          const chance = createChance(seed).fork(`${name} ${each.minutes}`);
          const recording = recordingOf([recorded("cpu", gridOf(withOutages(values, 5, each, chance)), values)]);
          const setting = settingOf(recording);
          const count = ({ wrongIn }: Measures) => wrongIn;
          wrong.nightshift += count(measuresOf(backtest(recording, setting).playback, true));
          wrong.alarms += count(measuresOf(alarmPairs(recording, setting), false));
          wrong.latestPoint += count(measuresOf(latestPoint(recording, setting), false));
        }
      }
    }
    process.stdout.write(`wrong scale-ins with gaps: ${JSON.stringify(wrong)}\n`);
    expect(wrong.nightshift).toBe(0);
    expect(wrong.alarms).toBeGreaterThan(0);
    expect(wrong.latestPoint).toBeGreaterThan(wrong.alarms);
  });

  test("gaps that a balancer has by nature are no idleness", () => {
    const grid = onGrid(pointsOf(balancerCounts({ seed: "1", days: 14, offsetMinutes: 4 })));
    if (grid === null) throw new Error("the generated counts have a grid");
    const recording = recordingOf([recorded("queue", grid)]);
    const setting = settingOf(recording, { minimum: 1, maximum: 20, initial: 20 });
    expect(measuresOf(backtest(recording, setting).playback, true).wrongIn).toBe(0);
    expect(measuresOf(latestPoint(recording, setting), false).wrongIn).toBeGreaterThan(0);
  });
});
