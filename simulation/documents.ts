import type { AlarmState, Mute } from "../shared/delivery/types.ts";
import { type Instant, iso } from "../shared/instant.ts";
import { account, type EstateAlarm, region } from "./estate.ts";

// Documents in the shapes that CloudWatch sends: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
// and https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html.

/** One transition, as the simulated CloudWatch knows it. */
export interface Happening {
  alarm: EstateAlarm;
  state: AlarmState;
  previous: AlarmState;
  at: Instant;
  reason: string;
  mute: Mute | null;
  contributor?: { id: string; attributes: Record<string, string> };
}

/** Whose alarms they are. */
export interface Place {
  account: string;
  region: string;
}

const home: Place = { account, region };

export function eventOf(happening: Happening, id: string, place = home): object {
  const { alarm, state, previous, at, reason, mute, contributor } = happening;
  const isRule = mute?.by.includes(":alarm-mute-rule:") === true;
  const suppressed = mute !== null && !isRule ? { actionsSuppressedBy: mute.by } : {};
  const own = { value: state, reason, timestamp: stamp(at), ...suppressed };
  return {
    ...envelope(contributor === undefined ? "State Change" : "Contributor State Change", alarm.name, at, id, place),
    detail: {
      alarmName: alarm.name,
      configuration: configurationOf(alarm),
      state: own,
      ...(contributor === undefined
        ? { previousState: { value: previous, reason: "", timestamp: stamp(at - 60_000) } }
        : { alarmContributor: contributor }),
      ...(isRule
        ? { muteDetail: { mutedByArn: mute.by, muteWindowStart: stamp(at), muteWindowEnd: stamp(mute.until ?? at) } }
        : {}),
    },
  };
}

export function deletionOf(alarm: EstateAlarm, at: Instant, id: string, place = home): object {
  return {
    ...envelope("Configuration Change", alarm.name, at, id, place),
    detail: { alarmName: alarm.name, operation: "delete", configuration: configurationOf(alarm) },
  };
}

export function topicMessageOf({ alarm, state, previous, at, reason }: Happening): object {
  return {
    AlarmName: alarm.name,
    AlarmDescription: null,
    AWSAccountId: account,
    NewStateValue: state,
    NewStateReason: reason,
    StateChangeTime: stamp(at),
    Region: "EU (Ireland)",
    AlarmArn: arnAt(home, alarm.name),
    OldStateValue: previous,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Trigger: { MetricName: alarm.metric, Namespace: alarm.namespace, Dimensions: [] },
  };
}

/** As SNS puts a message into a queue. */
export function notificationOf(message: object, at: Instant): object {
  const TopicArn = `arn:aws:sns:${region}:${account}:alarms`;
  return { Type: "Notification", TopicArn, Message: JSON.stringify(message), Timestamp: iso(at) };
}

export function actionOf({ alarm, state, previous, at, reason }: Happening, place = home): object {
  return {
    source: "aws.cloudwatch",
    alarmArn: arnAt(place, alarm.name),
    accountId: place.account,
    time: stamp(at),
    region: place.region,
    alarmData: {
      alarmName: alarm.name,
      state: { value: state, reason, timestamp: stamp(at) },
      previousState: { value: previous, reason: "", timestamp: stamp(at - 60_000) },
      configuration: configurationOf(alarm),
    },
  };
}

export function findingOf(resource: string, state: "raised" | "cleared", at: Instant): object {
  return {
    version: "0",
    "detail-type": "Finding",
    source: "nightshift",
    account,
    region,
    time: iso(at),
    detail: {
      ...{ version: 1, operation: "verify-backups", rule: "older-than-rpo", resource, state, severity: "P2" },
      ...{ message: "the newest recovery point is too old", remedy: "see the backup job's last run", at: iso(at) },
    },
  };
}

/** What nobody described. */
export function strangeOf(at: Instant): object {
  return { source: "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change", time: iso(at), detail: { v: 2 } };
}

function envelope(type: string, name: string, at: Instant, id: string, place: Place): object {
  return {
    ...{ version: "0", id, "detail-type": `CloudWatch Alarm ${type}`, source: "aws.cloudwatch", ...place },
    time: `${iso(at).slice(0, 19)}Z`,
    resources: [arnAt(place, name)],
  };
}

function arnAt({ account: owner, region: at }: Place, name: string): string {
  return `arn:aws:cloudwatch:${at}:${owner}:alarm:${name}`;
}

function configurationOf({ namespace, metric, alarmRule }: EstateAlarm): object {
  if (alarmRule !== undefined) return { alarmRule };
  const metricStat = { metric: { namespace, name: metric, dimensions: {} }, period: 60, stat: "Average" };
  return { metrics: [{ id: "m1", metricStat, returnData: true }] };
}

/** CloudWatch writes the offset without a colon. */
function stamp(at: Instant): string {
  return iso(at).replace("Z", "+0000");
}
