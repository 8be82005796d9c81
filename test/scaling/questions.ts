import { loadConfiguration } from "../../shared/configuration/files.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { type Instant, minute } from "../../shared/instant.ts";
import { blankMemory } from "../../shared/scaling/evaluate.ts";
import { policyOf, ruleOf } from "../../shared/scaling/policy.ts";
import type { Facts, Memory, Question, Series } from "../../shared/scaling/types.ts";

// Questions to the evaluation, in the policy's own numbers.

export const { configuration } = loadConfiguration("production");
export const now: Instant = Date.parse("2027-03-15T14:05:00.000Z");

export const free: Facts = {
  ...{
    capacity: 4,
    limits: null,
    deployment: null,
    foreign: null,
    freeze: null,
    gone: null,
    floor: null,
    projects: true,
  },
};

/** Values of one-minute points, the newest last; null where there is none. */
export type Values = readonly (number | null)[];

export function always(value: number | null, count = 30): Values {
  return Array.from({ length: count }, () => value);
}

/** The first so many of `before`, then `values`: thirty in all. */
export function lastly(before: number | null, ...values: (number | null)[]): Values {
  return [...always(before, 30 - values.length), ...values];
}

export function question(
  values: Readonly<Record<string, Values>>,
  more: {
    facts?: Partial<Facts> | null;
    memory?: Partial<Memory>;
    bounds?: { minimum?: number; maximum?: number };
    at?: Instant;
    periodSeconds?: number;
    absence?: "unknown" | "idle" | "no-traffic";
    configuration?: Configuration;
  } = {},
): Question {
  const { scaling } = more.configuration ?? configuration;
  const { at = now, periodSeconds = 60, absence = "unknown" } = more;
  const rules = Object.keys(values).map((metric) => ruleOf(metric, { periodSeconds, absence }, scaling));
  const policy = policyOf("checkout", rules, more.bounds ?? {}, scaling);
  const end = Math.floor((at - scaling.settleSeconds * 1_000) / (periodSeconds * 1_000)) * periodSeconds * 1_000;
  const facts = more.facts === null ? null : { ...free, ...more.facts };
  return {
    ...{ policy, at, facts },
    memory: { ...blankMemory(policy), ...more.memory },
    series: Object.entries(values).map(([metric, each]) => seriesOf(metric, each, end, (periodSeconds / 60) * minute)),
  };
}

function seriesOf(metric: string, values: Values, end: Instant, widthMs: number): Series {
  const points = values.map((value, index) => ({ at: end - (values.length - index) * widthMs, value, revision: 0 }));
  return { metric, end, points, failure: null };
}
