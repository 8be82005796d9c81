import {
  AlarmType,
  type CompositeAlarm,
  type DescribeAlarmsCommandOutput,
  type LogAlarm,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { parseAlarmArn } from "../../shared/delivery/arn.ts";
import {
  type Alarm,
  type AlarmMetric,
  type AlarmState,
  alarmStates,
  type Transition,
} from "../../shared/delivery/types.ts";
import type { Sight } from "../../shared/intake/blindness.ts";

/** An alarm as CloudWatch itself describes it. */
export interface Actual extends Sight {
  alarm: Alarm;
  reason: string;
  suppressedBy: string | null;
}

/** Without them CloudWatch means metric alarms alone. */
export const everyType = [AlarmType.MetricAlarm, AlarmType.CompositeAlarm, AlarmType.LogAlarm];
/** The most that one call describes. */
export const pageSize = 100;

/** All alarms of one answer, of whatever type. One without a name, state or stamp is none. */
export function actualAlarms({
  MetricAlarms,
  CompositeAlarms,
  LogAlarms,
}: Partial<DescribeAlarmsCommandOutput>): Actual[] {
  return [
    ...(MetricAlarms ?? []).flatMap((alarm) => actualOf(alarm, { metrics: metricsOf(alarm) }, alarm.EvaluationState)),
    ...(CompositeAlarms ?? []).flatMap((alarm) => actualOf(alarm, { alarmRule: alarm.AlarmRule ?? null }, undefined)),
    ...(LogAlarms ?? []).flatMap((alarm) => actualOf(alarm, {}, alarm.EvaluationState)),
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
  | "AlarmArn"
  | "AlarmName"
  | "StateValue"
  | "StateReason"
  | "StateUpdatedTimestamp"
  | "StateTransitionedTimestamp"
  | "ActionsEnabled"
> &
  Pick<CompositeAlarm, "ActionsSuppressedBy">;

function actualOf(
  described: Described,
  own: Partial<Pick<Alarm, "metrics" | "alarmRule">>,
  evaluation: string | undefined,
): Actual[] {
  const { AlarmArn: arn, AlarmName: name, StateValue, StateReason, ActionsEnabled, ActionsSuppressedBy } = described;
  const stamp = described.StateTransitionedTimestamp ?? described.StateUpdatedTimestamp;
  const state = alarmStates.find((each) => each === StateValue);
  const home = arn === undefined ? null : parseAlarmArn(arn);
  if (arn === undefined || name === undefined || state === undefined || stamp === undefined || home === null) return [];
  const { account, region } = home;
  return [
    {
      alarm: { arn, name, account, region, description: null, metrics: [], alarmRule: null, ...own },
      state,
      at: stamp.getTime(),
      reason: StateReason ?? "",
      suppressedBy: ActionsSuppressedBy ?? null,
      evaluation: evaluation ?? null,
      actionsEnabled: ActionsEnabled !== false,
    },
  ];
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
