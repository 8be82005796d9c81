import { expect, test } from "vitest";
import { scalingMeasures } from "../../bench/scaling.ts";
import { evaluateFleet, type FleetMinute, fleetConfiguration } from "../../bench/scaling-fleet.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";

const { configuration } = loadConfiguration("production");
const { perThousandMetrics } = configuration.scaling.price;
const fleet: FleetMinute = await evaluateFleet(fleetConfiguration(configuration, 1_000));

test("a small fleet is evaluated through the queue, with the fewest calls, and nothing is changed or written", () => {
  expect(fleet).toMatchObject({ targets: 1_000, evaluated: 1_000, metrics: 3_000, points: 135_000, changes: 0 });
  expect(fleet.calls).toEqual({
    ListServiceQuotas: 1,
    SendMessageBatch: 1,
    GetItem: 2,
    BatchGetItem: 10,
    GetMetricData: 6,
    // A tenth of the targets is asked about in each minute.
    DescribeServices: 10,
    DescribeScalableTargets: 10,
  });
  // One in twenty each minute, and of the others a fifth.
  expect(fleet.adaptive.metrics).toBe(5 * 150 + 2_850);
});

test("it reaches its goals, but for those that the test's own process disturbs", () => {
  const missed = scalingMeasures(fleet, perThousandMetrics).filter(({ reached }) => !reached);
  expect(missed.filter(({ name }) => !/cpu|memory/.test(name))).toEqual([]);
});

test("what would be wrong is seen", () => {
  const worse = {
    ...fleet,
    ...{ evaluated: 999, calls: { GetMetricData: 7 }, changes: 1, cpuMilliseconds: 3_001, peakBytes: 2 ** 29 },
    adaptive: { nearPercent: 5, metrics: 15_000 },
  };
  expect(scalingMeasures(worse, perThousandMetrics).filter(({ reached }) => reached)).toEqual([]);
});
