// A CloudWatch that lives in memory: what a function reads of alarms, their tags and the rules that mute them, and of metrics.
// It evaluates nothing; the world says what state an alarm is in. What it claims is a suite in test/contract, to which
// MiniStack and moto are held as well; docs/decisions/0017 says what of it no server can judge.

import {
  type ActionsSuppressedBy,
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetAlarmMuteRuleCommand,
  type GetAlarmMuteRuleCommandOutput,
  GetMetricDataCommand,
  ListTagsForResourceCommand,
  type ListTagsForResourceCommandOutput,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import type { AlarmState } from "../../shared/delivery/types.ts";
import { Broken } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import { commandName } from "../commands.ts";
import {
  type AlarmRecord,
  type Alarms,
  alarmNamed,
  type Home,
  type MuteRuleRecord,
  putAlarm,
  removeAlarm,
} from "./cloudwatch-alarms.ts";
import { describeAlarms } from "./cloudwatch-describe.ts";
import { checkName, resourceNotFound } from "./cloudwatch-errors.ts";
import {
  createMetricStore,
  createMetrics,
  getMetricData,
  type MetricStore,
  type SimulatedMetrics,
} from "./cloudwatch-metrics.ts";
import { putMetricData } from "./cloudwatch-put-metrics.ts";

export interface StateChange {
  state: AlarmState;
  at: Instant;
  /** The reason stays as it was unless a new one is given. */
  reason?: string;
  /** Of a composite alarm, whose actions are suppressed from now on; without it they are not, or no longer. */
  suppressedBy?: ActionsSuppressedBy;
}

export interface SimulatedCloudWatch {
  /** As the SDK client's. Throws an Error that names the command or parameter for what is not simulated. */
  send: CloudWatchClient["send"];
  /** Whose alarms DescribeAlarms shows and whose mute rules are found: the world sets them before a function asks. */
  account: string;
  region: string;
  /** What was measured, of the one account and region that asks for it. */
  readonly metrics: SimulatedMetrics;
  /** Rises with every change of an alarm or a mute rule. */
  readonly revision: number;
  /** Creates or replaces. Throws Broken for an alarm that CloudWatch could not have. */
  put(alarm: AlarmRecord): void;
  /** Throws Broken for an alarm that is not there. */
  setState(arn: string, change: StateChange): void;
  /** Does nothing for an alarm that is not there. */
  remove(arn: string): void;
  /** The alarm has these tags and no others. Throws Broken for an alarm that is not there. */
  tag(arn: string, tags: Readonly<Record<string, string>>): void;
  /** Creates or replaces. `arn` is `arn:aws:cloudwatch:REGION:ACCOUNT:alarm-mute-rule:NAME`. */
  putMuteRule(arn: string, rule: MuteRuleRecord): void;
  removeMuteRule(arn: string): void;
  find(arn: string): AlarmRecord | undefined;
  /** The alarms of all accounts and regions, in the order in which they were created. */
  all(): AlarmRecord[];
}

interface Contents {
  alarms: Alarms;
  muteRules: Map<string, MuteRuleRecord>;
  metrics: MetricStore;
}

/** Metrics need the clock, and nothing else does. */
export function createCloudWatch(home: Home & { now?: () => Instant }): SimulatedCloudWatch {
  const alarms: Alarms = { byArn: new Map(), sorted: new Map() };
  const muteRules: Contents["muteRules"] = new Map();
  const contents: Contents = { alarms, muteRules, metrics: createMetricStore(home.now) };
  let revision = 0;
  const put = (alarm: AlarmRecord): void => {
    putAlarm(alarms, alarm);
    revision++;
  };
  const simulated: SimulatedCloudWatch = {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => answer(contents, simulated, command)) as CloudWatchClient["send"],
    account: home.account,
    region: home.region,
    metrics: createMetrics(contents.metrics),
    get revision() {
      return revision;
    },
    put,
    setState: (arn, change) => put(changed(alarmNamed(alarms, arn), change)),
    remove: (arn) => {
      if (removeAlarm(alarms, arn)) revision++;
    },
    tag: (arn, tags) => put({ ...alarmNamed(alarms, arn), tags }),
    putMuteRule: (arn, rule) => {
      if (muteRulePattern.exec(arn) === null) throw new Broken(`${arn} is not the ARN of a mute rule`);
      muteRules.set(arn, rule);
      revision++;
    },
    removeMuteRule: (arn) => {
      if (muteRules.delete(arn)) revision++;
    },
    find: (arn) => alarms.byArn.get(arn),
    all: () => [...alarms.byArn.values()],
  };
  return simulated;
}

