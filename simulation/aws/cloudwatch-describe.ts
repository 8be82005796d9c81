import type {
  AlarmType,
  CompositeAlarm,
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
  LogAlarm,
  MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { type AlarmRecord, type Alarms, alarmsAt, type Home } from "./cloudwatch-alarms.ts";
import { checkName, invalidNextToken, refuseUnknownParameters, validation } from "./cloudwatch-errors.ts";

const parameters = new Set(["AlarmNames", "AlarmTypes", "StateValue", "MaxRecords", "NextToken"]);

// Source of the numbers: API reference, DescribeAlarms.
const defaultRecords = 50;
const maximumRecords = 100;
const maximumNames = 100;

/**
 * A page of the alarms of one account and region, in the order of their names. The order is ours, CloudWatch promises
 * none: a caller must not rely on it. A page begins after the last name of the page before, whatever came or went.
 */
export function describeAlarms(
  alarms: Alarms,
  home: Home,
  input: DescribeAlarmsCommandInput,
): DescribeAlarmsCommandOutput {
  check(input);
  const maximum = input.MaxRecords ?? defaultRecords;
  const after = input.NextToken === undefined ? null : nameIn(input.NextToken);
  const matches = matcher(input);
  const found = alarmsAt(alarms, home).filter((alarm) => (after === null || alarm.name > after) && matches(alarm));
  const page = found.slice(0, maximum);
  const last = page.at(-1);
  return {
    $metadata: { httpStatusCode: 200 },
    MetricAlarms: page.filter(({ type }) => type === "MetricAlarm").map(metricAlarm),
    CompositeAlarms: page.filter(({ type }) => type === "CompositeAlarm").map(compositeAlarm),
    LogAlarms: page.filter(({ type }) => type === "LogAlarm").map(logAlarm),
    ...(last !== undefined && found.length > page.length ? { NextToken: tokenAfter(last.name) } : {}),
  };
}

function check(input: DescribeAlarmsCommandInput): void {
  refuseUnknownParameters("DescribeAlarmsCommand", input, parameters);
  // The documentation does not say whether an empty list stands for all or for none, so nobody may ask.
  if (input.AlarmNames?.length === 0) throw new Error("the simulated CloudWatch does not implement empty AlarmNames");
  if (input.AlarmTypes?.length === 0) throw new Error("the simulated CloudWatch does not implement empty AlarmTypes");
  const records = input.MaxRecords ?? defaultRecords;
  if (!Number.isInteger(records) || records < 1 || records > maximumRecords) {
    throw validation(
      `Value '${records}' at 'maxRecords' failed to satisfy constraint: between 1 and ${maximumRecords}`,
    );
  }
  if ((input.AlarmNames?.length ?? 0) > maximumNames) {
    throw validation(`Value at 'alarmNames' failed to satisfy constraint: at most ${maximumNames} members`);
  }
  checkName("alarmNames", ...(input.AlarmNames ?? []));
}

/** Without types only metric alarms are meant: CloudWatch is older than its other alarms. */
function matcher(input: DescribeAlarmsCommandInput): (alarm: AlarmRecord) => boolean {
  const names = input.AlarmNames === undefined ? null : new Set(input.AlarmNames);
  const types = new Set<AlarmType>(input.AlarmTypes ?? ["MetricAlarm"]);
  return ({ name, type, state }) =>
    types.has(type) &&
    (names === null || names.has(name)) &&
    (input.StateValue === undefined || input.StateValue === state);
}

function common(alarm: AlarmRecord) {
  return {
    AlarmArn: alarm.arn,
    AlarmName: alarm.name,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: new Date(alarm.updatedAt),
    StateTransitionedTimestamp: new Date(alarm.stateAt),
    ActionsEnabled: alarm.actionsEnabled,
  };
}

function metricAlarm(alarm: AlarmRecord): MetricAlarm {
  return { ...common(alarm), EvaluationState: alarm.evaluationState };
}

function logAlarm(alarm: AlarmRecord): LogAlarm {
  return { ...common(alarm), EvaluationState: alarm.evaluationState };
}

function compositeAlarm(alarm: AlarmRecord): CompositeAlarm {
  const reason = alarm.suppressedBy === undefined ? undefined : `Actions suppressed by ${alarm.suppressedBy}`;
  return {
    ...common(alarm),
    AlarmRule: alarm.alarmRule,
    ActionsSuppressedBy: alarm.suppressedBy,
    ActionsSuppressedReason: reason,
  };
}

const tokenPrefix = "after:";

function tokenAfter(name: string): string {
  return Buffer.from(`${tokenPrefix}${name}`).toString("base64url");
}

function nameIn(token: string): string {
  const text = Buffer.from(token, "base64url").toString();
  if (!text.startsWith(tokenPrefix)) throw invalidNextToken();
  return text.slice(tokenPrefix.length);
}
