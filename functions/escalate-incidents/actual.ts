import type { CompositeAlarm, DescribeAlarmsCommandOutput, LogAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { parseAlarmArn } from "../../shared/delivery/arn.ts";
import {
  type Alarm,
  type AlarmMetric,
  type AlarmState,
  alarmStates,
  type Transition,
} from "../../shared/delivery/types.ts";
import type { Instant } from "../../shared/instant.ts";

/** An alarm as CloudWatch itself describes it. */
export interface Actual {
  alarm: Alarm;
  state: AlarmState;
  /** The stamp of its last transition. */
  at: Instant;
  reason: string;
  suppressedBy: string | null;
}

/** All alarms of one answer, of whatever type. One without a name, state or stamp is none. */
export function actualAlarms({
  MetricAlarms,
  CompositeAlarms,
  LogAlarms,
}: Partial<DescribeAlarmsCommandOutput>): Actual[] {
  return [
    ...(MetricAlarms ?? []).flatMap((alarm) => actualOf(alarm, metricsOf(alarm), null, null)),
    ...(CompositeAlarms ?? []).flatMap((alarm) =>
      actualOf(alarm, [], alarm.AlarmRule ?? null, alarm.ActionsSuppressedBy ?? null),
    ),
    ...(LogAlarms ?? []).flatMap((alarm) => actualOf(alarm, [], null, null)),
  ];
}

/** What nobody delivered, as if it had been. */
export function transitionFrom(
  { alarm, state, at, reason, suppressedBy }: Actual,
  previous: AlarmState | null,
): Transition {
  const mute = suppressedBy === null ? null : { by: suppressedBy, until: null };
  return { type: "transition", door: "reconcile", alarm, contributor: null, state, reason, at, previous, mute };
}

type Described = Pick<
  MetricAlarm | CompositeAlarm | LogAlarm,
  "AlarmArn" | "AlarmName" | "StateValue" | "StateReason" | "StateUpdatedTimestamp" | "StateTransitionedTimestamp"
>;

function actualOf(
  described: Described,
  metrics: AlarmMetric[],
  alarmRule: string | null,
  suppressedBy: string | null,
): Actual[] {
  const { AlarmArn: arn, AlarmName: name, StateValue, StateReason } = described;
  const stamp = described.StateTransitionedTimestamp ?? described.StateUpdatedTimestamp;
  const state = alarmStates.find((each) => each === StateValue);
  const home = arn === undefined ? null : parseAlarmArn(arn);
  if (arn === undefined || name === undefined || state === undefined || stamp === undefined || home === null) return [];
  const { account, region } = home;
  const alarm = { arn, name, account, region, description: null, metrics, alarmRule };
  return [{ alarm, state, at: stamp.getTime(), reason: StateReason ?? "", suppressedBy }];
}

function metricsOf({ Namespace, MetricName, Dimensions, Metrics }: MetricAlarm): AlarmMetric[] {
  const own = MetricName === undefined ? [] : [{ Namespace, MetricName, Dimensions }];
  const inner = (Metrics ?? []).flatMap(({ MetricStat }) => (MetricStat?.Metric ? [MetricStat.Metric] : []));
  return [...own, ...inner].map((metric) => ({
    namespace: metric.Namespace ?? "",
    name: metric.MetricName ?? "",
    dimensions: Object.fromEntries((metric.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value])),
  }));
}
