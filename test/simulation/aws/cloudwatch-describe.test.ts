import {
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  InvalidNextToken,
  ListMetricsCommand,
} from "@aws-sdk/client-cloudwatch";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { alarmArn } from "../../../shared/delivery/arn.ts";
import { createCloudWatch, type SimulatedCloudWatch } from "../../../simulation/aws/cloudwatch.ts";
import { account, alarm, at, composite, region } from "./alarms.ts";

let cloudwatch: SimulatedCloudWatch;

beforeEach(() => {
  cloudwatch = createCloudWatch({ account, region });
});

async function namesOf(input: DescribeAlarmsCommandInput = {}): Promise<string[]> {
  const answer = await cloudwatch.send(new DescribeAlarmsCommand(input));
  const found = [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? []), ...(answer.LogAlarms ?? [])];
  return found.map(({ AlarmName }) => AlarmName ?? "");
}

const allTypes = ["MetricAlarm", "CompositeAlarm", "LogAlarm"] as const;

describe("describing alarms", () => {
  beforeEach(() => {
    cloudwatch.put(alarm("cpu", { state: "ALARM" }));
    cloudwatch.put(alarm("disk"));
    cloudwatch.put(composite("service"));
    cloudwatch.put(alarm("log", { type: "LogAlarm" }));
  });

  test("shows metric alarms alone unless it is asked for other types", async () => {
    expect(await namesOf()).toEqual(["cpu", "disk"]);
    expect(await namesOf({ AlarmTypes: ["CompositeAlarm"] })).toEqual(["service"]);
    expect(await namesOf({ AlarmTypes: ["LogAlarm"] })).toEqual(["log"]);
    expect(await namesOf({ AlarmTypes: [...allTypes] })).toEqual(["cpu", "disk", "service", "log"]);
  });

  test("puts each type where the SDK has it, with what the type has", async () => {
    cloudwatch.put(alarm("disk", { evaluationState: "PARTIAL_DATA", actionsEnabled: false }));
    cloudwatch.setState(composite("service").arn, { state: "ALARM", at: at + 5, reason: "cpu", suppressedBy: "Alarm" });
    const answer = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmTypes: [...allTypes] }));
    expect(answer.MetricAlarms?.at(1)).toEqual({
      AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:disk`,
      AlarmName: "disk",
      StateValue: "OK",
      StateReason: "threshold kept",
      StateUpdatedTimestamp: new Date(at),
      StateTransitionedTimestamp: new Date(at),
      ActionsEnabled: false,
      EvaluationState: "PARTIAL_DATA",
    });
    expect(answer.CompositeAlarms).toMatchObject([
      { AlarmName: "service", AlarmRule: 'ALARM("cpu")', StateReason: "cpu", ActionsSuppressedBy: "Alarm" },
    ]);
    expect(answer.CompositeAlarms?.at(0)?.ActionsSuppressedReason).toContain("Alarm");
    expect(answer.LogAlarms).toMatchObject([{ AlarmName: "log" }]);
    expect(answer.NextToken).toBeUndefined();
  });

  test("chooses by name and by state", async () => {
    expect(await namesOf({ StateValue: "ALARM" })).toEqual(["cpu"]);
    expect(await namesOf({ AlarmNames: ["disk", "service", "nobody"] })).toEqual(["disk"]);
    expect(await namesOf({ AlarmNames: ["disk"], StateValue: "ALARM" })).toEqual([]);
  });

  test("shows only the alarms of the account and region that it stands in", async () => {
    cloudwatch.put({ ...alarm("far"), arn: alarmArn(account, "us-east-1", "far") });
    cloudwatch.put({ ...alarm("foreign"), arn: alarmArn("444455556666", region, "foreign") });
    expect(await namesOf()).toEqual(["cpu", "disk"]);
    cloudwatch.region = "us-east-1";
    expect(await namesOf()).toEqual(["far"]);
    cloudwatch.region = region;
    cloudwatch.account = "444455556666";
    expect(await namesOf()).toEqual(["foreign"]);
  });

  test("no longer shows an alarm that was removed", async () => {
    cloudwatch.remove(alarm("cpu").arn);
    expect(await namesOf()).toEqual(["disk"]);
  });
});

describe("pages", () => {
  test("of any size hold every alarm once", async () => {
    const sizes = fc.record({ alarms: fc.nat(30), MaxRecords: fc.integer({ min: 1, max: 12 }) });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ alarms, MaxRecords }) => {
        cloudwatch = createCloudWatch({ account, region });
        for (let i = 0; i < alarms; i++) cloudwatch.put(i % 3 === 0 ? composite(`c${i}`) : alarm(`m${i}`));
        const seen: string[] = [];
        let NextToken: string | undefined;
        do {
          const command = new DescribeAlarmsCommand({ AlarmTypes: [...allTypes], MaxRecords, NextToken });
          const page = await cloudwatch.send(command);
          const found = [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])];
          expect(found.length).toBeLessThanOrEqual(MaxRecords);
          seen.push(...found.map(({ AlarmName }) => AlarmName ?? ""));
          NextToken = page.NextToken;
        } while (NextToken !== undefined);
        expect(seen.toSorted()).toEqual(
          cloudwatch
            .all()
            .map(({ name }) => name)
            .toSorted(),
        );
      }),
    );
  });

  test("hold fifty alarms unless stated", async () => {
    for (let i = 0; i < 51; i++) cloudwatch.put(alarm(`a${i}`));
    expect(await namesOf()).toHaveLength(50);
    expect(await namesOf({ MaxRecords: 100 })).toHaveLength(51);
  });

  test("go on after the last name, whatever came or went between them", async () => {
    for (const name of ["b", "d", "f"]) cloudwatch.put(alarm(name));
    const { NextToken } = await cloudwatch.send(new DescribeAlarmsCommand({ MaxRecords: 2 }));
    cloudwatch.remove(alarm("d").arn);
    for (const name of ["a", "e"]) cloudwatch.put(alarm(name));
    expect(await namesOf({ NextToken })).toEqual(["e", "f"]);
  });

  test("need a token that was given out", async () => {
    await expect(namesOf({ NextToken: "guessed" })).rejects.toBeInstanceOf(InvalidNextToken);
  });
});

describe("what is refused", () => {
  test.each([0, 101, 1.5])("%d records a page", async (MaxRecords) => {
    await expect(namesOf({ MaxRecords })).rejects.toMatchObject({ name: "ValidationError" });
  });

  test("more than a hundred names", async () => {
    const AlarmNames = Array.from({ length: 101 }, (_, index) => `a${index}`);
    await expect(namesOf({ AlarmNames })).rejects.toMatchObject({ name: "ValidationError" });
  });

  test("by name, whatever is not simulated", async () => {
    await expect(cloudwatch.send(new ListMetricsCommand({}))).rejects.toThrow("ListMetricsCommand");
    await expect(namesOf({ AlarmNamePrefix: "x" })).rejects.toThrow("AlarmNamePrefix");
    await expect(namesOf({ AlarmNames: [] })).rejects.toThrow("AlarmNames");
    await expect(namesOf({ AlarmTypes: [] })).rejects.toThrow("AlarmTypes");
  });
});
