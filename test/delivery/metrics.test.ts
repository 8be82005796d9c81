import { describe, expect, test } from "vitest";
import type { AlarmMetric } from "../../shared/delivery/types.ts";
import { changed, golden, parseOne } from "./documents.ts";

const { event, topic } = golden("static");
const contributor = golden("insights-contributor");
const load = { namespace: "Shop", name: "Load" };

function metricsOf(document: unknown): AlarmMetric[] {
  const delivery = parseOne(document);
  if (delivery.type !== "transition") throw new Error(JSON.stringify(delivery));
  return delivery.alarm.metrics;
}

/** The metrics of an alarm with these queries. */
function ofQueries(...metrics: unknown[]): AlarmMetric[] {
  const queries = metrics.map((metric) => ({ metricStat: { metric } }));
  return metricsOf(changed(event, "detail.configuration.metrics", queries));
}

function dimensionsOf(dimensions: unknown): Record<string, string> | undefined {
  return metricsOf(changed(topic, "Trigger.Dimensions", dimensions))[0]?.dimensions;
}

describe("a metric", () => {
  test.each([
    [{ ...load, namespace: "" }],
    [{ ...load, name: "" }],
    [{ ...load, namespace: 5 }],
    [{ ...load, name: 5 }],
    [{ namespace: "Shop" }],
    [{ name: "Load" }],
  ])("%o is none: it has a namespace and a name", (metric) => {
    expect(ofQueries(metric, load)).toEqual([{ ...load, dimensions: {} }]);
  });

  test("is read of the first 500 queries of an alarm", () => {
    expect(ofQueries(...Array.from({ length: 600 }, () => load))).toHaveLength(500);
  });
});

describe("dimensions", () => {
  test.each([
    ["lower case, value first", [{ value: "i-1", name: "InstanceId" }], { InstanceId: "i-1" }],
    ["upper case", [{ Name: "InstanceId", Value: "i-1" }], { InstanceId: "i-1" }],
    ["a map", { InstanceId: "i-1", Port: 80, Public: true }, { InstanceId: "i-1", Port: "80", Public: "true" }],
    ["a map of more than texts", { a: null, b: {}, c: [], d: "e" }, { d: "e" }],
    ["a list without all names", [{ value: "i-1" }, { name: 5, value: "x" }, { name: "a", value: "b" }], { a: "b" }],
    [
      "a list without all values",
      [{ name: "a" }, { name: "b", value: null }, null, { name: "c", value: "d" }],
      { c: "d" },
    ],
    ["a text", "InstanceId", {}],
  ])("as %s", (_, dimensions, read) => {
    expect(dimensionsOf(dimensions)).toEqual(read);
  });

  test("are at most fifty, and what is none of them does not count", () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ name: `d${index}`, value: index < 5 ? null : "x" }));
    const read = Object.keys(dimensionsOf(many) ?? {});
    expect([read.length, read[0], read.at(-1)]).toEqual([50, "d5", "d54"]);
  });
});

test("a contributor's attributes are texts too", () => {
  const attributes = { endpoint: "/pay", status: 500, cached: false, labels: ["a"], owner: null };
  expect(parseOne(changed(contributor.event, "detail.alarmContributor.attributes", attributes))).toMatchObject({
    contributor: { attributes: { endpoint: "/pay", status: "500", cached: "false" } },
  });
  const listed = changed(contributor.event, "detail.alarmContributor.attributes", ["/pay"]);
  expect(parseOne(listed)).toHaveProperty("contributor.attributes", {});
});
