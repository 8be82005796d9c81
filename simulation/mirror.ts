import { ActionsSuppressedBy, AlarmType } from "@aws-sdk/client-cloudwatch";
import type { ConfigurationChange, Delivery, Transition } from "../shared/delivery/types.ts";
import { type AlarmRecord, blankRecord, hear, lastTransition, shownState } from "../shared/incident/record.ts";
import { muteRulePattern, type SimulatedCloudWatch } from "./aws/cloudwatch.ts";

export interface Mirror {
  /** Lets the simulated CloudWatch hold what a delivery says of an alarm, unless it holds something newer. */
  reflect(delivery: Delivery): void;
}

/** By the ARN of the alarm. */
export type Tags = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function createMirror(cloudwatch: SimulatedCloudWatch, tags: Tags): Mirror {
  // What each alarm and each of its contributors said: an alarm is red as long as one of them is.
  const records = new Map<string, AlarmRecord>();
  return {
    reflect(delivery) {
      if (delivery.type === "transition") mirrorTransition(cloudwatch, delivery, tags, records);
      else if (delivery.type === "configuration") mirrorChange(cloudwatch, delivery, tags);
    },
  };
}

function mirrorTransition(
  cloudwatch: SimulatedCloudWatch,
  transition: Transition,
  tags: Tags,
  records: Map<string, AlarmRecord>,
): void {
  const { alarm, at, reason, mute, contributor } = transition;
  if (mute !== null && muteRulePattern.test(mute.by)) cloudwatch.putMuteRule(mute.by, { status: "ACTIVE" });
  const before = records.get(alarm.arn) ?? blankRecord(alarm.arn, alarm.name, "alarm");
  const heard = { state: transition.state, at, mute, source: contributor?.id ?? "", provesNoMute: false };
  const record = hear(before, heard);
  records.set(alarm.arn, record);
  const known = cloudwatch.find(alarm.arn);
  const isOld = known !== undefined && known.stateAt > at;
  const held = alarm.alarmRule === null || mute === null ? undefined : suppressor(mute.by);
  // Only a composite alarm is suppressed, and this one may have been one before.
  const suppressedBy = alarm.alarmRule === null ? undefined : isOld ? known.suppressedBy : held;
  cloudwatch.put({
    arn: alarm.arn,
    name: alarm.name,
    type: alarm.alarmRule === null ? AlarmType.MetricAlarm : AlarmType.CompositeAlarm,
    state: shownState(record),
    stateAt: lastTransition(record),
    updatedAt: lastTransition(record),
    reason: isOld ? known.reason : reason,
    ...(alarm.alarmRule === null ? {} : { alarmRule: alarm.alarmRule }),
    ...(suppressedBy === undefined ? {} : { suppressedBy }),
    actionsEnabled: true,
    tags: Object.hasOwn(tags, alarm.arn) ? (tags[alarm.arn] ?? {}) : {},
  });
}

function mirrorChange(
  cloudwatch: SimulatedCloudWatch,
  { operation, alarm, at }: ConfigurationChange,
  tags: Tags,
): void {
  const known = cloudwatch.find(alarm.arn);
  if (operation === "delete") {
    if (known === undefined || known.stateAt <= at + 999) cloudwatch.remove(alarm.arn);
    return;
  }
  if (known !== undefined || alarm.alarmRule === null) return;
  cloudwatch.put({
    arn: alarm.arn,
    name: alarm.name,
    type: AlarmType.CompositeAlarm,
    state: "OK",
    stateAt: at,
    updatedAt: at,
    reason: "",
    alarmRule: alarm.alarmRule,
    actionsEnabled: true,
    tags: Object.hasOwn(tags, alarm.arn) ? (tags[alarm.arn] ?? {}) : {},
  });
}

function suppressor(by: string): ActionsSuppressedBy | undefined {
  if (by.includes(":alarm-mute-rule:")) return undefined;
  return Object.values(ActionsSuppressedBy).find((known) => known === by) ?? ActionsSuppressedBy.Alarm;
}
