import { isObject } from "./reading.ts";
import type { AlarmMetric } from "./types.ts";

/**
 * The metrics of an alarm as EventBridge and the Lambda action write them: a list of queries, camel case, dimensions as a
 * map. What is not a metric (an expression, an SQL query, a shape of tomorrow) is left out: metrics only route.
 */
export function metricsOfConfiguration(metrics: unknown): AlarmMetric[] {
  if (!Array.isArray(metrics)) return [];
  const read = metrics.slice(0, maximumMetrics).map((query: unknown) => {
    const metric = field(field(query, "metricStat", "MetricStat"), "metric", "Metric");
    return metricOf(metric);
  });
  return bounded(read.filter((metric) => metric !== null));
}

/** The metrics of an alarm as SNS writes them: one metric in the trigger itself, or a list of queries in its `Metrics`. */
export function metricsOfTrigger(trigger: unknown): AlarmMetric[] {
  const one = metricOf(trigger);
  return one === null ? metricsOfConfiguration(field(trigger, "Metrics")) : bounded([one]);
}

/** A map of texts; entries that are neither text, number nor boolean are left out, and so is what is beyond the fiftieth. */
export function textMap(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return fromPairs(Object.entries(value));
}

/** The first so many characters of them: they are kept in the alarm's row, together with all else that is known of it. */
function bounded(metrics: readonly AlarmMetric[]): AlarmMetric[] {
  let left = maximumCharacters;
  return metrics.filter((metric) => {
    left -= JSON.stringify(metric).length;
    return left >= 0;
  });
}

const maximumCharacters = 40_000;
const maximumMetrics = 500;
const maximumEntries = 50;

function metricOf(metric: unknown): AlarmMetric | null {
  const namespace = field(metric, "namespace", "Namespace");
  const name = field(metric, "name", "MetricName");
  if (typeof namespace !== "string" || typeof name !== "string" || namespace === "" || name === "") return null;
  return {
    namespace: namespace.toWellFormed(),
    name: name.toWellFormed(),
    dimensions: dimensionsOf(field(metric, "dimensions", "Dimensions")),
  };
}

/** EventBridge has a map; SNS has a list of `{value, name}`, in lower case even where everything around it is not. */
function dimensionsOf(dimensions: unknown): Record<string, string> {
  if (!Array.isArray(dimensions)) return textMap(dimensions);
  return fromPairs(
    dimensions.map((dimension: unknown) => [field(dimension, "name", "Name"), field(dimension, "value", "Value")]),
  );
}

function fromPairs(entries: [unknown, unknown][]): Record<string, string> {
  const texts = entries.filter(([name, value]) => typeof name === "string" && isScalar(value));
  return Object.fromEntries(
    texts.slice(0, maximumEntries).map(([name, value]) => [wellFormed(name), wellFormed(value)]),
  );
}

function wellFormed(value: unknown): string {
  return String(value).toWellFormed();
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function field(value: unknown, ...names: string[]): unknown {
  if (!isObject(value)) return undefined;
  const [first] = names.filter((name) => Object.hasOwn(value, name)).map((name) => value[name]);
  return first;
}
