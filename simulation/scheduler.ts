import { type Instant, minute, second } from "../shared/instant.ts";
import type { Chance } from "./chance.ts";
import { sweep } from "./sweeping.ts";
import { ranks } from "./transport.ts";
import type { World } from "./world.ts";

export interface Scheduler {
  readonly missed: readonly Instant[];
  runUntil(until: Instant): Promise<void>;
}

/** So long after a change of an alarm the sweep has something to compare. */
const comparing = 4 * minute;
/** And after so long without one: often enough for the audit of each hour. */
const auditing = 30 * minute;

/** EventBridge Scheduler, every minute: on time, late, twice at once, or not at all; most of the minutes in which nothing is due are skipped. */
export function createScheduler(world: World, chance: Chance): Scheduler {
  const { clock, faults } = world;
  const missed: Instant[] = [];
  const state = { swept: 0, revision: 0, changedAt: 0 };

  function schedule(at: Instant): void {
    if (faults.happens("missedSchedule")) {
      missed.push(at);
      return;
    }
    const late = faults.happens("lateSchedule") ? chance.integer(1, 50) * second : 0;
    clock.at(at + late, ranks.sweep, async () => {
      const { complete } = world.collected.sweeps;
      const starts = faults.happens("overlap") ? 2 : 1;
      await Promise.allSettled(Array.from({ length: starts }, () => sweep(world)));
      // A sweep that broke off is as good as none.
      if (world.collected.sweeps.complete === complete) missed.push(at);
    });
  }

  function nextMinute(): Instant {
    const now = clock.now();
    if (world.cloudwatch.revision !== state.revision) {
      state.revision = world.cloudwatch.revision;
      state.changedAt = now;
    }
    const due = world.nextSweep();
    const quiet = state.swept === 0 ? now : state.swept + auditing;
    const compares = now - state.changedAt < comparing;
    const wanted = compares ? now : Math.max(Math.min(due ?? quiet, quiet), now);
    return Math.max(Math.ceil(wanted / minute) * minute, state.swept + minute);
  }

  return {
    missed,
    async runUntil(until) {
      for (;;) {
        const sweepAt = nextMinute();
        const actAt = clock.next();
        if (sweepAt <= until && (actAt === null || sweepAt <= actAt)) {
          state.swept = sweepAt;
          schedule(sweepAt);
          continue;
        }
        if (actAt === null || actAt > until) break;
        await clock.runUntil(actAt);
      }
      if (until > clock.now()) await clock.runUntil(until);
    },
  };
}
