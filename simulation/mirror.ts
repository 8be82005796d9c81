import { ActionsSuppressedBy, AlarmType } from "@aws-sdk/client-cloudwatch";
import type { ConfigurationChange, Delivery, Transition } from "../shared/delivery/types.ts";
import type { SimulatedCloudWatch } from "./aws/cloudwatch.ts";

/** Lets the simulated CloudWatch hold what a delivery says of an alarm, unless it holds something newer. */
export function mirror(cloudwatch: SimulatedCloudWatch, delivery: Delivery, tags: Tags): void {
  if (delivery.type === "transition") mirrorTransition(cloudwatch, delivery, tags);
  else if (delivery.type === "configuration") mirrorChange(cloudwatch, delivery, tags);
}

/** By the ARN of the alarm. */
export type Tags = Readonly<Record<string, Readonly<Record<string, string>>>>;

function mirrorTransition(cloudwatch: SimulatedCloudWatch, transition: Transition, tags: Tags): void {
  const { alarm, at, reason, mute, contributor } = transition;
  const known = cloudwatch.find(alarm.arn);
  if (mute?.by.includes(":alarm-mute-rule:")) cloudwatch.putMuteRule(mute.by, { status: "ACTIVE" });
  if (known !== undefined && known.stateAt > at) return;
  // One contributor's OK does not tell whether the alarm itself is OK.
  const state = contributor !== null && transition.state === "OK" ? (known?.state ?? "OK") : transition.state;
  const suppressedBy = alarm.alarmRule === null || mute === null ? undefined : suppressor(mute.by);
  cloudwatch.put({
    arn: alarm.arn,
    name: alarm.name,
    type: alarm.alarmRule === null ? AlarmType.MetricAlarm : AlarmType.CompositeAlarm,
    state,
    stateAt: at,
    updatedAt: at,
    reason,
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
