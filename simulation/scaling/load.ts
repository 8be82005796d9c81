import { day, hour, type Instant, minute } from "../../shared/instant.ts";
import type { Chance } from "../chance.ts";
import type { ScaledService } from "./estate.ts";

/** A time in which a service has more to do than ever. */
interface Surge {
  from: Instant;
  until: Instant;
  factor: number;
}

/** How much a service has to do in each minute, asked for in their order: by the hour and the day of the week, with noise and surges. */
export function createLoad(service: ScaledService, chance: Chance, start: Instant): (at: Instant) => number {
  let surge = surgeAfter(start, chance);
  // Within a few minutes the hour makes no difference.
  let known = { until: 0, load: 0 };
  return (at) => {
    if (at >= known.until) known = { until: at + 5 * minute, load: usual(service, at) };
    if (at >= surge.until) surge = surgeAfter(at, chance);
    const isSurge = at >= surge.from;
    // It comes within minutes, as an advertisement does.
    const factor = isSurge ? Math.min(surge.factor, 1 + (at - surge.from) / (5 * minute)) : 1;
    return known.load * factor * (0.94 + 0.12 * chance.next());
  };
}

function surgeAfter(at: Instant, chance: Chance): Surge {
  const from = at + chance.integer(6 * 60, 48 * 60) * minute;
  return { from, until: from + chance.integer(20, 100) * minute, factor: 1.4 + 1.2 * chance.next() };
}

function usual({ base, swing, busiestHour }: ScaledService, at: Instant): number {
  const away = ((at % day) / hour - busiestHour) / 24;
  const ofDay = (1 + Math.cos(2 * Math.PI * away)) / 2;
  const weekday = new Date(at).getUTCDay();
  const ofWeek = weekday === 0 || weekday === 6 ? 0.6 : 1;
  return base + swing * ofDay ** 2 * ofWeek;
}
