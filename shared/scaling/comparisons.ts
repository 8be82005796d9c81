import { minute, second } from "../instant.ts";
import { type AlarmState, alarmState, type Breach, furtherPeriods } from "./alarm.ts";
import type { BacktestSetting } from "./backtest.ts";
import { clockOf, lastPeriod, type Playback, playback, type Recording } from "./playback.ts";
import type { TargetPolicy } from "./types.ts";

// What others would have done with the same recording, the same thresholds, steps and bounds.

/**
 * A pair of CloudWatch alarms for each metric, with missing data treated as missing, as it is unless stated: out while one of
 * the out alarms is in ALARM, in while all of the in alarms are. They act every minute, with the cooldown of step scaling.
 */
export function alarmPairs(recording: Recording, { policy, initial }: BacktestSetting): Playback {
  const played = playback(recording, initial);
  const { stepMinutes, firstClose, periods } = clockOf(recording.metrics);
  const alarms = recording.metrics.map((_, metric) => alarmPair(played, metric));
  const seconds = stepScalingCooldownSeconds;
  const cooldown: Cooldown = { afterOutSeconds: seconds, afterInSeconds: { out: 0, in: seconds } };
  for (let ticks = 0; ticks <= (periods - 1) * stepMinutes; ticks += 1) {
    const at = firstClose + ticks * minute;
    const states = alarms.map((pair) => pair(at));
    const isIn = states.length > 0 && states.every(({ low }) => low === "ALARM");
    const direction = states.some(({ high }) => high === "ALARM") ? "out" : isIn ? "in" : null;
    act(played, policy, cooldown, { at, direction });
  }
  return played;
}

/**
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepScalingPolicyConfiguration.html: so long unless stated. A
 * scale-out during the cooldown after a scale-in is done at once, and ends that cooldown.
 */
const stepScalingCooldownSeconds = 300;

/** A poller that looks at the newest point alone and takes one that is missing for nothing, with the policy's own cooldowns. */
export function latestPoint(recording: Recording, { policy, initial }: BacktestSetting): Playback {
  const played = playback(recording, initial);
  const { stepMinutes, firstClose, periods } = clockOf(recording.metrics);
  const { afterOut, afterIn } = policy.cooldownSeconds;
  const cooldown: Cooldown = { afterOutSeconds: afterOut, afterInSeconds: { out: afterIn, in: afterIn } };
  for (let period = 0; period < periods; period += 1) {
    const at = firstClose + period * stepMinutes * minute;
    const newest = recording.metrics.map(({ rule, grid }, metric) => {
      const value = played.value(metric, lastPeriod(grid, at)) ?? 0;
      return { isHigh: rule.out !== null && value > rule.out.above, isLow: rule.in !== null && value < rule.in.below };
    });
    const isIn = newest.length > 0 && newest.every(({ isLow }) => isLow);
    const direction = newest.some(({ isHigh }) => isHigh) ? "out" : isIn ? "in" : null;
    act(played, policy, cooldown, { at, direction });
  }
  return played;
}

type AlarmPair = (at: number) => { high: AlarmState; low: AlarmState };

/** A metric's two alarms; they are looked at anew when one of its periods closes. */
function alarmPair(played: Playback, metric: number): AlarmPair {
  const recorded = played.metrics[metric];
  const states: { high: AlarmState; low: AlarmState } = { high: "INSUFFICIENT_DATA", low: "INSUFFICIENT_DATA" };
  if (recorded === undefined) return () => states;
  const { rule, grid } = recorded;
  const range = Math.max(rule.out?.of ?? 0, rule.in?.of ?? 0) + furtherPeriods;
  let seen = -1;
  return (at) => {
    const last = lastPeriod(grid, at);
    if (last <= seen) return states;
    seen = last;
    const first = Math.max(0, last + 1 - range);
    const values = Array.from({ length: last + 1 - first }, (_, index) => played.value(metric, first + index));
    if (rule.out !== null) {
      const { above, of, points, sustained } = rule.out;
      const breaches = values.map((value): Breach => (value === null ? null : value > above));
      states.high = alarmState(breaches, pairOf(of, sustained ? of : points), states.high);
    }
    if (rule.in !== null) {
      const { below, of } = rule.in;
      const breaches = values.map((value): Breach => (value === null ? null : value < below));
      states.low = alarmState(breaches, pairOf(of, of), states.low);
    }
    return states;
  };
}

function pairOf(evaluationPeriods: number, datapointsToAlarm: number) {
  return { evaluationPeriods, datapointsToAlarm, treatMissingData: "missing" as const };
}

interface Cooldown {
  afterOutSeconds: number;
  /** For how long after a scale-in each direction waits. */
  afterInSeconds: { out: number; in: number };
}

interface Move {
  at: number;
  direction: "out" | "in" | null;
}

/** Steps and bounds are the policy's. */
function act(played: Playback, policy: TargetPolicy, cooldown: Cooldown, { at, direction }: Move): void {
  if (direction === null) return;
  const last = played.changes.at(-1);
  const seconds = last?.direction === "out" ? cooldown.afterOutSeconds : cooldown.afterInSeconds[direction];
  if (last !== undefined && at < last.at + seconds * second) return;
  const before = played.capacity();
  const step = Math.max(policy.out.atLeast, Math.floor((before * policy.out.percent) / 100));
  const most = Math.min(before + step, Math.max(before, policy.maximum ?? Number.POSITIVE_INFINITY));
  const least = Math.max(before - policy.in.step, Math.min(before, policy.minimum));
  const after = direction === "out" ? most : least;
  if (after !== before) played.change(at, direction, after);
}
