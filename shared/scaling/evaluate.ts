import { day, type Instant, minute, second } from "../instant.ts";
import { cooldownUntil } from "./cooldown.ts";
import { type Held, held } from "./holds.ts";
import { judgeAll } from "./judge.ts";
import type { Decision, DecisionRecord, HoldReason, Judged, Memory, Question, Rule, TargetPolicy } from "./types.ts";
import { inWords, outWords, valuesOf } from "./words.ts";

/** What a target that was never evaluated remembers. */
export function blankMemory({ stabilisation }: TargetPolicy): Memory {
  const { shortestMinutes: stabilisationMinutes } = stabilisation;
  return { lastOut: null, lastIn: null, hotAt: null, stabilisationMinutes, regrettedAt: null };
}

/** What to do with a target at this instant, and what to remember of it. The same for a live target, a dry run and a back-test. */
export function evaluate(question: Question): { record: DecisionRecord; memory: Memory } {
  const metrics = judgeAll(question);
  const decision = decide(question, metrics);
  return { record: { version: 1, question, decision }, memory: remember(question, metrics, decision) };
}

/** Evaluates the record's question again: what comes out is the same record. */
export function replay({ question }: DecisionRecord): DecisionRecord {
  return evaluate(question).record;
}

/** Out is an OR, in is an AND of all metrics, and out wins; what is missing can lead to neither. */
function decide(question: Question, metrics: readonly Judged[]): Decision {
  const { policy, facts, at } = question;
  const decided = (
    rest: Omit<Decision, "target" | "at" | "metrics" | "capacityBefore" | "cooldownUntil">,
  ): Decision => ({
    target: policy.name,
    at,
    verdict: rest.verdict,
    reason: rest.reason,
    rule: rest.rule,
    explanation: rest.explanation,
    capacityBefore: facts?.capacity ?? null,
    capacityAfter: rest.capacityAfter,
    cooldownUntil: cooldownUntil(question),
    metrics: [...metrics],
  });
  const idle = { reason: null, rule: null, capacityAfter: facts?.capacity ?? null };
  if (facts !== null && facts.gone !== null) return decided({ ...idle, verdict: "unknown", explanation: facts.gone });
  const wish = belowFloor(question) ?? wishOf(question, metrics);
  if (wish.direction === null) return decided({ ...idle, ...wish });
  const { direction, rule, sentence } = wish;
  const obstacle = held(question, metrics, direction);
  if (obstacle !== null)
    return decided({ ...idle, verdict: "hold", rule, ...explained(obstacle, direction, sentence) });
  const after = capacityAfter(question, direction, wish.atLeast);
  const change = after === null ? "more capacity is advised" : `from ${facts?.capacity ?? 0} to ${after}`;
  const advice = direction === "in" && after === null ? "less capacity is advised" : change;
  return decided({
    verdict: direction,
    reason: null,
    rule,
    explanation: `${sentence}: ${advice}`,
    capacityAfter: after,
  });
}

type Wish =
  | { direction: "out" | "in"; rule: string; sentence: string; atLeast: number }
  | {
      direction: null;
      verdict: "hold" | "unknown";
      reason: HoldReason | null;
      rule: string | null;
      explanation: string;
    };

/** The calendar asks for more than there is: that needs no metric. */
function belowFloor({ facts, policy }: Question): Wish | null {
  if (facts === null || facts.capacity === null) return null;
  const floor = facts.floor !== null && facts.floor.minimum > policy.minimum ? facts.floor : null;
  const least = floor?.minimum ?? policy.minimum;
  if (facts.capacity >= least) return null;
  const rule = floor === null ? `at least ${least}` : `at least ${least} (${floor.name})`;
  return { direction: "out", rule, sentence: `its minimum is ${least}, and it has ${facts.capacity}`, atLeast: least };
}

function wishOf({ policy }: Question, metrics: readonly Judged[]): Wish {
  const ruleOf = ({ metric }: Judged): Rule | undefined => policy.rules.find((rule) => rule.metric === metric);
  const firing = metrics.filter((each) => each.out === "fires");
  if (firing.length > 0) {
    const rule = firing.map((each) => outWords(ruleOf(each))).join(" or ");
    return { direction: "out", rule, sentence: rule, atLeast: 0 };
  }
  const allIn = metrics.map((each) => inWords(ruleOf(each))).join(" and ");
  if (metrics.length > 0 && metrics.every((each) => each.in === "fires")) {
    return { direction: "in", rule: allIn, sentence: allIn, atLeast: 0 };
  }
  return { direction: null, ...quietly(policy, metrics, allIn) };
}

