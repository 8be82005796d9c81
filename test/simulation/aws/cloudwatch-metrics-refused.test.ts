import { PutMetricDataCommand, type PutMetricDataCommandInput } from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, test } from "vitest";
import { Broken } from "../../../shared/failures.ts";
import { day, hour, minute } from "../../../shared/instant.ts";
import { createCloudWatch } from "../../../simulation/aws/cloudwatch.ts";
import { account, region } from "./alarms.ts";
import { cpu, createScene, type Question, query, start } from "./metrics.ts";

let scene: ReturnType<typeof createScene>;

beforeEach(() => {
  scene = createScene();
});

describe("what is refused", () => {
  const invalid = { name: "ValidationError" };
  const many = (count: number) => Array.from({ length: count }, (_, index) => query(`m${index}`));

  test.each<[string, Question]>([
    ["no query", { MetricDataQueries: [] }],
    ["501 queries", { MetricDataQueries: many(501) }],
    ["one Id for two", { MetricDataQueries: [query("a"), query("a")] }],
    ["an Id that begins with a capital", { MetricDataQueries: [query("A")] }],
    ["an Id with a hyphen", { MetricDataQueries: [query("a-b")] }],
    ["a period of 90 seconds", { MetricDataQueries: [query("a", 90)] }],
    ["neither a metric nor an expression", { MetricDataQueries: [{ Id: "a" }] }],
    ["both", { MetricDataQueries: [{ ...query("a"), Expression: "1" }] }],
    ["an end before the beginning", { EndTime: new Date(start - hour) }],
    ["pages of none", { MaxDatapoints: 0 }],
    ["pages of 100,801", { MaxDatapoints: 100_801 }],
  ])("%s", async (_, change) => {
    await expect(scene.ask(change)).rejects.toMatchObject(invalid);
  });

  test("but 500 queries are not", async () => {
    expect((await scene.ask({ MetricDataQueries: many(500) })).MetricDataResults).toHaveLength(500);
  });

  test.each<[string, Question]>([
    ["Expression", { MetricDataQueries: [{ Id: "a", Expression: "m0 * 2" }] }],
    ["Unit", { MetricDataQueries: [{ Id: "a", MetricStat: { ...query("a").MetricStat, Unit: "Percent" } }] as never }],
    ["AccountId", { MetricDataQueries: [{ ...query("a"), AccountId: "1" }] }],
    ["Stat p95", { MetricDataQueries: [query("a", 60, "p95")] }],
    ["Period 10", { MetricDataQueries: [query("a", 10)] }],
    ["LabelOptions", { LabelOptions: {} }],
  ])("%s is not simulated, and is named", async (name, change) => {
    await expect(scene.ask(change)).rejects.toThrow(`the simulated CloudWatch does not implement ${name}`);
  });

  test.each<[string, NonNullable<PutMetricDataCommandInput["MetricData"]>[number]]>([
    ["a point of more than two weeks ago", { MetricName: "a", Value: 1, Timestamp: new Date(start - 15 * day) }],
    ["a point of more than two hours ahead", { MetricName: "a", Value: 1, Timestamp: new Date(start + 3 * hour) }],
    ["no number", { MetricName: "a", Value: Number.NaN }],
    ["a number without end", { MetricName: "a", Value: Number.POSITIVE_INFINITY }],
    ["counts of something else", { MetricName: "a", Values: [1, 2], Counts: [1] }],
  ])("to put %s, and with it all that is put in the same call", async (_, datum) => {
    const fine = { MetricName: "CPUUtilization", Value: 1, Timestamp: new Date(start - minute) };
    const MetricData = [{ ...fine, Dimensions: [{ Name: "ServiceName", Value: "checkout" }] }, datum];
    const sent = scene.cloudwatch.send(new PutMetricDataCommand({ Namespace: "AWS/ECS", MetricData }));
    await expect(sent).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    expect(await scene.seen()).toEqual([]);
  });

  test("to have metrics without a clock", async () => {
    const cloudwatch = createCloudWatch({ account, region });
    const point = { ...cpu, at: start, value: 1 };
    expect(() => cloudwatch.metrics.put(point)).toThrow(Broken);
    const asked = cloudwatch.send(
      new PutMetricDataCommand({ Namespace: cpu.namespace, MetricData: [{ MetricName: cpu.metric, Value: 1 }] }),
    );
    await expect(asked).rejects.toBeInstanceOf(Broken);
  });
});
