import type { Configuration } from "../../shared/configuration/schema.ts";
import { type Instant, minute, second } from "../../shared/instant.ts";
import { type Metric, metricsOf, type ScaledService } from "./estate.ts";
import type { Plant } from "./plant.ts";

/** What the rules say of what truly was, told apart from the function that is held to them. */
export interface TrueRules {
  /** Whether the out rule holds at the end of this minute; what cannot be seen yet counts as if it did. */
  isOut(service: ScaledService, index: number, now?: Instant): boolean;
  /** The same of the in rule. */
  isIn(service: ScaledService, index: number, now?: Instant): boolean;
  /** The last minute that is looked at then. */
  settled(at: Instant): number;
  /** Minutes of the in window that ends with this one that could not be seen by then, or that were not below. */
  faultyIn(service: ScaledService, index: number, now: Instant): string[];
}

export function trueRules({ truths, since }: Plant, { scaling }: Configuration): TrueRules {
  /** Whether it is so in at least so many of the last minutes. */
  const holds = (
    { name }: ScaledService,
    metric: Metric,
    { index, minutes, points, now }: { index: number; minutes: number; points: number; now: Instant },
    fits: (value: number) => boolean,
  ): boolean => {
    const truth = truths.get(name);
    let count = 0;
    for (let place = index; place > index - minutes; place--) {
      const isUnseen = (truth?.seenAt[place] ?? 0) > now;
      if (isUnseen || fits(truth?.[metric][place] ?? 0)) count += 1;
      else if (points === minutes) return false;
    }
    return count >= points;
  };
  const always = Number.POSITIVE_INFINITY;
  return {
    settled: (at) => Math.floor((at - scaling.settleSeconds * second - since) / minute) - 1,
    isOut: (service, index, now = always) =>
      metricsOf(service).some((metric) => {
        const out = scaling.rules[metric]?.out;
        if (out === undefined) return false;
        const { above, minutes, points = minutes } = out;
        return holds(service, metric, { index, minutes, points, now }, (value) => value > above);
      }),
    isIn: (service, index, now = always) =>
      metricsOf(service).every((metric) => {
        const low = scaling.rules[metric]?.in;
        if (low === undefined) return false;
        const { below, minutes } = low;
        return holds(service, metric, { index, minutes, points: minutes, now }, (value) => value < below);
      }),
    faultyIn(service, index, now) {
      const truth = truths.get(service.name);
      return metricsOf(service).flatMap((metric) => {
        const { below = 0, minutes = 0 } = scaling.rules[metric]?.in ?? {};
        const places = Array.from({ length: minutes }, (_, back) => index - back);
        return places.flatMap((place) => {
          const value = truth?.[metric][place] ?? Number.NaN;
          if ((truth?.seenAt[place] ?? always) > now) return [`${metric} was missing`];
          return value < below ? [] : [`${metric} was ${value}`];
        });
      });
    },
  };
}
