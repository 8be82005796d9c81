import type { GetMetricDataCommand, GetMetricDataCommandOutput } from "@aws-sdk/client-cloudwatch";
import { describe, expect, test } from "vitest";
import { minute } from "../../shared/instant.ts";
import { type Meter, type Query, readMetrics, seriesOf } from "../../shared/scaling/metrics.ts";
import { createCloudWatch } from "../../simulation/aws/cloudwatch.ts";
import {
  busy,
  configurationWith,
  createScene,
  desired,
  idle,
  kept,
  measure,
  pass,
  remembered,
  start,
  told,
  toldDecisions,
} from "./scene.ts";

const none = (): Meter => ({ calls: 0, metrics: 0, points: 0 });

function queryOf(service: string, { minutes = 10, periodSeconds = 60 } = {}): Query {
  const source = {
    ...{ metric: "cpu", namespace: "AWS/ECS", name: "CPUUtilization", dimensions: { ServiceName: service } },
    ...{ statistic: "Average", periodSeconds },
  };
  return { source, from: start - minutes * minute, until: start };
}

function storeOf(services: readonly string[], minutes = 10) {
  const cloudwatch = createCloudWatch({ account: "111122223333", region: "eu-west-1", now: () => start });
  for (const [index, service] of services.entries()) {
    const identity = { namespace: "AWS/ECS", metric: "CPUUtilization", dimensions: { ServiceName: service } };
    for (let age = minutes; age > 0; age--)
      cloudwatch.metrics.put({ ...identity, at: start - age * minute, value: index });
  }
  return cloudwatch;
}

const valuesOf = ({ values }: { values: Map<number, number> }) => [...values.values()];

describe("many metrics", () => {
  test("are asked for by five hundred", async () => {
    const services = Array.from({ length: 1_001 }, (_, index) => `service-${index}`);
    const meter = none();
    const reads = await readMetrics(
      storeOf(services),
      services.map((name) => queryOf(name)),
      meter,
    );
    expect(meter).toEqual({ calls: 3, metrics: 1_001, points: 10_010 });
    expect(reads.map((read) => valuesOf(read).every((value) => value === reads.indexOf(read)))).not.toContain(false);
  });

  test("of which a page does not hold all are read page by page, and put together by their ids", async () => {
    const services = Array.from({ length: 300 }, (_, index) => `service-${index}`);
    const meter = none();
    const reads = await readMetrics(
      storeOf(services, 400),
      services.map((name) => queryOf(name, { minutes: 400 })),
      meter,
    );
    expect(meter).toEqual({ calls: 2, metrics: 300, points: 120_000 });
    expect(reads.map(({ values, failure }) => [values.size, failure])).toEqual(services.map(() => [400, null]));
  });

  test("whose points are of different widths are counted from where each width begins", async () => {
    const cloudwatch = storeOf(["a", "b"], 33);
    const [minutes, fives] = await readMetrics(
      cloudwatch,
      [queryOf("a", { minutes: 33 }), queryOf("b", { minutes: 25, periodSeconds: 300 })],
      none(),
    );
    expect(minutes?.values.size).toBe(33);
    expect([...(fives?.values.keys() ?? [])].map((at) => (start - at) / minute)).toEqual([25, 20, 15, 10, 5]);
  });
});

describe("what CloudWatch does not say completely", () => {
  test.each(["PartialData", "InternalError", "Forbidden"] as const)(
    "%s is a failure of that metric alone",
    async (status) => {
      const cloudwatch = storeOf(["a", "b"]);
      cloudwatch.metrics.fail = ({ dimensions }) => (dimensions.ServiceName === "b" ? status : null);
      const [a, b] = await readMetrics(cloudwatch, [queryOf("a"), queryOf("b")], none());
      expect(a?.failure).toBeNull();
      expect(b?.failure).toContain(`CloudWatch says ${status}`);
    },
  );

  test("or does not answer at all", async () => {
    const answer: GetMetricDataCommandOutput = { $metadata: {}, MetricDataResults: [] };
    const silent = { send: async (_: GetMetricDataCommand) => answer } as never;
    const [read] = await readMetrics(silent, [queryOf("a")], none());
    expect(read).toEqual({ values: new Map(), failure: "no answer" });
  });

  test.each(["PartialData", "InternalError", "Forbidden"] as const)("%s never scales anything in", async (status) => {
    const account = await createScene();
    measure(account, idle);
    account.cloudwatch.metrics.fail = ({ metric }) => (metric === "MemoryUtilization" ? status : null);
    await expect(account.tick()).rejects.toThrow("1 targets were not evaluated");
    expect(account.changes).toEqual([]);
    expect(toldDecisions(account)).toEqual(["unknown checkout"]);
    expect(told(account)).toEqual([]);
  });

  test("of one metric does not keep another from scaling out", async () => {
    const account = await createScene();
    measure(account, busy);
    account.cloudwatch.metrics.fail = ({ metric }) => (metric === "MemoryUtilization" ? "InternalError" : null);
    await expect(account.tick()).rejects.toThrow("InternalError");
    expect(desired(account)).toBe(5);
  });
});

