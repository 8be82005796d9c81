import type { MetricDatum, PutMetricDataCommandInput, PutMetricDataCommandOutput } from "@aws-sdk/client-cloudwatch";
import { day, hour, type Instant, minute } from "../../shared/instant.ts";
import { invalidValue, refuseUnknownParameters, validationOf } from "./cloudwatch-errors.ts";
import { dimensionsOf } from "./cloudwatch-metric-queries.ts";
import { type MetricStore, seriesOf } from "./cloudwatch-metrics.ts";
import { addSamples, reveal, type Samples } from "./cloudwatch-series.ts";

// Source of the bounds: API reference, PutMetricData and MetricDatum.
const maximumMetrics = 1_000;
const maximumValues = 150;
const oldest = 14 * day;
const newest = 2 * hour;
const largest = 2 ** 360;

const inputParameters = new Set(["Namespace", "MetricData"]);
const datumParameters = new Set([
  ...["MetricName", "Dimensions", "Timestamp", "Value", "Values", "Counts", "StatisticValues"],
  // Whoever asks without a unit, and nobody can ask with one here, is given what was put with any.
  ...["Unit", "StorageResolution"],
]);

/** Adds to what is there: to CloudWatch each value that is put is one more sample of its minute. All of them, or none. */
export function putMetricData(store: MetricStore, input: PutMetricDataCommandInput): PutMetricDataCommandOutput {
  refuseUnknownParameters("PutMetricDataCommand", input, inputParameters);
  const { Namespace: namespace = "", MetricData: data = [] } = input;
  const now = store.now();
  if (namespace === "") throw validationOf("The parameter Namespace is required.");
  if (data.length === 0) throw validationOf("The parameter MetricData is required.");
  if (data.length > maximumMetrics) {
    throw validationOf(`The collection MetricData must not have a size greater than ${maximumMetrics}.`);
  }
  const checked = data.map((datum, index) => checkedDatum(datum, `MetricData.member.${index + 1}`, now));
  for (const { at, samples, metric, dimensions } of checked) {
    const series = seriesOf(store, { namespace, metric, dimensions });
    reveal(series, now);
    addSamples(series, at, samples);
  }
  return { $metadata: { httpStatusCode: 200 } };
}

function checkedDatum(datum: MetricDatum, place: string, now: Instant) {
  refuseUnknownParameters("PutMetricDataCommand", datum, datumParameters);
  if ((datum.StorageResolution ?? 60) !== 60) {
    throw new Error("the simulated CloudWatch does not implement StorageResolution 1 of PutMetricDataCommand");
  }
  const at = datum.Timestamp?.getTime() ?? now;
  if (at < now - oldest || at > now + newest) {
    throw invalidValue(`The parameter ${place}.Timestamp must be at most two weeks old, and two hours ahead.`);
  }
  const { MetricName: metric = "" } = datum;
  if (metric === "") throw validationOf(`The parameter ${place}.MetricName is required.`);
  const samples = samplesOf(datum, place);
  if (!Object.values<number>({ ...samples }).every((value) => Math.abs(value) <= largest)) {
    throw invalidValue(`The value for parameter ${place}.Value is out of range.`);
  }
  return { at: Math.floor(at / minute) * minute, metric, dimensions: dimensionsOf(datum.Dimensions), samples };
}

function samplesOf({ Value, Values, Counts, StatisticValues }: MetricDatum, place: string): Samples {
  if ([Value, Values, StatisticValues].filter((given) => given !== undefined).length !== 1) {
    throw validationOf(`One of ${place}.Value, Values and StatisticValues must be specified.`);
  }
  if (StatisticValues !== undefined) {
    const { Sum: sum = 0, SampleCount: count = 0, Minimum: minimum = 0, Maximum: maximum = 0 } = StatisticValues;
    return { sum, count, minimum, maximum };
  }
  const values = Values ?? [Value ?? 0];
  const counts = Counts ?? values.map(() => 1);
  if (values.length === 0 || values.length > maximumValues || counts.length !== values.length) {
    throw invalidValue(`The parameters ${place}.Values and Counts must have as many members, 1 to ${maximumValues}.`);
  }
  const sum = values.reduce((total, value, index) => total + value * (counts[index] ?? 0), 0);
  const count = counts.reduce((total, each) => total + each, 0);
  return { sum, count, minimum: Math.min(...values), maximum: Math.max(...values) };
}
