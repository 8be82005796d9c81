import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, test } from "vitest";
import { day, hour, minute } from "../../../shared/instant.ts";
import { cpu, createScene, type Question, query, start } from "./metrics.ts";

// What no server can judge: what CloudWatch does not have yet, and what it has no longer.

let scene: ReturnType<typeof createScene>;

beforeEach(() => {
  scene = createScene();
});

const since = (age: number, Period: number): Question => ({
  StartTime: new Date(start - age),
  MetricDataQueries: [query("m0", Period)],
});

describe("a point", () => {
  test("is not there before it is available", async () => {
    scene.put(start - 2 * minute, 40);
    scene.put(start - minute, 50, start + 90_000);
    expect(await scene.seen()).toEqual([[-2, 40]]);
    scene.clock.at = start + 89_999;
    expect(await scene.seen()).toEqual([[-2, 40]]);
    scene.clock.at = start + 90_000;
    expect(await scene.seen()).toEqual([
      [-2, 40],
      [-1, 50],
    ]);
  });

  test("is revised by one that is put later at its stamp, once that is available", async () => {
    scene.put(start - minute, 40);
    scene.put(start - minute, 45, start + minute);
    scene.put(start - minute, 48, start + 2 * minute);
    expect(await scene.seen()).toEqual([[-1, 40]]);
    scene.clock.at = start + minute;
    expect(await scene.seen()).toEqual([[-1, 45]]);
    scene.put(start - minute, 46);
    expect(await scene.seen()).toEqual([[-1, 46]]);
    scene.clock.at = start + hour;
    expect(await scene.seen()).toEqual([[-1, 48]]);
  });

  test("has its place by its stamp, whenever it is put", async () => {
    for (const back of [3, 9, 1, 10, 5]) scene.put(start - back * minute, back);
    expect((await scene.seen()).map(([, value]) => value)).toEqual([10, 9, 5, 3, 1]);
  });

  test("may stand for many samples, with which it weighs", async () => {
    scene.put(start - 2 * minute, 1);
    const value = { sum: 90, count: 9, minimum: 4, maximum: 20 };
    scene.cloudwatch.metrics.put({ ...cpu, at: start - minute, value });
    const of = async (Stat: string) => (await scene.seen({ MetricDataQueries: [query("m0", 600, Stat)] }))[0]?.[1];
    expect(await Promise.all(["Average", "Sum", "Minimum", "Maximum", "SampleCount"].map(of))).toEqual([
      ...[9.1, 91, 1, 20, 10],
    ]);
  });

  test("of samples that were put by the API is joined by the next, and none is there twice", async () => {
    const datum = { MetricName: cpu.metric, Dimensions: [{ Name: "ServiceName", Value: "checkout" }] };
    const send = (change: object) =>
      scene.cloudwatch.send(
        new PutMetricDataCommand({ Namespace: cpu.namespace, MetricData: [{ ...datum, ...change }] }),
      );
    scene.put(start - minute, 10);
    await send({ Timestamp: new Date(start - 59_000), Value: 20 });
    await send({ Timestamp: new Date(start - 1_000), Values: [30, 40], Counts: [1, 2] });
    const of = async (Stat: string) => (await scene.seen({ MetricDataQueries: [query("m0", 60, Stat)] }))[0]?.[1];
    expect(await Promise.all(["Sum", "SampleCount", "Maximum"].map(of))).toEqual([140, 5, 40]);
  });
});

describe("what is asked for", () => {
  test("begins at the whole minute, is counted from there, and ends before its end", async () => {
    for (let back = 10; back >= 0; back--) scene.put(start - back * minute, back);
    const StartTime = new Date(start - 4 * minute + 59_999);
    expect(await scene.seen({ StartTime })).toEqual([4, 3, 2, 1].map((back) => [-back, back]));
    expect(await scene.seen({ StartTime, MetricDataQueries: [query("m0", 180)] })).toEqual([
      [-4, 3],
      [-1, 1],
    ]);
  });

  test.each([
    ["at 15 days, by the minute", 15 * day, 60, 1],
    ["over 15 days, by the minute", 15 * day + minute, 60, 0],
    ["over 15 days, by five minutes", 15 * day + minute, 300, 1],
    ["over 15 days, by seven minutes", 15 * day + minute, 420, 0],
    ["over 63 days, by five minutes", 63 * day + minute, 300, 0],
    ["over 63 days, by the hour", 63 * day + minute, 3_600, 1],
    ["over 455 days, by the hour", 460 * day, 3_600, 1],
  ])("is given by periods that are kept so long, and otherwise not at all: %s", async (_, age, Period, points) => {
    scene.put(start - 454 * day, 1);
    scene.put(start - 456 * day, 2);
    scene.put(start - 2 * minute, 3);
    const found = await scene.seen(since(age, Period));
    expect(found.filter(([, value]) => value === 3)).toHaveLength(points);
    expect(found.filter(([, value]) => value === 2)).toEqual([]);
  });

  test.each([
    ["15 days", 15 * day - minute + 7_000, 60, minute],
    ["16 days", 16 * day + 7 * minute, 300, 5 * minute],
    ["64 days", 64 * day + 7 * minute, 3_600, hour],
  ])("begins at a rounder time the older it is: %s", async (_, age, Period, step) => {
    const begin = Math.floor((start - age) / step) * step;
    scene.put(begin, 1);
    expect(await scene.seen(since(age, Period))).toEqual([[(begin - start) / minute, 1]]);
  });

  test("is as old as it was said to be, though it begins earlier", async () => {
    scene.clock.at = start + 30_000;
    scene.put(start - 2 * minute, 1);
    const StartTime = new Date(scene.clock.at - 15 * day);
    expect(await scene.seen({ StartTime, MetricDataQueries: [query("m0", 60)] })).toEqual([[-2, 1]]);
    const older = new Date(StartTime.getTime() - 1);
    expect(await scene.seen({ StartTime: older, MetricDataQueries: [query("m0", 60)] })).toEqual([]);
  });

  test("is not given without its whole set of dimensions, and nothing is said of it", async () => {
    scene.put(start - minute, 1);
    scene.cloudwatch.metrics.put({ ...cpu, dimensions: {}, at: start - minute, value: 2 });
    const { MetricDataResults } = await scene.ask({ MetricDataQueries: [query("a"), query("b", 60, "Sum", "other")] });
    expect(MetricDataResults?.map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode])).toEqual([
      ["a", [1], "Complete"],
      ["b", [], "Complete"],
    ]);
  });
});
