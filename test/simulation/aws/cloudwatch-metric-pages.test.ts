import { InvalidNextToken, type StatusCode } from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, test } from "vitest";
import { hour, minute } from "../../../shared/instant.ts";
import { createScene, query, start } from "./metrics.ts";

// What no server can judge: CloudWatch's pages and quotas, and what it does not tell.

let scene: ReturnType<typeof createScene>;

beforeEach(() => {
  scene = createScene();
});

describe("pages", () => {
  beforeEach(() => {
    for (let back = 10; back >= 1; back--) scene.put(start - back * minute, back);
  });

  test.each(["TimestampAscending", "TimestampDescending"] as const)(
    "have no more points than they may, and together all of them: %s",
    async (ScanBy) => {
      const found = new Map<string, number[]>();
      const statuses: unknown[][] = [];
      const MetricDataQueries = [query("a"), query("b", 60, "Sum", "other"), query("c"), query("d", 120, "Sum")];
      const question = { ScanBy, MetricDataQueries, MaxDatapoints: 7 };
      let NextToken: string | undefined;
      do {
        const page = await scene.ask({ ...question, ...(NextToken === undefined ? {} : { NextToken }) });
        const results = page.MetricDataResults ?? [];
        expect(results.flatMap(({ Values = [] }) => Values).length).toBeLessThanOrEqual(7);
        statuses.push(results.map(({ Id, StatusCode }) => `${Id} ${StatusCode}`));
        for (const { Id = "", Values = [] } of results) found.set(Id, [...(found.get(Id) ?? []), ...Values]);
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      const inOrder = (values: number[]) => (ScanBy === "TimestampAscending" ? values : values.toReversed());
      const single = inOrder([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      expect(Object.fromEntries(found)).toEqual({ a: single, b: [], c: single, d: inOrder([19, 15, 11, 7, 3]) });
      expect(statuses.slice(0, 2)).toEqual([
        ["a PartialData", "b Complete", "c PartialData", "d PartialData"],
        ["a Complete", "b Complete", "c PartialData", "d PartialData"],
      ]);
      expect(statuses).toHaveLength(4);
    },
  );

  test("go on where the page before ended, whatever became available meanwhile", async () => {
    scene.put(start - 9 * minute - minute / 2, 99);
    const first = await scene.ask({ MaxDatapoints: 4 });
    scene.put(start - 9 * minute, 77);
    const { NextToken } = first;
    const second = await scene.ask({ MaxDatapoints: 4, NextToken });
    expect(second.MetricDataResults?.[0]?.Values).toEqual([6, 5, 4, 3]);
  });

  test("follow from the question that began them only", async () => {
    const { NextToken } = await scene.ask({ MaxDatapoints: 4 });
    await expect(scene.ask({ NextToken, ScanBy: "TimestampDescending" })).rejects.toBeInstanceOf(InvalidNextToken);
    await expect(scene.ask({ NextToken: "guessed" })).rejects.toBeInstanceOf(InvalidNextToken);
  });
});

describe("what CloudWatch does not tell", () => {
  test.each<[StatusCode, number[]]>([
    ["InternalError", []],
    ["Forbidden", []],
    ["PartialData", [4, 3]],
  ])("of one query is %s, and nobody else's", async (status, values) => {
    for (let back = 4; back >= 1; back--) scene.put(start - back * minute, back);
    scene.cloudwatch.metrics.fail = ({ id, dimensions }) =>
      id === "b" && dimensions.ServiceName === "checkout" ? status : null;
    const page = await scene.ask({ MetricDataQueries: [query("a"), query("b"), query("c")] });
    const told = page.MetricDataResults?.map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode]);
    expect(told).toEqual([
      ["a", [4, 3, 2, 1], "Complete"],
      ["b", values, status],
      ["c", [4, 3, 2, 1], "Complete"],
    ]);
    expect(page.NextToken).toBeUndefined();
  });

  test("of the whole call is a message, and no error", async () => {
    const message = { Code: "Partial", Value: "some of it is elsewhere" };
    scene.cloudwatch.metrics.messages = [message];
    expect((await scene.ask()).Messages).toEqual([message]);
  });
});

describe("the quota", () => {
  const throttled = { name: "ThrottlingException" };

  test("counts what could be there, and is whole again a second later", async () => {
    scene.cloudwatch.metrics.quota = { recentPerSecond: 25, olderPerSecond: 5 };
    await scene.ask();
    await scene.ask();
    await expect(scene.ask()).rejects.toMatchObject(throttled);
    scene.clock.at += 200;
    await scene.ask();
    await expect(scene.ask()).rejects.toMatchObject(throttled);
    scene.clock.at += 1_000;
    await scene.ask();
    await scene.ask();
    await expect(scene.ask()).rejects.toMatchObject(throttled);
  });

  test("is another one for what begins more than three hours ago", async () => {
    scene.cloudwatch.metrics.quota = { recentPerSecond: 10, olderPerSecond: 240 };
    const older = { StartTime: new Date(start - 3 * hour - minute) };
    await scene.ask(older);
    await expect(scene.ask(older)).rejects.toMatchObject(throttled);
    await scene.ask();
  });

  test("lets a question through that is larger than itself, once it is whole", async () => {
    scene.cloudwatch.metrics.quota = { recentPerSecond: 4, olderPerSecond: 1 };
    await scene.ask();
    scene.clock.at += 1_000;
    await expect(scene.ask()).rejects.toMatchObject(throttled);
    scene.clock.at += 1_500;
    await scene.ask();
  });
});
