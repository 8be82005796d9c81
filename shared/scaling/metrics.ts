import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandOutput,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import { type Instant, minute, second } from "../instant.ts";
import type { Source } from "./policy.ts";
import type { Point, Rule, Series } from "./types.ts";

// How CloudWatch is asked for many metrics at once.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html

type CloudWatch = Pick<CloudWatchClient, "send">;

/** One metric in a range of time: `from` counts, `until` does not, and both are whole periods. */
export interface Query {
  source: Source;
  from: Instant;
  until: Instant;
}

/** What is read of a metric: the values that are there, by stamp. */
export interface Read {
  values: Map<Instant, number>;
  /** Why it could not be read to its end; null when it could. */
  failure: string | null;
}

/** What reading costs: AWS counts metrics, not calls and not points. */
export interface Meter {
  calls: number;
  metrics: number;
  points: number;
}

export const queriesAtOnce = 500;
const pointsAtOnce = 100_800;

/** The closed, aligned window that a rule looks at, at this instant. */
export function windowOf({ rule, source, at }: { rule: Rule; source: Source; at: Instant }): Query {
  const widthMs = rule.periodSeconds * second;
  const until = Math.floor((at - rule.settleSeconds * second) / widthMs) * widthMs;
  const count = Math.max(rule.out?.of ?? 0, rule.in?.of ?? 0, 1);
  return { source, from: until - count * widthMs, until };
}

/**
 * Reads all queries with the fewest calls that their periods allow, each page reduced before the next is asked for. A query of which anything but `Complete`
 * is said in the end has a failure: what is known of it then is not all there is. Throws what a call as a whole is refused with.
 */
export async function readMetrics(cloudwatch: CloudWatch, queries: readonly Query[], meter: Meter): Promise<Read[]> {
  const reads: Read[] = queries.map(() => ({ values: new Map(), failure: "no answer" }));
  // A call has one beginning for all its queries, which must be a whole period of each: points are counted from there.
  const places = queries.map((_, index) => index);
  for (const of of Map.groupBy(places, (index) => queries[index]?.source.periodSeconds).values()) {
    // Of like lengths together: what is asked for in vain is counted against the quota.
    of.sort((left, right) => length(queries[left]) - length(queries[right]));
    for (let first = 0; first < of.length; first += queriesAtOnce) {
      await readPages(cloudwatch, queries, of.slice(first, first + queriesAtOnce), reads, meter);
    }
  }
  return reads;
}

function length(query: Query | undefined): number {
  return query === undefined ? 0 : query.until - query.from;
}

async function readPages(
  cloudwatch: CloudWatch,
  queries: readonly Query[],
  indexes: readonly number[],
  reads: Read[],
  meter: Meter,
): Promise<void> {
  const asked = indexes.flatMap((index) => {
    const query = queries[index];
    return query === undefined ? [] : [{ index, query }];
  });
  const from = Math.min(...asked.map(({ query }) => query.from));
  const until = Math.max(...asked.map(({ query }) => query.until));
  const dataQueries = asked.map(({ query }, place) => dataQuery(query.source, place));
  let token: string | undefined;
  do {
    const output: GetMetricDataCommandOutput = await cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: dataQueries,
        StartTime: new Date(from),
        EndTime: new Date(until),
        ScanBy: "TimestampAscending",
        MaxDatapoints: pointsAtOnce,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    meter.calls += 1;
    for (const result of output.MetricDataResults ?? []) {
      // A call may end while the next page knows more of an id; the last word counts.
      const place = Number(result.Id?.slice(1));
      const entry = asked[place];
      if (entry === undefined) continue;
      meter.points += keep(reads[entry.index], entry.query, result);
    }
    token = output.NextToken;
  } while (token !== undefined);
  meter.metrics += asked.length;
}

type Result = NonNullable<GetMetricDataCommandOutput["MetricDataResults"]>[number];

/** How many points it had. */
function keep(read: Read | undefined, query: Query, result: Result): number {
  const { Timestamps = [], Values = [], StatusCode, Messages = [] } = result;
  if (read === undefined) return 0;
  Timestamps.forEach((stamp, index) => {
    const at = stamp.getTime();
    const value = Values[index];
    if (value !== undefined && Number.isFinite(value) && at >= query.from && at < query.until)
      read.values.set(at, value);
  });
  const said = Messages.map(({ Code, Value }) => `${Code ?? "message"}: ${Value ?? ""}`).join("; ");
  read.failure = StatusCode === "Complete" ? null : `CloudWatch says ${StatusCode ?? "nothing"}${said && ` (${said})`}`;
  return Timestamps.length;
}

/** Ids of our own: a resource's name may hold what an id may not. */
function dataQuery({ namespace, name, dimensions, statistic, periodSeconds }: Source, place: number): MetricDataQuery {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return {
    Id: `m${place}`,
    MetricStat: {
      Metric: { Namespace: namespace, MetricName: name, Dimensions },
      Period: periodSeconds,
      Stat: statistic,
    },
  };
}

/** A metric's youngest values as they were read last, and how often each was seen to change: what a warm function remembers of them. */
export interface Recollection {
  from: Instant;
  /** NaN where there was none. */
  values: number[];
  revisions: number[];
}

/** Points older than this before the window's end do not change any more. */
const revisedMs = 10 * minute;

/** A query's points without a gap in their stamps, the oldest first, and what to remember of them. */
export function seriesOf(
  query: Query,
  read: Read,
  before: Recollection | undefined,
): { series: Series; recollection: Recollection } {
  const widthMs = query.source.periodSeconds * second;
  const young = Math.max(query.from, query.until - Math.ceil(revisedMs / widthMs) * widthMs);
  const recollection: Recollection = { from: young, values: [], revisions: [] };
  const points: Point[] = [];
  for (let at = query.from; at < query.until; at += widthMs) {
    const value = read.values.get(at) ?? null;
    const place = before === undefined || at < young ? -1 : (at - before.from) / widthMs;
    const revision = revisionOf(before, place, value);
    points.push({ at, value, revision });
    if (at < young) continue;
    recollection.values.push(value ?? Number.NaN);
    recollection.revisions.push(revision);
  }
  return { series: { metric: query.source.metric, end: query.until, points, failure: read.failure }, recollection };
}

/** One that came late is no revision: nothing that anybody knew has changed. */
function revisionOf(before: Recollection | undefined, place: number, value: number | null): number {
  const known = before?.values[place] ?? Number.NaN;
  const revision = before?.revisions[place] ?? 0;
  return Number.isNaN(known) || value === null || known === value ? revision : revision + 1;
}

/** What so many metrics cost a month, looked at every so many minutes. */
export function monthlyCost(metrics: number, everyMinutes: number, perThousandMetrics: number): number {
  const minutesOfMonth = 30 * 24 * 60;
  return (metrics * minutesOfMonth * perThousandMetrics) / everyMinutes / 1_000;
}
