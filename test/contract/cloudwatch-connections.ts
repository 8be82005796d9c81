import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DisableAlarmActionsCommand,
  PutAlarmMuteRuleCommand,
  PutCompositeAlarmCommand,
  PutLogAlarmCommand,
  type PutLogAlarmCommandInput,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { alarmArn } from "../../shared/delivery/arn.ts";
import { createCloudWatch } from "../../simulation/aws/cloudwatch.ts";
import type { AlarmRecord } from "../../simulation/aws/cloudwatch-alarms.ts";
import type { CloudWatchConnection, ConnectCloudWatch } from "./cloudwatch.contract.ts";
import { credentials } from "./dynamodb-local.ts";

const home = { account: "111122223333", region: "eu-west-1" };

/** The simulation. Each look at its clock finds it a second later. */
export async function connectSimulatedCloudWatch(): Promise<CloudWatchConnection> {
  const cloudwatch = createCloudWatch(home);
  let time = Date.UTC(2026, 0, 1);
  const now = () => {
    time += 1_000;
    return time;
  };
  const arnOf = (name: string) => alarmArn(home.account, home.region, name);
  const put = (name: string, change: Partial<AlarmRecord>): void => {
    const at = now();
    const state = { state: "OK", stateAt: at, updatedAt: at, reason: "at rest", actionsEnabled: true } as const;
    const fresh: AlarmRecord = { arn: arnOf(name), name, type: "MetricAlarm", ...state, tags: {} };
    cloudwatch.put({ ...fresh, ...cloudwatch.find(arnOf(name)), ...change });
  };
  return {
    send: cloudwatch.send,
    now,
    arnOf,
    putAlarm: async (name, tags = {}) => put(name, { tags }),
    putComposite: async (name, child) => put(name, { type: "CompositeAlarm", alarmRule: `ALARM("${child}")` }),
    putLogAlarm: async (name) => put(name, { type: "LogAlarm" }),
    putMuteRule: async (name, alarm) => {
      const arn = `arn:aws:cloudwatch:${home.region}:${home.account}:alarm-mute-rule:${name}`;
      cloudwatch.putMuteRule(arn, { status: "SCHEDULED", schedule: night, alarmNames: [alarm] });
    },
    setState: async (name, state, reason) => cloudwatch.setState(arnOf(name), { state, reason, at: now() }),
    disableActions: async (name) => put(name, { actionsEnabled: false }),
    remove: async (name) => cloudwatch.remove(arnOf(name)),
  };
}

const night = { expression: "cron(0 2 * * *)", duration: "PT2H", timezone: "Europe/Berlin" };

/** Each connection has a region to itself: DescribeAlarms shows all alarms of one. */
const regions = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"],
  ...["eu-north-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "sa-east-1"],
  ...["ca-central-1", "ap-northeast-3", "eu-south-1", "me-south-1", "af-south-1", "ap-east-1"],
];

/** An implementation behind HTTP; what it takes for the account is said by it. */
export function connectCloudWatch(endpoint: () => Promise<string>, account: string): ConnectCloudWatch {
  let connections = 0;
  return async () => {
    const region = regions[connections++];
    if (region === undefined) throw new Error("there are more connections than regions");
    const client = new CloudWatchClient({ endpoint: await endpoint(), region, credentials, maxAttempts: 1 });
    const setState: CloudWatchConnection["setState"] = async (name, StateValue, StateReason) => {
      await client.send(new SetAlarmStateCommand({ AlarmName: name, StateValue, StateReason }));
    };
    return {
      send: client.send.bind(client),
      now: Date.now,
      arnOf: (name) => alarmArn(account, region, name),
      putAlarm: async (name, tags = {}) => {
        const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        await client.send(new PutMetricAlarmCommand({ ...loadAbove90, AlarmName: name, Tags }));
        await setState(name, "OK", "at rest");
      },
      putComposite: async (name, child) => {
        await client.send(new PutCompositeAlarmCommand({ AlarmName: name, AlarmRule: `ALARM("${child}")` }));
      },
      putLogAlarm: async (name) => {
        await client.send(new PutLogAlarmCommand({ ...tenErrors, AlarmName: name }));
      },
      putMuteRule: async (name, alarm) => {
        const Schedule = { Expression: night.expression, Duration: night.duration, Timezone: night.timezone };
        const MuteTargets = { AlarmNames: [alarm] };
        await client.send(new PutAlarmMuteRuleCommand({ Name: name, Rule: { Schedule }, MuteTargets }));
      },
      setState,
      disableActions: async (name) => {
        await client.send(new DisableAlarmActionsCommand({ AlarmNames: [name] }));
      },
      remove: async (name) => {
        await client.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
      },
    };
  };
}

const loadAbove90 = {
  Namespace: "Contract",
  MetricName: "Load",
  Statistic: "Minimum",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 90,
  ComparisonOperator: "GreaterThanThreshold",
} satisfies Partial<PutMetricAlarmCommandInput>;

const tenErrors = {
  ScheduledQueryConfiguration: {
    QueryString: "fields @message | filter level = 'ERROR'",
    AggregationExpression: "count(*)",
    ScheduleConfiguration: { ScheduleExpression: "rate(1 minute)", StartTimeOffset: 60 },
    ScheduledQueryRoleARN: "arn:aws:iam::111122223333:role/queries",
  },
  QueryResultsToEvaluate: 1,
  QueryResultsToAlarm: 1,
  Threshold: 10,
  ComparisonOperator: "GreaterThanThreshold",
} satisfies Partial<PutLogAlarmCommandInput>;
