import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { OperationName } from "../shared/operations.ts";
import { type AlarmId, describeAlarm } from "./alarms.ts";
import { allowAlarmsToPublish } from "./topics.ts";

export interface OperatorsProps {
  environment: string;
  key: IKey;
  /** Where docs/operating.md can be read. */
  runbook: string;
}

/**
 * When an alarm goes off: `at` or more (below, for `below`) in `periods` of the metric's last `outOf` periods. A period is a
 * minute unless the metric says otherwise.
 */
export interface Limit {
  at?: number;
  below?: number;
  periods: number;
  outOf?: number;
}

/**
 * Who is told when Nightshift itself is ill. Its alarms act on this topic directly, never through the functions that
 * they watch.
 */
export class Operators extends Construct {
  readonly topic: Topic;
  readonly #props: OperatorsProps;
  readonly #alarms = new Map<AlarmId, Alarm>();

  constructor(scope: Construct, id: string, props: OperatorsProps) {
    super(scope, id);
    this.#props = props;
    this.topic = new Topic(this, "Topic", {
      displayName: `Nightshift ${props.environment}: its own alarms`,
      masterKey: props.key,
      enforceSSL: true,
    });
    allowAlarmsToPublish(this.topic);
  }

  /** An alarm on one of our own metrics, with its runbook in its text. No data breaches only where life is proven by data. */
  watch(id: AlarmId, metric: IMetric, { at, below, periods, outOf = periods }: Limit): void {
    const alarm = new Alarm(this, id, {
      alarmName: `nightshift-${this.#props.environment}-${id}`,
      alarmDescription: describeAlarm(id, this.#props.runbook),
      metric,
      threshold: below ?? at ?? 1,
      comparisonOperator:
        below === undefined
          ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
          : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: outOf,
      datapointsToAlarm: periods,
      treatMissingData: below === undefined ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
    });
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    this.#alarms.set(id, alarm);
  }

  /** Those that watch one operation, as far as they have been made. */
  alarmsOf(operation: OperationName): Alarm[] {
    return [...this.#alarms].flatMap(([id, alarm]) => (id.startsWith(`${operation}-`) ? [alarm] : []));
  }
}

/** Every metric of ours is looked at minute by minute. */
export const everyMinute = { period: Duration.minutes(1) };