/** Nothing fires: whether that is known, and how near it is. */
function quietly(
  policy: TargetPolicy,
  metrics: readonly Judged[],
  allIn: string,
): Omit<Extract<Wish, { direction: null }>, "direction"> {
  const named = (each: readonly Judged[]) => each.map(({ metric }) => metric).join(", ");
  const halfOut = metrics.filter(({ out }) => out === "missing");
  const notLow = metrics.some((each) => each.in === "quiet");
  const halfIn = notLow ? [] : metrics.filter((each) => each.in !== "fires");
  const lows = metrics.filter((each) => each.in !== "blind");
  const partly = halfOut.length > 0 ? halfOut : halfIn.length > 0 && lows.length === metrics.length ? halfIn : [];
  if (partly.length > 0) {
    const rule = halfOut.length > 0 ? outWords(policy.rules.find(({ metric }) => metric === partly[0]?.metric)) : allIn;
    const explanation = `${rule} as far as is known, but points of ${named(partly)} are missing`;
    return { verdict: "hold", reason: "missing-data", rule, explanation };
  }
  const blind = metrics.filter(({ out, in: low }) => out === "blind" || (low === "blind" && !notLow));
  if (blind.length > 0) {
    const widest = blind.filter(({ metric }) => policy.rules.find((rule) => rule.metric === metric)?.out === null);
    const why = widest.length === blind.length ? "points are too wide for the rule" : "there is no data";
    return { verdict: "unknown", reason: null, rule: null, explanation: `${named(blind)}: ${why}` };
  }
  return notSustained(policy, metrics, allIn);
}

/** The newest points breach, but not for as long as the rule asks for. */
function notSustained(
  policy: TargetPolicy,
  metrics: readonly Judged[],
  allIn: string,
): Omit<Extract<Wish, { direction: null }>, "direction"> {
  const ruleOf = ({ metric }: Judged): Rule | undefined => policy.rules.find((rule) => rule.metric === metric);
  const now = (each: Judged) => each.newest?.value ?? Number.NaN;
  const hot = metrics.filter((each) => now(each) > (ruleOf(each)?.out?.above ?? Number.POSITIVE_INFINITY));
  const cold = metrics.every((each) => now(each) < (ruleOf(each)?.in?.below ?? Number.NEGATIVE_INFINITY));
  const rule = hot.length > 0 ? hot.map((each) => outWords(ruleOf(each))).join(" or ") : cold ? allIn : null;
  if (rule === null) return { verdict: "hold", reason: null, rule, explanation: `no rule holds: ${valuesOf(metrics)}` };
  const explanation = `${rule}: not for so long yet (${valuesOf(metrics)})`;
  return { verdict: "hold", reason: "not-sustained", rule, explanation };
}

function explained({ reason, why }: Held, direction: "out" | "in", sentence: string) {
  return { reason, explanation: `${sentence}, but no scale-${direction}: ${why}` };
}

function capacityAfter({ policy, facts }: Question, direction: "out" | "in", atLeast: number): number | null {
  const before = facts?.capacity ?? null;
  if (before === null) return null;
  const limits = facts?.limits ?? null;
  if (direction === "in")
    return Math.max(before - policy.in.step, policy.minimum, limits?.minimum ?? 0, facts?.floor?.minimum ?? 0);
  // Rounded down, as AWS rounds a percentage; in whole numbers, so that nothing is lost to the fractions of a computer.
  const step = Math.max(policy.out.atLeast, Math.floor((before * policy.out.percent) / 100));
  return Math.min(
    Math.max(atLeast > 0 ? atLeast : before + step, before),
    policy.maximum ?? Number.POSITIVE_INFINITY,
    limits?.maximum ?? Number.POSITIVE_INFINITY,
  );
}

/** A scale-in that is followed by a scale-out within this time was a mistake. */
export const regretMs = 60 * minute;

function remember(question: Question, metrics: readonly Judged[], { verdict }: Decision): Memory {
  const { policy, memory, at } = question;
  const { shortestMinutes, longestMinutes, forgetDays } = policy.stabilisation;
  const hotAt = hottest(question);
  if (verdict === "out") {
    // What the calendar asks for says nothing of the load.
    const isByLoad = metrics.some(({ out }) => out === "fires");
    const isRegretted = isByLoad && memory.lastIn !== null && at - memory.lastIn <= regretMs;
    const learnt = isRegretted ? { stabilisationMinutes: longestMinutes, regrettedAt: at } : {};
    return { ...memory, lastOut: at, hotAt, ...learnt };
  }
  if (verdict !== "in") return { ...memory, hotAt };
  const isForgotten = memory.regrettedAt !== null && at - memory.regrettedAt > forgetDays * day;
  const learnt = isForgotten ? { stabilisationMinutes: shortestMinutes, regrettedAt: null } : {};
  return { ...memory, lastIn: at, hotAt, ...learnt };
}

/**
 * When the youngest point above an out threshold closed. A single one counts: what is that near may hold the next time. All of the window
 * is looked at, so that nothing is missed where a target is not evaluated every minute.
 */
function hottest({ policy, series, memory }: Question): Instant | null {
  let hottest = memory.hotAt;
  for (const { metric, out, periodSeconds } of policy.rules) {
    const own = out === null ? undefined : series.find((each) => each.metric === metric && each.failure === null);
    const hot = own?.points.findLast(({ value }) => value !== null && out !== null && value > out.above);
    if (hot !== undefined) hottest = Math.max(hottest ?? 0, hot.at + periodSeconds * second);
  }
  return hottest;
}
