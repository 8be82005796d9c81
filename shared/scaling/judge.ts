import { type Instant, second } from "../instant.ts";
import type { InCondition, Judged, OutCondition, Outcome, Point, Question, Rule, Series } from "./types.ts";

/** What each metric of a target says, without regard to anything but its points. */
export function judgeAll({ policy, series, facts, at }: Question): Judged[] {
  const filled = policy.rules.map((rule) => fill(rule, seriesOf(rule, series), series));
  return policy.rules.map((rule, index) =>
    judge(rule, filled[index] ?? [], at, projectionOf(rule, facts, policy.in.step)),
  );
}

function seriesOf({ metric }: Rule, all: readonly Series[]): Series | undefined {
  return all.find((series) => series.metric === metric && series.failure === null);
}

/**
 * Where absence means an empty queue or no traffic it reads as zero, but only in minutes for which another metric of the target
 * has a point: when all are absent, or there is no other, it may be the metrics that are missing, and not the load.
 */
function fill(rule: Rule, own: Series | undefined, all: readonly Series[]): readonly Point[] {
  if (own === undefined) return [];
  if (rule.absence === "unknown" || own.points.every(({ value }) => value !== null)) return own.points;
  const witnesses = all.filter(({ metric, failure }) => metric !== rule.metric && failure === null);
  const widthMs = rule.periodSeconds * second;
  return own.points.map((point) => {
    const isWitnessed = witnesses.some(({ points }) =>
      points.some(({ at, value }) => value !== null && at > point.at - widthMs && at < point.at + widthMs),
    );
    return point.value === null && isWitnessed ? { ...point, value: 0 } : point;
  });
}

/** By how much a value grows when the capacity shrinks by a step; null where that is not known. */
function projectionOf(rule: Rule, facts: Question["facts"], step: number): number | null {
  if (!rule.dividesByCapacity || facts === null || !facts.projects || facts.capacity === null) return null;
  const after = facts.capacity - step;
  return after > 0 ? facts.capacity / after : Number.POSITIVE_INFINITY;
}

function judge(rule: Rule, points: readonly Point[], at: Instant, growth: number | null): Judged {
  const longest = Math.max(rule.out?.of ?? 0, rule.in?.of ?? 0);
  const coverage = longest === 0 ? 0 : tally(points, longest, always).present / longest;
  return {
    metric: rule.metric,
    out: rule.out === null ? "blind" : outOf(rule.out, points),
    in: rule.in === null ? "blind" : inOf(rule.in, points),
    newest: newestOf(points, rule.periodSeconds, at),
    coverage,
    projected: growth === null ? null : projectedOf(rule, points, growth),
  };
}

/** Strictly above: a value equal to the threshold never triggers. */
function outOf({ above, of, points: needed, sustained }: OutCondition, points: readonly Point[]): Outcome {
  const { present, fitting: breaching } = tally(points, of, (value) => value > above);
  if (breaching >= needed && (!sustained || breaching === present)) return "fires";
  if (sustained && breaching < present) return "quiet";
  const absent = of - present;
  if (breaching + absent < needed) return "quiet";
  return breaching > 0 ? "missing" : "blind";
}

/** Every point is there and strictly below; one that is not below settles it. */
function inOf({ below, of }: InCondition, points: readonly Point[]): Outcome {
  const { present, fitting } = tally(points, of, (value) => value < below);
  if (fitting < present) return "quiet";
  if (present === of) return "fires";
  return present > 0 ? "missing" : "blind";
}

/** The highest point of the in window with the capacity after a scale-in; null where it has none. */
function projectedOf({ in: low }: Rule, points: readonly Point[], growth: number): number | null {
  if (low === null || points.length === 0) return null;
  const highest = points.slice(-low.of).reduce((most, { value }) => Math.max(most, value ?? 0), 0);
  return highest === 0 ? 0 : highest * growth;
}

/** Of the last so many points, how many are there, and of how many of them it is true. Ten thousand targets are judged in a minute. */
function tally(
  points: readonly Point[],
  count: number,
  fits: (value: number) => boolean,
): { present: number; fitting: number } {
  let present = 0;
  let fitting = 0;
  for (let place = Math.max(0, points.length - count); place < points.length; place++) {
    const value = points[place]?.value ?? null;
    if (value === null) continue;
    present += 1;
    if (fits(value)) fitting += 1;
  }
  return { present, fitting };
}

const always = () => true;

function newestOf(points: readonly Point[], periodSeconds: number, at: Instant): Judged["newest"] {
  const newest = points.findLast(({ value }) => value !== null);
  if (newest === undefined || newest.value === null) return null;
  const ageSeconds = (at - newest.at) / second - periodSeconds;
  return { at: newest.at, value: newest.value, ageSeconds };
}
