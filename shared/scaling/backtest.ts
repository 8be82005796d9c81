import { type Instant, minute, second } from "../instant.ts";
import { blankMemory, evaluate } from "./evaluate.ts";
import { type Change, clockOf, lastPeriod, type Playback, playback, type Recording } from "./playback.ts";
import type { Decision, Facts, HoldReason, Memory, Point, Series, TargetPolicy } from "./types.ts";

/** A change that would have been made, and why. */
export interface BacktestDecision extends Change {
  rule: string;
  reason: string;
}

/** A time during which every evaluation came to the same. */
export interface Span {
  from: Instant;
  to: Instant;
  reason: HoldReason | "unknown";
}

export interface Backtest {
  playback: Playback;
  /** How far apart the evaluations are, and how many there were. */
  stepMinutes: number;
  evaluations: number;
  decisions: readonly BacktestDecision[];
  /** Evaluations for which a rule would have fired but was held, by reason. */
  held: Partial<Record<HoldReason, number>>;
  unknown: number;
  /** Evaluations whose window began before the recording did: that nothing was missing there is not known. */
  early: number;
  spans: readonly Span[];
}

export interface BacktestSetting {
  policy: TargetPolicy;
  initial: number;
  /** What the calendar says of the target at an instant. */
  calendar(at: Instant): Pick<Facts, "floor" | "freeze">;
}

/** A recording belongs to no target, so that the calendar says nothing of it. */
export const noCalendar: BacktestSetting["calendar"] = () => ({ floor: null, freeze: null });

/**
 * Evaluates a recording as a live target is evaluated: each time that a period of its finest metric closed and settled. An
 * open loop has a capacity that its metrics do not answer to, so nothing is projected in it.
 */
export function backtest(recording: Recording, { policy, initial, calendar }: BacktestSetting): Backtest {
  const played = playback(recording, initial);
  const { stepMinutes, firstClose, periods } = clockOf(recording.metrics);
  const settle = settleOf(recording, stepMinutes);
  const seriesAt = seriesOf(played);
  const decisions: BacktestDecision[] = [];
  const told = tally(stepMinutes);
  let memory: Memory = blankMemory(policy);
  for (let period = 0; period < periods; period += 1) {
    const at = firstClose + period * stepMinutes * minute + settle;
    const { series, isEarly } = seriesAt(at);
    const question = { policy, series, facts: { ...factsOf(played), ...calendar(at) }, memory, at };
    const evaluated = evaluate(question);
    memory = evaluated.memory;
    const { decision } = evaluated.record;
    told.add(decision, isEarly);
    const change = changeOf(decision);
    if (change === null) continue;
    played.change(at, change.direction, change.after);
    decisions.push(change);
  }
  return { playback: played, stepMinutes, evaluations: periods, decisions, ...told.result() };
}

/** How long the finest metric takes to settle: when it has, an evaluation sees it. */
function settleOf({ metrics }: Recording, stepMinutes: number): number {
  const finest = metrics.filter(({ grid }) => grid.stepMinutes === stepMinutes);
  return Math.max(0, ...finest.map(({ rule }) => rule.settleSeconds * second));
}

function factsOf(played: Playback): Omit<Facts, "floor" | "freeze"> {
  const free = { limits: null, deployment: null, foreign: null, gone: null };
  return { ...free, capacity: played.capacity(), projects: !played.isOpenLoop };
}

function changeOf({
  at,
  verdict,
  rule,
  explanation,
  capacityBefore,
  capacityAfter,
}: Decision): BacktestDecision | null {
  if ((verdict !== "out" && verdict !== "in") || capacityBefore === null || capacityAfter === null) return null;
  const reason = explanation;
  return { at, direction: verdict, before: capacityBefore, after: capacityAfter, rule: rule ?? reason, reason };
}

/** What each metric's window holds at an instant, and whether one of them reaches back to before the recording. */
function seriesOf(played: Playback): (at: Instant) => { series: Series[]; isEarly: boolean } {
  const windows = played.metrics.map(({ rule, grid }, metric) => {
    const length = Math.max(1, rule.out?.of ?? 0, rule.in?.of ?? 0);
    const points: Point[] = [];
    return (at: Instant) => {
      const last = lastPeriod(grid, at - rule.settleSeconds * second);
      for (let period = points.length; period <= last; period += 1) {
        const begins = grid.from + period * grid.stepMinutes * minute;
        points.push({ at: begins, value: played.value(metric, period), revision: 0 });
      }
      const shown = points.slice(Math.max(0, last + 1 - length), Math.max(0, last + 1));
      const end = grid.from + Math.max(0, last + 1) * grid.stepMinutes * minute;
      const series: Series = { metric: rule.metric, end, points: shown, failure: null };
      return { series, isEarly: shown.length < length };
    };
  });
  return (at) => {
    const seen = windows.map((window) => window(at));
    return { series: seen.map(({ series }) => series), isEarly: seen.some(({ isEarly }) => isEarly) };
  };
}

function tally(stepMinutes: number) {
  const held: Partial<Record<HoldReason, number>> = {};
  const counts = { unknown: 0, early: 0 };
  const spans: Span[] = [];
  return {
    add({ at, verdict, reason }: Decision, isEarly: boolean): void {
      const word = verdict === "unknown" ? "unknown" : reason;
      if (word === null) return;
      if (isEarly && (word === "missing-data" || word === "unknown")) {
        counts.early += 1;
        return;
      }
      if (word === "unknown") counts.unknown += 1;
      else held[word] = (held[word] ?? 0) + 1;
      const before = spans.at(-1);
      const to = at + stepMinutes * minute;
      if (before !== undefined && before.reason === word && before.to === at) before.to = to;
      else spans.push({ from: at, to, reason: word });
    },
    result: () => ({ held, ...counts, spans }),
  };
}
