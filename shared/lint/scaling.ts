import type { Configuration } from "../configuration/schema.ts";
import { fits } from "../incident/classify.ts";
import type { Contradiction } from "./types.ts";

/** The load that is planned for is a load at which capacity is taken away: only the minimum stops it. */
export function baselineContradictions({ scaling, capacity }: Configuration): Contradiction[] {
  const planned = Object.entries(capacity.baseline).flatMap(([metric, below]) => {
    const rule = scaling.rules[metric];
    return rule === undefined ? [] : [{ metric, below, limit: rule.in.below }];
  });
  if (planned.length === 0 || planned.some(({ below, limit }) => below > limit)) return [];
  const arithmetic = planned.map(({ metric, below, limit }) => `${metric} < ${below} ≤ ${limit}`).join(" and ");
  return [
    {
      rule: "baseline-inside-scale-in-zone",
      severity: "warning",
      path: "capacity.baseline",
      message:
        "at the capacity baseline every metric is below its scale-in threshold: only the minimum stops scaling in",
      arithmetic,
      remedy:
        "state a minimum for each target that its baseline needs, or lower a scale-in threshold below the baseline",
    },
  ];
}

/** From the least capacity above the minimum one step in comes within the margin of the out threshold. */
export function projectionContradictions({ scaling }: Configuration): Contradiction[] {
  const { rules, in: low, projectionMargin } = scaling;
  const after = Math.max(scaling.minimum, 1);
  const before = after + low.step;
  return Object.entries(rules).flatMap(([metric, { out, in: zone, dividesByCapacity }]): Contradiction[] => {
    const projected = (zone.below * before) / after;
    const limit = out.above - projectionMargin;
    if (!dividesByCapacity || projected < limit) return [];
    // The greatest tenth that stays strictly below.
    const meets = (Math.ceil(((limit * after) / before) * 10) - 1) / 10;
    return [
      {
        rule: "scale-in-would-scale-out",
        severity: "warning",
        path: `scaling.rules.${metric}.in.below`,
        message: `scaling in from ${before} to ${after} just below the threshold brings ${metric} to where it scales out: it is held back there`,
        arithmetic: `${zone.below} × ${before} / ${after} = ${rounded(projected)} ≥ ${out.above} − ${projectionMargin}`,
        remedy: `scale in below ${meets}, or live with it: a scale-in is projected, and held where it would not last`,
      },
    ];
  });
}

/** The calendar asks for more than a target may have. That a metric scales out and in at one load is refused before anything is linted. */
export function thresholdContradictions({ scaling }: Configuration): Contradiction[] {
  const bounded = [...Object.entries(scaling.targets), ...Object.entries(scaling.tagged)].flatMap(([name, setting]) =>
    "maximum" in setting && setting.maximum !== undefined ? [{ name, maximum: setting.maximum }] : [],
  );
  return scaling.floors.flatMap(({ name, targets, minimum }, index) =>
    bounded.flatMap(({ name: target, maximum }): Contradiction[] => {
      if (minimum <= maximum || !fits(targets, target)) return [];
      return [
        {
          rule: "thresholds-contradict",
          severity: "error",
          path: `scaling.floors[${index}].minimum`,
          message: `${name} asks for more of ${target} than its maximum allows`,
          arithmetic: `${minimum} > ${maximum}`,
          remedy: `ask for ${maximum} at the most, or raise the maximum of ${target}`,
        },
      ];
    }),
  );
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
