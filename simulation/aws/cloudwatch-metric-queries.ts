import type {
  GetMetricDataCommandInput,
  MetricDataQuery,
  MetricStat,
  Dimension as SdkDimension,
} from "@aws-sdk/client-cloudwatch";
import { day, hour, type Instant, minute, second } from "../../shared/instant.ts";
import { refuseUnknownParameters, validationOf } from "./cloudwatch-errors.ts";
import type { Statistic } from "./cloudwatch-series.ts";

/** Which series is meant. The dimensions are all that it has: CloudWatch finds none by some of them. */
export interface MetricIdentity {
  namespace: string;
  metric: string;
  dimensions: Readonly<Record<string, string>>;
}

export interface MetricQuery extends MetricIdentity {
  id: string;
  label: string;
  statistic: Statistic;
  periodSeconds: number;
  isReturned: boolean;
}

/** A question as it is understood: checked, and with what CloudWatch makes of its beginning. */
export interface MetricQuestion {
  queries: MetricQuery[];
  /** How long ago it was said to begin, before that was rounded. */
  ageMs: number;
  from: Instant;
  to: Instant;
  isDescending: boolean;
  maximumDatapoints: number;
  token: string | undefined;
}

// Source of the bounds: API reference, GetMetricData and MetricDataQuery.
const maximumQueries = 500;
const maximumDatapoints = 100_800;
const idPattern = /^[a-z][a-zA-Z0-9_]*$/;

const inputParameters = new Set([
  ...["MetricDataQueries", "StartTime", "EndTime", "ScanBy", "MaxDatapoints", "NextToken"],
]);
const queryParameters = new Set(["Id", "MetricStat", "Label", "ReturnData"]);
const statParameters = new Set(["Metric", "Period", "Stat"]);
const metricParameters = new Set(["Namespace", "MetricName", "Dimensions"]);

/** Throws as CloudWatch does for what it refuses, and an Error that names it for what is not simulated. */
export function questionOf(input: GetMetricDataCommandInput, now: Instant): MetricQuestion {
  refuseUnknownParameters("GetMetricDataCommand", input, inputParameters);
  const { MetricDataQueries: asked = [], StartTime, EndTime, ScanBy, MaxDatapoints = maximumDatapoints } = input;
  if (asked.length === 0) throw validationOf("The collection MetricDataQueries must not have a size less than 1.");
  if (asked.length > maximumQueries) {
    throw validationOf(`The collection MetricDataQueries must not have a size greater than ${maximumQueries}.`);
  }
  if (StartTime === undefined || EndTime === undefined) {
    throw validationOf("The parameters StartTime and EndTime are required.");
  }
  if (StartTime >= EndTime) throw validationOf("The parameter StartTime must be less than the parameter EndTime.");
  if (!Number.isInteger(MaxDatapoints) || MaxDatapoints < 1 || MaxDatapoints > maximumDatapoints) {
    throw validationOf(`The parameter MaxDatapoints must be between 1 and ${maximumDatapoints}.`);
  }
  const queries = asked.map(queryOf);
  if (new Set(queries.map(({ id }) => id)).size < queries.length) {
    throw validationOf("The values for parameter id in MetricDataQueries are not unique.");
  }
  return {
    queries,
    ageMs: now - StartTime.getTime(),
    from: rounded(StartTime.getTime(), now),
    to: EndTime.getTime(),
    isDescending: ScanBy !== "TimestampAscending",
    maximumDatapoints: MaxDatapoints,
    token: input.NextToken,
  };
}

function queryOf(query: MetricDataQuery, index: number): MetricQuery {
  const place = `MetricDataQueries.member.${index + 1}`;
  const { Id = "", MetricStat: stat, Label, ReturnData: isReturned = true } = query;
  if (!idPattern.test(Id)) {
    throw validationOf(
      `The value ${Id} for parameter ${place}.Id is not matching the expected pattern ${idPattern.source}.`,
    );
  }
  if ((stat === undefined) === (query.Expression === undefined)) {
    throw validationOf(`Either ${place}.MetricStat or ${place}.Expression must be specified, and not both.`);
  }
  refuseUnknownParameters("GetMetricDataCommand", query, queryParameters);
  const measured = measuredBy(place, stat);
  return { id: Id, label: Label ?? measured.metric, isReturned, ...measured };
}

function measuredBy(place: string, stat: Partial<MetricStat> = {}) {
  refuseUnknownParameters("GetMetricDataCommand", stat, statParameters);
  const { Metric = {}, Period: periodSeconds = 0, Stat = "" } = stat;
  refuseUnknownParameters("GetMetricDataCommand", Metric, metricParameters);
  const { Namespace: namespace = "", MetricName: metric = "", Dimensions } = Metric;
  if (namespace === "" || metric === "") {
    throw validationOf(`The parameters ${place}.MetricStat.Metric.Namespace and MetricName are required.`);
  }
  if (![1, 5, 10, 20, 30].includes(periodSeconds) && (periodSeconds < 60 || periodSeconds % 60 !== 0)) {
    throw validationOf(`The parameter ${place}.MetricStat.Period must be 1, 5, 10, 20, 30 or a multiple of 60.`);
  }
  if (periodSeconds < 60) throw new Error(`the simulated CloudWatch does not implement Period ${periodSeconds}`);
  return { namespace, metric, dimensions: dimensionsOf(Dimensions), statistic: statisticOf(Stat), periodSeconds };
}

const statistics: ReadonlySet<string> = new Set(["Average", "Sum", "Minimum", "Maximum", "SampleCount"]);

function statisticOf(stat: string): Statistic {
  if (!statistics.has(stat)) throw new Error(`the simulated CloudWatch does not implement Stat ${stat}`);
  return stat as Statistic;
}

export function dimensionsOf(dimensions: readonly SdkDimension[] = []): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { Name = "", Value = "" } of dimensions) found[Name] = Value;
  return found;
}

/** The same for the same series, in whatever order its dimensions are written. */
export function keyOf({ namespace, metric, dimensions }: MetricIdentity): string {
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  let key = `${namespace}\n${metric}`;
  for (const name of names) key += `\n${name}\n${dimensions[name]}`;
  return key;
}

// Source of the ages: API reference, GetMetricData and MetricStat; "Metrics retention" in the CloudWatch user guide.
const minutesEnd = 15 * day;
const fiveMinutesEnd = 63 * day;
const hoursEnd = 455 * day;

function rounded(start: Instant, now: Instant): Instant {
  const ageMs = now - start;
  const step = ageMs < minutesEnd ? minute : ageMs <= fiveMinutesEnd ? 5 * minute : hour;
  return Math.floor(start / step) * step;
}

/** Whether CloudWatch still has points of such a period at such an age. Where it has none it says nothing, and gives none. */
export function isKept({ periodSeconds }: MetricQuery, ageMs: number): boolean {
  const step = ageMs <= minutesEnd ? minute : ageMs <= fiveMinutesEnd ? 5 * minute : hour;
  return (periodSeconds * second) % step === 0;
}

/** Nothing from before this is left. */
export function oldestKept(now: Instant): Instant {
  return now - hoursEnd;
}