function answer(contents: Contents, simulated: SimulatedCloudWatch, command: unknown): unknown {
  if (command instanceof DescribeAlarmsCommand) {
    return describeAlarms(contents.alarms, simulated, command.input);
  }
  if (command instanceof ListTagsForResourceCommand) {
    return listTags(contents.alarms, command.input.ResourceARN ?? "");
  }
  if (command instanceof GetAlarmMuteRuleCommand) {
    return getMuteRule(contents.muteRules, simulated, command.input.AlarmMuteRuleName ?? "");
  }
  if (command instanceof GetMetricDataCommand) {
    return getMetricData(contents.metrics, simulated.metrics, command.input);
  }
  if (command instanceof PutMetricDataCommand) {
    return putMetricData(contents.metrics, command.input);
  }
  throw new Error(`the simulated CloudWatch does not implement ${commandName(command)}`);
}

function changed(alarm: AlarmRecord, change: StateChange): AlarmRecord {
  const { suppressedBy: _before, ...rest } = alarm;
  return {
    ...rest,
    state: change.state,
    stateAt: change.state === alarm.state ? alarm.stateAt : change.at,
    updatedAt: change.at,
    reason: change.reason ?? alarm.reason,
    ...(change.suppressedBy === undefined ? {} : { suppressedBy: change.suppressedBy }),
  };
}

/** Of any account and region: the ARN says which, and only alarms have tags here. */
function listTags(alarms: Alarms, arn: string): ListTagsForResourceCommandOutput {
  const alarm = alarms.byArn.get(arn);
  if (alarm === undefined) throw resourceNotFound("Alarm", arn);
  const tags = Object.entries(alarm.tags).map(([Key, Value]) => ({ Key, Value }));
  return { $metadata: { httpStatusCode: 200 }, Tags: tags };
}

/** The ARN of a mute rule. */
export const muteRulePattern = /^arn:aws[a-z-]*:cloudwatch:([a-z0-9-]+):(\d+):alarm-mute-rule:(.+)$/s;

/** By its name, not by its ARN, so only where the caller is. */
function getMuteRule(
  muteRules: ReadonlyMap<string, MuteRuleRecord>,
  { account, region }: Home,
  name: string,
): GetAlarmMuteRuleCommandOutput {
  checkName("alarmMuteRuleName", name);
  for (const [arn, rule] of muteRules) {
    const [, itsRegion, itsAccount, itsName] = muteRulePattern.exec(arn) ?? [];
    if (itsRegion === region && itsAccount === account && itsName === name) return muteRuleOutput(arn, name, rule);
  }
  throw resourceNotFound("AlarmMuteRule", name);
}

function muteRuleOutput(arn: string, name: string, rule: MuteRuleRecord): GetAlarmMuteRuleCommandOutput {
  const { schedule, alarmNames, startAt, expireAt, updatedAt } = rule;
  return {
    $metadata: { httpStatusCode: 200 },
    Name: name,
    AlarmMuteRuleArn: arn,
    Status: rule.status,
    StartDate: dateOf(startAt),
    ExpireDate: dateOf(expireAt),
    LastUpdatedTimestamp: dateOf(updatedAt),
    ...(alarmNames === undefined ? {} : { MuteTargets: { AlarmNames: [...alarmNames] } }),
    ...(schedule === undefined ? {} : scheduleOutput(schedule)),
  };
}

function scheduleOutput({ expression, duration, timezone }: NonNullable<MuteRuleRecord["schedule"]>) {
  return {
    Rule: { Schedule: { Expression: expression, Duration: duration, Timezone: timezone } },
    MuteType: expression.startsWith("at(") ? "ONE_TIME" : "RECURRING",
  };
}

function dateOf(at: Instant | undefined): Date | undefined {
  return at === undefined ? undefined : new Date(at);
}
