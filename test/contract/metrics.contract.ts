// What the simulated CloudWatch claims of metrics that are put and read.

import {
  type CloudWatchClient,
  type Dimension,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type GetMetricDataCommandOutput,
  type MetricDataQuery,
  type MetricDatum,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { describe, expect } from "vitest";
import { day, type Instant, minute } from "../../shared/instant.ts";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";

export interface MetricsConnection {
  send: CloudWatchClient["send"];
  now(): Instant;
  /** A namespace and a name under which nobody else puts anything. */
  namespace: string;
  metric: string;
}

export type ConnectMetrics = () => Promise<MetricsConnection>;

export function metricsContract(name: string, connect: ConnectMetrics, exceptions: Exceptions = {}): void {
  describe(`${name}: CloudWatch's metrics`, () => {
    const claims = createClaims(name, exceptions);
    points(claims, connect);
    statistics(claims, connect);
    questions(claims, connect);
    kept(claims, connect);
    refused(claims, connect);
    claims.end();
  });
}

const checkout: Dimension[] = [{ Name: "ServiceName", Value: "checkout" }];

/** A metric, and half an hour of which the minutes are counted from the beginning. */
async function openScene(connect: ConnectMetrics) {
  const { send, now, namespace, metric } = await connect();
  const from = Math.floor((now() - 40 * minute) / (5 * minute)) * 5 * minute;
  const stamp = (minutes: number) => new Date(from + minutes * minute);
  const query = (Id: string, change: { Stat?: string; Period?: number; Dimensions?: Dimension[] } = {}) => {
    const { Stat = "Average", Period = 60, Dimensions = checkout } = change;
    return { Id, MetricStat: { Metric: { Namespace: namespace, MetricName: metric, Dimensions }, Stat, Period } };
  };
  const ask = (MetricDataQueries: MetricDataQuery[], change: Partial<GetMetricDataCommandInput> = {}) => {
    const span = { StartTime: stamp(0), EndTime: stamp(30) };
    return send(new GetMetricDataCommand({ MetricDataQueries, ...span, ScanBy: "TimestampAscending", ...change }));
  };
  const put = (minutes: number, change: Partial<MetricDatum>) => {
    const datum = { MetricName: metric, Dimensions: checkout, Timestamp: stamp(minutes), ...change };
    return send(new PutMetricDataCommand({ Namespace: namespace, MetricData: [datum] }));
  };
  return { stamp, query, ask, put };
}

function valuesIn({ MetricDataResults = [] }: GetMetricDataCommandOutput) {
  return Object.fromEntries(MetricDataResults.map(({ Id, Values }) => [Id, Values]));
}

function points({ claim }: Claims, connect: ConnectMetrics): void {
  claim("gives what was put, each value with its stamp", async () => {
    const { stamp, query, ask, put } = await openScene(connect);
    for (const minutes of [0, 1, 5]) await put(minutes, { Value: minutes * 10 });
    const { MetricDataResults: [result] = [] } = await ask([query("m0")]);
    expect(result).toMatchObject({ Id: "m0", StatusCode: "Complete", Values: [0, 10, 50] });
    expect(result?.Timestamps).toEqual([stamp(0), stamp(1), stamp(5)]);
  });
  claim("gives the newest first unless it is asked otherwise", async () => {
    const { query, ask, put } = await openScene(connect);
    for (const minutes of [0, 1, 2]) await put(minutes, { Value: minutes });
    expect(valuesIn(await ask([query("m0")], { ScanBy: "TimestampDescending" }))).toEqual({ m0: [2, 1, 0] });
    expect(valuesIn(await ask([query("m0")], { ScanBy: undefined }))).toEqual({ m0: [2, 1, 0] });
  });
  claim("begins with the beginning, and ends before the end", async () => {
    const { stamp, query, ask, put } = await openScene(connect);
    for (const minutes of [4, 5, 9, 10]) await put(minutes, { Value: minutes });
    const span = { StartTime: stamp(5), EndTime: stamp(10) };
    expect(valuesIn(await ask([query("m0")], span))).toEqual({ m0: [5, 9] });
  });
  claim("begins with the whole minute in which the beginning lies", async () => {
    const { stamp, query, ask, put } = await openScene(connect);
    for (const minutes of [4, 5]) await put(minutes, { Value: minutes });
    const StartTime = new Date(stamp(5).getTime() + 50_000);
    expect(valuesIn(await ask([query("m0")], { StartTime }))).toEqual({ m0: [5] });
  });
  claim("says nothing of a metric that is not there, and gives nothing", async () => {
    const { query, ask } = await openScene(connect);
    const { MetricDataResults, NextToken } = await ask([query("m0")]);
    expect(MetricDataResults).toMatchObject([{ Id: "m0", StatusCode: "Complete", Values: [], Timestamps: [] }]);
    expect(NextToken).toBeUndefined();
  });
}

function statistics({ claim }: Claims, connect: ConnectMetrics): void {
  const asked = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"];
  const idOf = (Stat: string) => `m_${Stat}`;

  claim("gives each statistic of what lies in a period", async () => {
    const { stamp, query, ask, put } = await openScene(connect);
    for (const minutes of [0, 1, 3]) await put(minutes, { Value: minutes + 2 });
    await put(7, { Value: 1 });
    const found = await ask(asked.map((Stat) => query(idOf(Stat), { Stat, Period: 300 })));
    const values = [
      [10 / 3, 1],
      [10, 1],
      [2, 1],
      [5, 1],
      [3, 1],
    ];
    expect(valuesIn(found)).toEqual(Object.fromEntries(asked.map((Stat, index) => [idOf(Stat), values[index]])));
    expect(found.MetricDataResults?.[0]?.Timestamps).toEqual([stamp(0), stamp(5)]);
  });
  claim("adds a value to what was put in the same minute", async () => {
    const { query, ask, put } = await openScene(connect);
    for (const Value of [3, 9]) await put(0, { Value });
    const found = await ask(asked.map((Stat) => query(idOf(Stat), { Stat })));
    expect(asked.map((Stat) => valuesIn(found)[idOf(Stat)])).toEqual([[6], [12], [3], [9], [2]]);
  });
  claim("takes a set of statistics for the samples that it stands for", async () => {
    const { query, ask, put } = await openScene(connect);
    await put(0, { Value: 1 });
    const StatisticValues = { SampleCount: 9, Sum: 90, Minimum: 4, Maximum: 20 };
    await put(1, { StatisticValues });
    const found = await ask(asked.map((Stat) => query(idOf(Stat), { Stat, Period: 300 })));
    expect(asked.map((Stat) => valuesIn(found)[idOf(Stat)])).toEqual([[9.1], [91], [1], [20], [10]]);
  });
  claim("takes values with their counts", async () => {
    const { query, ask, put } = await openScene(connect);
    await put(0, { Values: [1, 5], Counts: [3, 1] });
    const found = await ask(asked.map((Stat) => query(idOf(Stat), { Stat })));
    expect(asked.map((Stat) => valuesIn(found)[idOf(Stat)])).toEqual([[2], [8], [1], [5], [4]]);
  });
}

function questions({ claim }: Claims, connect: ConnectMetrics): void {
  const cluster: Dimension = { Name: "ClusterName", Value: "shop" };

  claim("finds a metric by all of its dimensions, in whatever order", async () => {
    const { query, ask, put } = await openScene(connect);
    await put(0, { Value: 1 });
    await put(0, { Dimensions: [cluster, ...checkout], Value: 2 });
    const one = query("one");
    const both = query("both", { Dimensions: [...checkout, cluster] });
    const other = query("other", { Dimensions: [cluster] });
    expect(valuesIn(await ask([one, both, other]))).toEqual({ one: [1], both: [2], other: [] });
  });
  claim("finds a metric without dimensions only where it was put without", async () => {
    const { query, ask, put } = await openScene(connect);
    await put(0, { Value: 1 });
    await put(0, { Dimensions: [], Value: 2 });
    expect(valuesIn(await ask([query("bare", { Dimensions: [] })]))).toEqual({ bare: [2] });
  });
  claim("leaves out a query whose data is not to be returned", async () => {
    const { query, ask, put } = await openScene(connect);
    await put(0, { Value: 1 });
    const found = await ask([query("kept"), { ...query("dropped"), ReturnData: false }]);
    expect(valuesIn(found)).toEqual({ kept: [1] });
  });
  claim("gives pages of as many points as were asked for, which together hold all of them", async () => {
    const { query, ask, put } = await openScene(connect);
    for (const minutes of [0, 1, 2, 3, 4]) await put(minutes, { Value: minutes });
    const found: number[] = [];
    const statuses: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const token = NextToken === undefined ? {} : { NextToken };
      const page: GetMetricDataCommandOutput = await ask([query("m0")], { MaxDatapoints: 2, ...token });
      const { Values = [], StatusCode } = page.MetricDataResults?.[0] ?? {};
      expect(Values.length).toBeLessThanOrEqual(2);
      found.push(...Values);
      statuses.push(StatusCode);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(found).toEqual([0, 1, 2, 3, 4]);
    expect(statuses).toEqual(["PartialData", "PartialData", "Complete"]);
  });
  claim("answers 500 queries at once", async () => {
    const { query, ask } = await openScene(connect);
    const all = Array.from({ length: 500 }, (_, index) => query(`m${index}`));
    expect((await ask(all)).MetricDataResults).toHaveLength(500);
  });
}

function kept({ claim }: Claims, connect: ConnectMetrics): void {
  claim("gives nothing of a period that is not kept as long ago as the beginning, and says nothing of it", async () => {
    const { stamp, query, ask, put } = await openScene(connect);
    await put(5, { Value: 1 });
    const StartTime = new Date(stamp(0).getTime() - 16 * day);
    const found = await ask([query("fine"), query("coarse", { Period: 300 })], { StartTime });
    expect(valuesIn(found)).toEqual({ fine: [], coarse: [1] });
    expect(found.MetricDataResults?.map(({ StatusCode }) => StatusCode)).toEqual(["Complete", "Complete"]);
  });
  claim("refuses a point of more than two weeks ago", async () => {
    const { put } = await openScene(connect);
    const sent = put(-15 * 24 * 60, { Value: 1 });
    await expect(sent).rejects.toMatchObject({ name: expect.stringMatching(/^InvalidParameterValue/) });
  });
}

/** Its name ends as the protocol that the SDK speaks has it. */
const invalid = { name: expect.stringMatching(/^Validation(Error|Exception)$/) };

function refused({ claim }: Claims, connect: ConnectMetrics): void {
  type Scene = Awaited<ReturnType<typeof openScene>>;
  const refuses = (what: string, send: (scene: Scene) => Promise<unknown>): void => {
    claim(`refuses ${what}`, async () => {
      const scene = await openScene(connect);
      await expect(send(scene)).rejects.toMatchObject(invalid);
    });
  };
  refuses("no query", ({ ask }) => ask([]));
  refuses("501 queries", ({ ask, query }) => ask(Array.from({ length: 501 }, (_, index) => query(`m${index}`))));
  refuses("one Id for two queries", ({ ask, query }) => ask([query("m0"), query("m0")]));
  refuses("an Id that begins with a capital", ({ ask, query }) => ask([query("M0")]));
  refuses("an Id with a hyphen", ({ ask, query }) => ask([query("m-0")]));
  refuses("a period of 90 seconds", ({ ask, query }) => ask([query("m0", { Period: 90 })]));
  refuses("an end that is not after the beginning", ({ ask, query, stamp }) =>
    ask([query("m0")], { StartTime: stamp(5), EndTime: stamp(5) }),
  );
  claim("refuses a token that nobody gave out", async () => {
    const { ask, query } = await openScene(connect);
    await expect(ask([query("m0")], { NextToken: "guessed" })).rejects.toMatchObject({ name: "InvalidNextToken" });
  });
}
