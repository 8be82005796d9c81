import type { Instant } from "../instant.ts";

// The words of scaling. A target is what can have more or less capacity; a rule is what one of its metrics says about that.

/** How out is told of one metric: every point of a window breaches, but for those that may be missing; or so many of the last. */
export interface OutCondition {
  above: number;
  /** So many points the window has. */
  of: number;
  /** So many of them must breach. */
  points: number;
  /** Whether one that does not breach makes it untrue: it is a duration, of which only missing points are forgiven. */
  sustained: boolean;
  /** As the policy words it, for example `for 10 min`. */
  words: string;
}

/** How in is told: every point of the window is there, and below. */
export interface InCondition {
  below: number;
  of: number;
  words: string;
}

/** What a metric's absence means: nothing is known, the queue sleeps, or there is no traffic. The last two are a value of zero. */
export type Absence = "unknown" | "idle" | "no-traffic";

/** One metric of a target, and the rule that it is part of. */
export interface Rule {
  metric: string;
  periodSeconds: number;
  settleSeconds: number;
  absence: Absence;
  /** Whether twice the capacity means half the value: then a scale-in is projected. */
  dividesByCapacity: boolean;
  /** Null where the metric's points are wider than what the rule is about: then nothing can be said. */
  out: OutCondition | null;
  in: InCondition | null;
}

/** What one target is held to, its configuration resolved. */
export interface TargetPolicy {
  name: string;
  rules: Rule[];
  minimum: number;
  /** Null: there is none. */
  maximum: number | null;
  /** A scale-out adds so many in a hundred, rounded down, and at least so many. */
  out: { percent: number; atLeast: number };
  in: { step: number };
  cooldownSeconds: { afterOut: number; afterIn: number };
  /** No scale-in until no point has been above an out threshold for so long; for longer when a scale-in proved to be a mistake. */
  stabilisation: { shortestMinutes: number; longestMinutes: number; forgetDays: number };
  projectionMargin: number;
}

/** A point of a series: null where there is none. How often its value was seen to change. */
export interface Point {
  at: Instant;
  value: number | null;
  revision: number;
}

/** What is known of one metric: the closed, aligned points up to `end`, the oldest first, without a gap in their stamps. */
export interface Series {
  metric: string;
  /** Exclusive: the instant at which the last point closed. */
  end: Instant;
  points: Point[];
  /** Why the metric could not be read; null when it could. */
  failure: string | null;
}

/** What AWS says of the target itself. */
export interface Facts {
  /** Null where it has none: a metric alone. */
  capacity: number | null;
  /** AWS's own bounds of it, which nothing can pass; null where it has none. */
  limits: { minimum: number; maximum: number } | null;
  /** Why nothing may be done to it, in a sentence each; null when nothing stands in the way. */
  deployment: string | null;
  foreign: string | null;
  freeze: string | null;
  /** It does not exist, or is being deleted. */
  gone: string | null;
  /** The least that the calendar asks for at this hour, and which entry does. */
  floor: { minimum: number; name: string } | null;
  /** Whether the load follows the capacity, so that a scale-in can be projected. */
  projects: boolean;
}

/** What is remembered of a target from one evaluation to the next. */
export interface Memory {
  lastOut: Instant | null;
  lastIn: Instant | null;
  /** When a point was last seen above an out threshold. */
  hotAt: Instant | null;
  /** For how long no point must have been above an out threshold before a scale-in. */
  stabilisationMinutes: number;
  /** When a scale-in was last followed by a scale-out within the hour. */
  regrettedAt: Instant | null;
}

export const holdReasons = [
  "cooldown",
  "minimum",
  "maximum",
  "projection",
  "missing-data",
  "deployment",
  "freeze",
  "foreign-autoscaler",
  "not-sustained",
] as const;

export type HoldReason = (typeof holdReasons)[number];

export type Verdict = "out" | "in" | "hold" | "unknown";

/** What a rule's window says: `fires`, `quiet`, or `missing` (what is there breaches, but too little is there), or `blind`. */
export type Outcome = "fires" | "quiet" | "missing" | "blind";

/** One metric in a decision. */
export interface Judged {
  metric: string;
  out: Outcome;
  in: Outcome;
  /** The newest point of the window, and how old it was. */
  newest: { at: Instant; value: number; ageSeconds: number } | null;
  /** The part of the longest window's points that are there, from 0 to 1. */
  coverage: number;
  /** The highest point of the in window, as it would be with the capacity after a scale-in; null where nothing is projected. */
  projected: number | null;
}

/** Everything that a decision came from: evaluated again, it gives the same decision, byte for byte. */
export interface Question {
  policy: TargetPolicy;
  series: Series[];
  /** Null while nobody has asked AWS about the target. */
  facts: Facts | null;
  memory: Memory;
  at: Instant;
}

export interface Decision {
  target: string;
  at: Instant;
  verdict: Verdict;
  /** Why a rule that held did not lead to anything; null where it did, or where none held. */
  reason: HoldReason | null;
  /** The rule that held, in the policy's words; null where none did. */
  rule: string | null;
  /** The whole of it in one sentence. */
  explanation: string;
  capacityBefore: number | null;
  capacityAfter: number | null;
  /** Until when a cooldown lasts; null outside of one. */
  cooldownUntil: Instant | null;
  metrics: Judged[];
}

/** A decision with all that it came from. */
export interface DecisionRecord {
  version: 1;
  question: Question;
  decision: Decision;
}
