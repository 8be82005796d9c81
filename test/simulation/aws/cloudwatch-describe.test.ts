import { DescribeAlarmsCommand, type DescribeAlarmsCommandInput, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { alarmArn } from "../../../shared/delivery/arn.ts";
import { createCloudWatch, type SimulatedCloudWatch } from "../../../simulation/aws/cloudwatch.ts";
import { account, alarm, at, composite, region } from "./alarms.ts";

// What it claims of alarms, types and pages is in test/contract/cloudwatch.contract.ts; here is what a world asks beside.

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

  test("go on after the last name, whatever came or went between them", async () => {
    for (const name of ["b", "d", "f"]) cloudwatch.put(alarm(name));
    const { NextToken } = await cloudwatch.send(new DescribeAlarmsCommand({ MaxRecords: 2 }));
    cloudwatch.remove(alarm("d").arn);
    for (const name of ["a", "e"]) cloudwatch.put(alarm(name));
    expect(await namesOf({ NextToken })).toEqual(["e", "f"]);
  });
});

test("whatever is not simulated is refused by name", async () => {
  await expect(cloudwatch.send(new ListMetricsCommand({}))).rejects.toThrow("ListMetricsCommand");
  await expect(namesOf({ AlarmNamePrefix: "x" })).rejects.toThrow("AlarmNamePrefix");
  await expect(namesOf({ AlarmNames: [] })).rejects.toThrow("AlarmNames");
  await expect(namesOf({ AlarmTypes: [] })).rejects.toThrow("AlarmTypes");
});

test("one name that no alarm can have fails the call for all", async () => {
  for (const name of ["", "x".repeat(256)]) {
    await expect(namesOf({ AlarmNames: ["a", name] })).rejects.toMatchObject({ name: "ValidationError" });
  }
});
