import type { Configuration } from "../../shared/configuration/schema.ts";
import { type Instant, minute } from "../../shared/instant.ts";
import { floorOf } from "../../shared/scaling/calendar.ts";
import type { Decision, Question } from "../../shared/scaling/types.ts";

/**
 * Whether a target that is looked at every so many minutes is looked at in this one. Each has its own minute, so that they spread; but
 * what the calendar asks for more of is looked at at once.
 */
export function isDue(name: string, everyMinutes: number, at: Instant, configuration: Configuration): boolean {
  if (isMinuteOf(name, everyMinutes, at)) return true;
  const floor = (when: Instant) => floorOf(name, when, configuration)?.minimum ?? 0;
  return configuration.scaling.floors.length > 0 && floor(at) > floor(at - everyMinutes * minute);
}

/** Whether it is a target's own minute of every so many. */
export function isMinuteOf(name: string, everyMinutes: number, at: Instant): boolean {
  return (Math.floor(at / minute) + spread(name)) % Math.max(everyMinutes, 1) === 0;
}

function spread(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9_973;
  return sum;
}

/** How often a target is looked at from now on: less often when it is far from scaling out and there is nothing to scale in. */
export function everyMinutes(
  { policy, series }: Question,
  { verdict, reason }: Decision,
  { scaling }: Configuration,
): number {
  const { farPercent, farMinutes } = scaling.cadence;
  const nothingToDo = verdict === "hold" && (reason === null || reason === "minimum");
  if (!nothingToDo) return 1;
  const isFar = policy.rules.every(({ metric, out, absence }) => {
    const own = series.find((each) => each.metric === metric);
    if (out === null || own === undefined) return false;
    const limit = (out.above * (100 - farPercent)) / 100;
    return own.points.every(({ value }) => (value === null ? absence !== "unknown" : value < limit));
  });
  return isFar ? farMinutes : 1;
}