describe("a point", () => {
  test("that comes late is missing until then", async () => {
    const account = await createScene();
    measure(account, idle, { until: start - 10 * minute });
    measure(account, { memory: idle.memory }, { from: start - 10 * minute });
    measure(account, idle, { from: start - 9 * minute });
    const late = { ...cpuOf("checkout"), at: start - 10 * minute, value: 5, availableAt: start + 3 * minute };
    account.cloudwatch.metrics.put(late);
    await account.tick();
    expect(toldDecisions(account)).toEqual(["hold checkout: missing-data"]);
    await pass(account, 2, idle);
    expect(desired(account)).toBe(4);
    await pass(account, 1, idle);
    expect(desired(account)).toBe(3);
  });

  test("that is revised is counted by a function that is warm, and one that came late is not", () => {
    const query = queryOf("a", { minutes: 30 });
    const read = (change: Record<number, number | null> = {}) => {
      const values = new Map<number, number>();
      for (let age = 30; age > 0; age--) {
        const value = age in change ? change[age] : 50;
        if (value !== null && value !== undefined) values.set(start - age * minute, value);
      }
      return { values, failure: null };
    };
    const first = seriesOf(query, read({ 3: null }), undefined);
    const second = seriesOf(query, read({ 4: 51, 20: 52 }), first.recollection);
    const third = seriesOf(query, read({ 4: 52 }), second.recollection);
    const revisions = (series: typeof third.series) =>
      series.points.flatMap(({ at, revision }) => (revision > 0 ? [[(start - at) / minute, revision]] : []));
    expect(revisions(first.series)).toEqual([]);
    // What is older than ten minutes does not change any more: nobody remembers it.
    expect(revisions(second.series)).toEqual([[4, 1]]);
    expect(revisions(third.series)).toEqual([[4, 2]]);
  });

  test("that is revised stands in the record of what it led to", async () => {
    const account = await createScene();
    measure(account, busy);
    account.cloudwatch.metrics.put({ ...cpuOf("checkout"), at: start - 5 * minute, value: 60 });
    await account.tick();
    expect(account.changes).toEqual([]);
    account.cloudwatch.metrics.put({ ...cpuOf("checkout"), at: start - 5 * minute, value: 99 });
    await pass(account, 1, busy);
    expect(desired(account)).toBe(5);
    const points =
      kept(account)
        .at(-1)
        ?.question.series.find(({ metric }) => metric === "cpu")?.points ?? [];
    expect(points.filter(({ revision }) => revision > 0)).toEqual([{ at: start - 5 * minute, value: 99, revision: 1 }]);
  });
});

test("a CloudWatch that throttles fails the minute, and the next one is as good", async () => {
  const account = await createScene();
  measure(account, busy);
  let throttled = true;
  account.around = async (name, execute) => {
    if (name === "GetMetricData" && throttled)
      throw Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
    return execute();
  };
  await expect(account.tick()).rejects.toThrow("Rate exceeded");
  expect(remembered(account)).toBeUndefined();
  throttled = false;
  await pass(account, 1, busy);
  expect(desired(account)).toBe(5);
});

test("where a tagged target's metric has no source, it is not forgotten", async () => {
  const low = { key: "scaling", value: "low", maximum: 4, metrics: { cpu: { periodSeconds: 60 }, memory: {} } };
  const account = await createScene(
    configurationWith({ tagged: { low }, targets: { checkout: { mode: "recommend" } } }),
  );
  const group = account.groups.put("web", { desired: 3, maximum: 9, tags: { scaling: "low" } });
  const identity = { namespace: "AWS/EC2", metric: "CPUUtilization", dimensions: { AutoScalingGroupName: "web" } };
  for (let at = start - 60 * minute; at < start; at += minute)
    account.cloudwatch.metrics.put({ ...identity, at, value: 1 });
  await account.tick();
  expect(toldDecisions(account).filter((each) => each.includes("web"))).toEqual(["unknown web"]);
  expect(group.desired).toBe(3);
});

function cpuOf(service: string) {
  return { namespace: "AWS/ECS", metric: "CPUUtilization", dimensions: { ClusterName: "shop", ServiceName: service } };
}
