import { alarmArn } from "../../../shared/delivery/arn.ts";
import type { AlarmRecord } from "../../../simulation/aws/cloudwatch-alarms.ts";

export const account = "111122223333";
export const region = "eu-west-1";
export const at = Date.UTC(2026, 0, 1);

/** A metric alarm at rest, unless told otherwise. */
export function alarm(name: string, change: Partial<AlarmRecord> = {}): AlarmRecord {
  const arn = alarmArn(account, region, name);
  const state = { state: "OK", stateAt: at, updatedAt: at, reason: "threshold kept" } as const;
  return { arn, name, type: "MetricAlarm", ...state, actionsEnabled: true, tags: {}, ...change };
}

export const composite = (name: string): AlarmRecord =>
  alarm(name, { type: "CompositeAlarm", alarmRule: 'ALARM("cpu")' });
