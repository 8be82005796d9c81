import {
  DescribeAlarmsCommand,
  GetAlarmMuteRuleCommand,
  ListTagsForResourceCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, test } from "vitest";
import { alarmArn } from "../../../shared/delivery/arn.ts";
import { Broken } from "../../../shared/failures.ts";
import { createCloudWatch, type SimulatedCloudWatch } from "../../../simulation/aws/cloudwatch.ts";
import type { AlarmRecord } from "../../../simulation/aws/cloudwatch-alarms.ts";
import { account, alarm, at, composite, region } from "./alarms.ts";

let cloudwatch: SimulatedCloudWatch;

beforeEach(() => {
  cloudwatch = createCloudWatch({ account, region });
});

describe("what CloudWatch could not have is refused", () => {
  test.each([
    ["a name that is not the ARN's", { name: "other" }],
    ["a composite without a rule", { type: "CompositeAlarm" }],
    ["a rule of a metric alarm", { alarmRule: "TRUE" }],
    ["a suppressor of a metric alarm", { suppressedBy: "Alarm" }],
    [
      "an evaluation state of a composite",
      { type: "CompositeAlarm", alarmRule: "TRUE", evaluationState: "PARTIAL_DATA" },
    ],
  ] satisfies [string, Partial<AlarmRecord>][])("%s", (_, change) => {
    expect(() => cloudwatch.put(alarm("cpu", change))).toThrow(Broken);
  });

  test("a change to an alarm that is not there", () => {
    expect(() => cloudwatch.setState(alarm("cpu").arn, { state: "OK", at })).toThrow(Broken);
    expect(() => cloudwatch.tag(alarm("cpu").arn, {})).toThrow(Broken);
  });
});

describe("a state that is set", () => {
  test("is a transition only when it is another one", () => {
    cloudwatch.put(alarm("cpu"));
    cloudwatch.setState(alarm("cpu").arn, { state: "ALARM", at: at + 1, reason: "too high" });
    cloudwatch.setState(alarm("cpu").arn, { state: "ALARM", at: at + 2 });
    const now = { state: "ALARM", stateAt: at + 1, updatedAt: at + 2, reason: "too high" };
    expect(cloudwatch.find(alarm("cpu").arn)).toMatchObject(now);
  });

  test("ends a suppression unless it says otherwise", () => {
    cloudwatch.put(composite("service"));
    cloudwatch.setState(composite("service").arn, { state: "ALARM", at, suppressedBy: "WaitPeriod" });
    expect(cloudwatch.find(composite("service").arn)?.suppressedBy).toBe("WaitPeriod");
    cloudwatch.setState(composite("service").arn, { state: "ALARM", at });
    expect(cloudwatch.find(composite("service").arn)).not.toHaveProperty("suppressedBy");
  });

  test("does not change the record that somebody holds", () => {
    cloudwatch.put(alarm("cpu"));
    const before = cloudwatch.find(alarm("cpu").arn);
    cloudwatch.setState(alarm("cpu").arn, { state: "ALARM", at });
    expect(before?.state).toBe("OK");
  });
});

describe("tags", () => {
  const tagsOf = async (ResourceARN: string) =>
    (await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;

  test("are told of any alarm, wherever it is", async () => {
    const far = alarmArn("444455556666", "us-east-1", "far");
    cloudwatch.put({ ...alarm("far"), arn: far });
    expect(await tagsOf(far)).toEqual([]);
    cloudwatch.tag(far, { team: "payments" });
    cloudwatch.tag(far, { severity: "high" });
    expect(await tagsOf(far)).toEqual([{ Key: "severity", Value: "high" }]);
  });

  test("of an unknown alarm are not found", async () => {
    await expect(tagsOf(alarm("cpu").arn)).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
});

describe("a mute rule", () => {
  const arn = `arn:aws:cloudwatch:${region}:${account}:alarm-mute-rule:night`;
  const get = (AlarmMuteRuleName = "night") => cloudwatch.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName }));

  test("is found by its name in its own account and region, until it is removed", async () => {
    const schedule = { expression: "cron(0 2 * * *)", duration: "PT2H", timezone: "Europe/Berlin" };
    cloudwatch.putMuteRule(arn, { status: "ACTIVE", expireAt: at, schedule, alarmNames: ["cpu"] });
    expect(await get()).toMatchObject({
      Name: "night",
      AlarmMuteRuleArn: arn,
      Status: "ACTIVE",
      ExpireDate: new Date(at),
      Rule: { Schedule: { Expression: "cron(0 2 * * *)", Duration: "PT2H", Timezone: "Europe/Berlin" } },
      MuteTargets: { AlarmNames: ["cpu"] },
      MuteType: "RECURRING",
    });
    cloudwatch.region = "us-east-1";
    await expect(get()).rejects.toBeInstanceOf(ResourceNotFoundException);
    cloudwatch.region = region;
    cloudwatch.removeMuteRule(arn);
    await expect(get()).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  test("says no more than it was given", async () => {
    cloudwatch.putMuteRule(arn, { status: "EXPIRED" });
    const { $metadata: _, ...answer } = await get();
    expect(answer).toEqual({ Name: "night", AlarmMuteRuleArn: arn, Status: "EXPIRED" });
  });

  test("is not found by its ARN, and needs the ARN of one", async () => {
    cloudwatch.putMuteRule(arn, { status: "ACTIVE" });
    await expect(get(arn)).rejects.toBeInstanceOf(ResourceNotFoundException);
    expect(() => cloudwatch.putMuteRule(alarm("cpu").arn, { status: "ACTIVE" })).toThrow(Broken);
  });
});

test("the revision rises with every change, and only then", async () => {
  const revisions: number[] = [];
  const note = (): void => void revisions.push(cloudwatch.revision);
  const muteRule = `arn:aws:cloudwatch:${region}:${account}:alarm-mute-rule:night`;
  note();
  for (const change of [
    () => cloudwatch.put(alarm("cpu")),
    () => cloudwatch.setState(alarm("cpu").arn, { state: "ALARM", at }),
    () => cloudwatch.tag(alarm("cpu").arn, { a: "b" }),
    () => cloudwatch.putMuteRule(muteRule, { status: "ACTIVE" }),
    () => cloudwatch.removeMuteRule(muteRule),
    () => cloudwatch.remove(alarm("cpu").arn),
  ]) {
    change();
    note();
  }
  expect(revisions).toEqual(revisions.toSorted((left, right) => left - right));
  expect(new Set(revisions).size).toBe(7);
  const { revision } = cloudwatch;
  await cloudwatch.send(new DescribeAlarmsCommand({}));
  cloudwatch.remove(alarm("cpu").arn);
  cloudwatch.removeMuteRule(muteRule);
  expect(cloudwatch.revision).toBe(revision);
});
