import type { AlarmState } from "../../shared/delivery/types.ts";
import { day, type Instant, iso, minute, second } from "../../shared/instant.ts";
import type { Severity } from "../../shared/severity.ts";
import type { Tags } from "../../simulation/mirror.ts";

// What CloudWatch and our own functions write, in few words. Every story begins on Monday 1 June 2026 at 10:00 UTC.

export const start = Date.parse("2026-06-01T10:00:00.000Z");
export const account = "111122223333";
export const region = "eu-west-1";

/** So many minutes and seconds after the story began. */
export function at(minutes: number, seconds = 0): Instant {
  return start + minutes * minute + seconds * second;
}

export function arnOf(name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
}

export function muteRuleArn(name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm-mute-rule:${name}`;
}

export interface Telling {
  previous?: AlarmState | null;
  reason?: string;
  /** The rule of a composite alarm. */
  rule?: string;
  /** A mute rule, by its name, and when its window ends. */
  mute?: { rule: string; until: Instant };
  /** What CloudWatch says keeps a composite's actions quiet: WaitPeriod, ExtensionPeriod or Alarm. */
  suppressedBy?: string;
  previouslySuppressedBy?: string;
}

const other: Record<AlarmState, AlarmState> = { ALARM: "OK", OK: "ALARM", INSUFFICIENT_DATA: "OK" };

/** EventBridge's event of a state change. */
export function event(name: string, state: AlarmState, when: Instant, telling: Telling = {}) {
  const previous = telling.previous === undefined ? other[state] : telling.previous;
  return {
    ...envelope("CloudWatch Alarm State Change", name, when),
    detail: {
      alarmName: name,
      configuration: configurationOf(telling.rule),
      state: { ...stateOf(state, when, telling), ...suppression(telling.suppressedBy) },
      ...(previous === null
        ? {}
        : {
            previousState: {
              ...stateOf(previous, when - minute, {}),
              ...suppression(telling.previouslySuppressedBy),
            },
          }),
      ...(telling.mute === undefined ? {} : { muteDetail: muteDetail(telling.mute, when) }),
    },
  };
}

export function fires(name: string, when: Instant, telling: Telling = {}) {
  return event(name, "ALARM", when, telling);
}

export function clears(name: string, when: Instant, telling: Telling = {}) {
  return event(name, "OK", when, telling);
}

export function blinds(name: string, when: Instant, telling: Telling = {}) {
  return event(name, "INSUFFICIENT_DATA", when, telling);
}

/** EventBridge's event of one series of an alarm. */
export function contributor(name: string, id: string, state: "OK" | "ALARM", when: Instant) {
  return {
    ...envelope("CloudWatch Alarm Contributor State Change", name, when),
    detail: {
      alarmName: name,
      alarmContributor: { id, attributes: { endpoint: `/${id}` } },
      configuration: { queryString: "stats count(*) by endpoint" },
      state: stateOf(state, when, {}),
    },
  };
}

/** EventBridge's event of an alarm that was created, changed or deleted. */
export function change(name: string, operation: "create" | "update" | "delete", when: Instant, rule?: string) {
  return {
    ...envelope("CloudWatch Alarm Configuration Change", name, when),
    detail: { alarmName: name, operation, configuration: configurationOf(rule) },
  };
}

/** The message that CloudWatch publishes to an SNS topic. */
export function topic(name: string, state: AlarmState, when: Instant, telling: Telling = {}) {
  return {
    AlarmName: name,
    AlarmDescription: null,
    AWSAccountId: account,
    NewStateValue: state,
    NewStateReason: telling.reason ?? "Threshold Crossed",
    StateChangeTime: stamp(when),
    Region: "EU (Ireland)",
    AlarmArn: arnOf(name),
    OldStateValue: telling.previous ?? other[state],
    ...(telling.rule === undefined
      ? { Trigger: { MetricName: "Load", Namespace: "Shop", Dimensions: [], Period: 60, Threshold: 1 } }
      : { AlarmRule: telling.rule, TriggeringChildren: [] }),
  };
}

/** The document with which CloudWatch invokes a Lambda function. */
export function action(name: string, state: AlarmState, when: Instant, telling: Telling = {}) {
  return {
    source: "aws.cloudwatch",
    alarmArn: arnOf(name),
    accountId: account,
    time: stamp(when),
    region,
    alarmData: {
      alarmName: name,
      state: stateOf(state, when, telling),
      previousState: stateOf(telling.previous ?? other[state], when - minute, {}),
      configuration: configurationOf(telling.rule),
    },
  };
}

export function finding(
  state: "raised" | "cleared",
  when: Instant,
  more: { operation?: string; rule?: string; resource?: string; severity?: Severity } = {},
) {
  const { operation = "audit-secrets", rule = "too-old", resource = "database-password", severity = "P1" } = more;
  const said = { message: "it is 120 days old", remedy: "rotate it" };
  return { version: 1, operation, rule, resource, state, severity, ...said, at: iso(when) };
}

/** The rule of a composite alarm that is red when one of these is. */
export function anyOf(...names: string[]): string {
  return names.map((name) => `ALARM("${name}")`).join(" OR ");
}

/** The tags of alarms: a tier, a service, or both with a blank between them, as in "critical checkout". */
export function tagged(tags: Record<string, string>): Tags {
  const entries = Object.entries(tags).map(([name, text]) => {
    const [tier = "", service = ""] = text.split(" ");
    const own = { ...(tier === "" ? {} : { "nightshift:tier": tier }) };
    return [arnOf(name), service === "" ? own : { ...own, "nightshift:service": service }];
  });
  return Object.fromEntries(entries);
}

export const tierOf = { P0: "critical", P1: "high", P2: "medium", P3: "low" } as const;

/** A document of no shape that anybody described. */
export function nonsense(when: Instant, text = "?") {
  return { source: "aws.health", "detail-type": text, time: iso(when), detail: {} };
}

/** A day that the calendar of a story knows by its distance from Monday 1 June, and a time of it in UTC. */
export function onDay(days: number, time: string): Instant {
  return Date.parse(`${iso(start + days * day).slice(0, 10)}T${time}:00.000Z`);
}

function envelope(type: string, name: string, when: Instant) {
  return {
    version: "0",
    id: "5f1c2d34-0a1b-4c2d-9e3f-179893457225",
    "detail-type": type,
    source: "aws.cloudwatch",
    account,
    time: `${iso(when).slice(0, 19)}Z`,
    region,
    resources: [arnOf(name)],
  };
}

function configurationOf(rule: string | undefined) {
  if (rule !== undefined) return { alarmRule: rule, actionsSuppressor: "deployment-running" };
  const metric = { namespace: "Shop", name: "Load", dimensions: {} };
  return { metrics: [{ id: "m1", metricStat: { metric, period: 60, stat: "Average" }, returnData: true }] };
}

function stateOf(value: AlarmState, when: Instant, { reason = "Threshold Crossed" }: Telling) {
  return { value, reason, timestamp: stamp(when) };
}

function suppression(by: string | undefined) {
  return by === undefined ? {} : { actionsSuppressedBy: by, actionsSuppressedReason: "because" };
}

function muteDetail({ rule, until }: { rule: string; until: Instant }, when: Instant) {
  return { mutedByArn: muteRuleArn(rule), muteWindowStart: stamp(when - minute), muteWindowEnd: stamp(until) };
}

function stamp(when: Instant): string {
  return iso(when).replace("Z", "+0000");
}
