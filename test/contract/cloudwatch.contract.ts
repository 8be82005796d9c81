// What the simulated CloudWatch claims of alarms, their tags and the rules that mute them, as far as the functions ask.

import {
  AlarmType,
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  type DescribeAlarmsCommandOutput,
  GetAlarmMuteRuleCommand,
  InvalidNextToken,
  ListTagsForResourceCommand,
  ResourceNotFoundException,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import { describe, expect } from "vitest";
import { type Instant, second } from "../../shared/instant.ts";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";

/** An account and region of their own, in which somebody makes alarms. */
export interface CloudWatchConnection {
  send: CloudWatchClient["send"];
  now(): Instant;
  arnOf(name: string): string;
  /** A metric alarm, OK. */
  putAlarm(name: string, tags?: Readonly<Record<string, string>>): Promise<void>;
  /** A composite alarm whose rule asks for the alarm of that name. */
  putComposite(name: string, child: string): Promise<void>;
  putLogAlarm(name: string): Promise<void>;
  /** A rule that mutes an alarm now and then. */
  putMuteRule(name: string, alarm: string): Promise<void>;
  setState(name: string, state: StateValue, reason: string): Promise<void>;
  disableActions(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

export type ConnectCloudWatch = () => Promise<CloudWatchConnection>;

export function cloudWatchContract(name: string, connect: ConnectCloudWatch, exceptions: Exceptions = {}): void {
  describe(`${name}: CloudWatch`, () => {
    const claims = createClaims(name, exceptions);
    chosen(claims, connect);
    told(claims, connect);
    paged(claims, connect);
    tagged(claims, connect);
    claims.end();
  });
}

const allTypes = [AlarmType.MetricAlarm, AlarmType.CompositeAlarm, AlarmType.LogAlarm];

const describeAlarms = ({ send }: CloudWatchConnection, input: DescribeAlarmsCommandInput = {}) =>
  send(new DescribeAlarmsCommand(input));

function namesIn({ MetricAlarms, CompositeAlarms, LogAlarms }: DescribeAlarmsCommandOutput): (string | undefined)[] {
  return [...(MetricAlarms ?? []), ...(CompositeAlarms ?? []), ...(LogAlarms ?? [])].map(({ AlarmName }) => AlarmName);
}

async function named(connection: CloudWatchConnection, input: DescribeAlarmsCommandInput = {}): Promise<unknown[]> {
  return namesIn(await describeAlarms(connection, input)).toSorted();
}

/** Two metric alarms, of which one is red. */
async function metricAlarms(connect: ConnectCloudWatch): Promise<CloudWatchConnection> {
  const connection = await connect();
  await connection.putAlarm("cpu");
  await connection.putAlarm("disk");
  await connection.setState("cpu", "ALARM", "too high");
  return connection;
}

/** The same, and a composite that is red too. */
async function estate(connect: ConnectCloudWatch): Promise<CloudWatchConnection> {
  const connection = await metricAlarms(connect);
  await connection.putComposite("service", "cpu");
  await connection.setState("service", "ALARM", "cpu is");
  return connection;
}

function chosen({ claim }: Claims, connect: ConnectCloudWatch): void {
  claim("shows metric alarms alone unless it is asked for other types", async () => {
    const connection = await estate(connect);
    expect(await named(connection)).toEqual(["cpu", "disk"]);
    expect(await named(connection, { AlarmTypes: ["CompositeAlarm"] })).toEqual(["service"]);
    expect(await named(connection, { AlarmTypes: allTypes })).toEqual(["cpu", "disk", "service"]);
  });
  claim("shows a log alarm when it is asked for log alarms", async () => {
    const connection = await estate(connect);
    await connection.putLogAlarm("log");
    expect(await named(connection, { AlarmTypes: ["LogAlarm"] })).toEqual(["log"]);
    expect(await named(connection, { AlarmTypes: allTypes })).toEqual(["cpu", "disk", "log", "service"]);
  });
  claim("chooses by state", async () => {
    const connection = await metricAlarms(connect);
    expect(await named(connection, { StateValue: "ALARM" })).toEqual(["cpu"]);
    expect(await named(connection, { StateValue: "OK" })).toEqual(["disk"]);
    expect(await named(connection, { StateValue: "INSUFFICIENT_DATA" })).toEqual([]);
  });
  claim("chooses by name, and says nothing of a name that is not there", async () => {
    expect(await named(await metricAlarms(connect), { AlarmNames: ["disk", "nobody"] })).toEqual(["disk"]);
  });
  claim("chooses by name and state together", async () => {
    const connection = await metricAlarms(connect);
    expect(await named(connection, { AlarmNames: ["cpu", "disk"], StateValue: "ALARM" })).toEqual(["cpu"]);
    expect(await named(connection, { AlarmNames: ["disk"], StateValue: "ALARM" })).toEqual([]);
  });
  claim("chooses by name and state and type together", async () => {
    const connection = await estate(connect);
    const input: DescribeAlarmsCommandInput = { AlarmNames: ["cpu", "disk", "service"], StateValue: "ALARM" };
    expect(await named(connection, input)).toEqual(["cpu"]);
    expect(await named(connection, { ...input, AlarmTypes: allTypes })).toEqual(["cpu", "service"]);
  });
  claim("no longer shows an alarm that was deleted", async () => {
    const connection = await connect();
    await connection.putAlarm("cpu");
    await connection.remove("cpu");
    expect(await named(connection)).toEqual([]);
  });
}

function told({ claim }: Claims, connect: ConnectCloudWatch): void {
  claim("tells of a metric alarm its ARN, state, reason, and when the state was set", async () => {
    const connection = await connect();
    await connection.putAlarm("cpu");
    const from = wholeSecond(connection.now());
    await connection.setState("cpu", "ALARM", "too high");
    const { MetricAlarms: [alarm] = [] } = await describeAlarms(connection, { AlarmNames: ["cpu"] });
    expect(alarm).toMatchObject({
      AlarmArn: connection.arnOf("cpu"),
      AlarmName: "cpu",
      StateValue: "ALARM",
      StateReason: "too high",
      ActionsEnabled: true,
    });
    expect(alarm?.StateUpdatedTimestamp?.getTime()).toBeGreaterThanOrEqual(from);
    expect(alarm?.StateUpdatedTimestamp?.getTime()).toBeLessThanOrEqual(connection.now());
  });
  claim("tells of an alarm whether its actions are disabled, whatever its state", async () => {
    const connection = await metricAlarms(connect);
    await connection.disableActions("cpu");
    const { MetricAlarms = [] } = await describeAlarms(connection);
    const enabled = MetricAlarms.map(({ AlarmName, ActionsEnabled }) => [AlarmName, ActionsEnabled]);
    expect(Object.fromEntries(enabled)).toEqual({ cpu: false, disk: true });
    expect(await named(connection, { StateValue: "ALARM" })).toEqual(["cpu"]);
  });
  claim("tells of a metric alarm when its state became another one", async () => {
    const connection = await connect();
    await connection.putAlarm("cpu");
    const from = wholeSecond(connection.now());
    await connection.setState("cpu", "ALARM", "too high");
    const { MetricAlarms: [alarm] = [] } = await describeAlarms(connection, { AlarmNames: ["cpu"] });
    expect(alarm?.StateTransitionedTimestamp?.getTime()).toBeGreaterThanOrEqual(from);
    await connection.setState("cpu", "ALARM", "still too high");
    const { MetricAlarms: [again] = [] } = await describeAlarms(connection, { AlarmNames: ["cpu"] });
    expect(again).toMatchObject({ StateReason: "still too high" });
    expect(again?.StateTransitionedTimestamp).toEqual(alarm?.StateTransitionedTimestamp);
  });
  claim("tells of a composite alarm its rule, and when its state became another one", async () => {
    const connection = await estate(connect);
    const input: DescribeAlarmsCommandInput = { AlarmNames: ["service"], AlarmTypes: allTypes };
    const { CompositeAlarms: [alarm] = [] } = await describeAlarms(connection, input);
    expect(alarm).toMatchObject({ AlarmArn: connection.arnOf("service"), StateValue: "ALARM" });
    expect(alarm?.AlarmRule).toMatch(/ALARM\("?cpu"?\)/);
    expect(alarm?.ActionsSuppressedBy).toBeUndefined();
    await connection.setState("service", "ALARM", "still");
    const { CompositeAlarms: [again] = [] } = await describeAlarms(connection, input);
    expect(again?.StateTransitionedTimestamp?.getTime()).toBe(alarm?.StateTransitionedTimestamp?.getTime());
    expect(again?.StateTransitionedTimestamp).toBeInstanceOf(Date);
  });
  claim("finds a mute rule by its name, and none by another", async () => {
    const connection = await connect();
    await connection.putAlarm("cpu");
    await connection.putMuteRule("night", "cpu");
    const get = (AlarmMuteRuleName: string) => connection.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName }));
    expect(await get("night")).toMatchObject({ Name: "night", MuteTargets: { AlarmNames: ["cpu"] } });
    await expect(get("day")).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
}

function paged({ claim }: Claims, connect: ConnectCloudWatch): void {
  claim("gives pages of the size that was asked for, which hold every alarm once, of whatever type", async () => {
    const connection = await estate(connect);
    for (const name of ["a", "m", "z"]) await connection.putAlarm(name);
    const seen: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const page = await describeAlarms(connection, { AlarmTypes: allTypes, MaxRecords: 2, NextToken });
      expect(namesIn(page).length).toBeLessThanOrEqual(2);
      seen.push(...namesIn(page));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen.toSorted()).toEqual(["a", "cpu", "disk", "m", "service", "z"]);
  });
  claim("gives fifty alarms unless it is asked for more, and a hundred at most", async () => {
    const connection = await connect();
    for (let place = 0; place < 51; place++) await connection.putAlarm(`alarm-${place}`);
    expect(await named(connection)).toHaveLength(50);
    const all = await describeAlarms(connection, { MaxRecords: 100 });
    expect([namesIn(all).length, all.NextToken]).toEqual([51, undefined]);
  });
  for (const MaxRecords of [0, 101]) {
    claim(`refuses pages of ${MaxRecords}`, async () => {
      await expect(describeAlarms(await connect(), { MaxRecords })).rejects.toMatchObject(invalid);
    });
  }
  claim("refuses more than a hundred names", async () => {
    const AlarmNames = Array.from({ length: 101 }, (_, place) => `alarm-${place}`);
    await expect(describeAlarms(await connect(), { AlarmNames })).rejects.toMatchObject(invalid);
  });
  claim("refuses a token that nobody gave out", async () => {
    await expect(describeAlarms(await connect(), { NextToken: "guessed" })).rejects.toBeInstanceOf(InvalidNextToken);
  });
}

/** Its name ends as the protocol that the SDK speaks has it. */
const invalid = { name: expect.stringMatching(/^Validation(Error|Exception)$/) };

function tagged({ claim }: Claims, connect: ConnectCloudWatch): void {
  const tagsOf = async ({ send }: CloudWatchConnection, ResourceARN: string) =>
    (await send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;

  claim("tells the tags of an alarm, and none where there are none", async () => {
    const connection = await connect();
    await connection.putAlarm("cpu", { "nightshift:tier": "critical", team: "payments" });
    await connection.putAlarm("disk");
    expect(await tagsOf(connection, connection.arnOf("disk"))).toEqual([]);
    const tags = (await tagsOf(connection, connection.arnOf("cpu"))) ?? [];
    expect(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))).toEqual({
      "nightshift:tier": "critical",
      team: "payments",
    });
  });
  claim("does not find the tags of an alarm that is not there", async () => {
    const connection = await connect();
    // CloudWatch has two errors of that meaning, ResourceNotFound and ResourceNotFoundException.
    await expect(tagsOf(connection, connection.arnOf("none"))).rejects.toMatchObject({
      name: expect.stringMatching(/^ResourceNotFound/),
    });
  });
}

/** Some tell the time of a state in whole seconds. */
function wholeSecond(at: Instant): Instant {
  return Math.floor(at / second) * second;
}
