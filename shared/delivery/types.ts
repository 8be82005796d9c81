import type { Instant } from "../instant.ts";
import type { Severity } from "../severity.ts";

export const alarmStates = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;
export type AlarmState = (typeof alarmStates)[number];

/** The way a delivery came in: EventBridge, the alarm's Lambda action, SNS, our own findings, the reconciling sweep. */
export type Door = "event" | "action" | "topic" | "finding" | "reconcile" | "unknown";

export interface AlarmMetric {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
}

/** What a delivery tells of the alarm itself. */
export interface Alarm {
  arn: string;
  name: string;
  account: string;
  region: string;
  description: string | null;
  /** Every metric that the alarm reads; empty for composite, log and PromQL alarms. */
  metrics: AlarmMetric[];
  /** The rule of a composite alarm, else null. */
  alarmRule: string | null;
}

/** CloudWatch keeps the alarm's actions quiet: a mute rule (end known), or a composite's suppressor (end unknown). */
export interface Mute {
  by: string;
  until: Instant | null;
}

export interface Transition {
  type: "transition";
  door: Door;
  alarm: Alarm;
  /** One series of a multi-series alarm; null when the alarm itself speaks. */
  contributor: { id: string; attributes: Record<string, string> } | null;
  state: AlarmState;
  reason: string;
  /** The state's own stamp. */
  at: Instant;
  /** Null when the delivery does not say: it then matches any. */
  previous: AlarmState | null;
  mute: Mute | null;
}

/** An alarm was created, changed or deleted; only a deletion changes an incident, but a rule is always learnt from. */
export interface ConfigurationChange {
  type: "configuration";
  door: Door;
  operation: "create" | "update" | "delete";
  alarm: Alarm;
  /** The envelope's time. */
  at: Instant;
}

/** What an auditing function found wrong with one resource, or found mended. */
export interface Finding {
  type: "finding";
  door: "finding";
  operation: string;
  rule: string;
  resource: string;
  state: "raised" | "cleared";
  severity: Severity;
  message: string;
  remedy: string;
  at: Instant;
}

/** Valid JSON of a shape that nobody described: it opens an incident rather than being dropped. */
export interface Unparsed {
  type: "unparsed";
  door: Door;
  /** The first failing path, for example `detail.state.value`. */
  path: string;
  problem: string;
  /** The envelope's time where one could be read. */
  at: Instant | null;
  raw: unknown;
}

/** One innermost delivery. */
export type Delivery = Transition | ConfigurationChange | Finding | Unparsed;
