// The metrics of a CloudWatch that lives in memory: the world puts points, whoever asks reads them as CloudWatch gives them out,
// with what it does not have yet, what it no longer has, and what it will not tell. docs/decisions/0017 says what of it no server
// can judge.

import type {
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  MessageData,
  MetricDataResult,
  StatusCode,
} from "@aws-sdk/client-cloudwatch";
import { Broken } from "../../shared/failures.ts";
import { type Instant, second } from "../../shared/instant.ts";
import { invalidNextToken } from "./cloudwatch-errors.ts";
import {
  isKept,
  keyOf,
  type MetricIdentity,
  type MetricQuery,
  type MetricQuestion,
  oldestKept,
  questionOf,
} from "./cloudwatch-metric-queries.ts";
import { checkQuota, type DatapointQuota, type Spending } from "./cloudwatch-quota.ts";
import { type Bins, binsOf, emptySeries, reveal, type Samples, type Series, setPoint } from "./cloudwatch-series.ts";

export interface MetricPoint extends MetricIdentity {
  at: Instant;
  /** A number is a single sample. */
  value: number | Samples;
  /** Nobody sees it before; at once unless stated. */
  availableAt?: Instant;
}

export interface SimulatedMetrics {
  /** What the service that is measured says of a stamp, instead of what it said of it before. */
  put(point: MetricPoint): void;
  /** The same for one series of which much is said. */
  putter(identity: MetricIdentity): (point: Pick<MetricPoint, "at" | "value" | "availableAt">) => void;
  /** Asked once for each query of a call: the status with which it is answered, without points, or with half of them. */
  fail: (query: MetricQuery) => StatusCode | null;
  /** What CloudWatch has to say of each whole call. */
  messages: readonly MessageData[];
  /** How many datapoints may be asked for; none is refused while it is null. */
  quota: DatapointQuota | null;
}

export interface MetricStore {
  now: () => Instant;
  series: Map<string, Series>;
  spending: Spending;
}

/** Without a clock there are no metrics: what is asked of them throws Broken. */
export function createMetricStore(now?: () => Instant): MetricStore {
  const missing = (): Instant => {
    throw new Broken("a CloudWatch without a clock has no metrics");
  };
  return { now: now ?? missing, series: new Map(), spending: new Map() };
}

export function createMetrics(store: MetricStore): SimulatedMetrics {
  const putInto = (series: Series, { at, value, availableAt }: Pick<MetricPoint, "at" | "value" | "availableAt">) => {
    const now = store.now();
    setPoint(series, { at, value, availableAt: availableAt ?? now, now });
  };
  return {
    put: (point) => putInto(seriesOf(store, point), point),
    putter(identity) {
      const series = seriesOf(store, identity);
      return (point) => putInto(series, point);
    },
    fail: () => null,
    messages: [],
    quota: null,
  };
}

/** Made where there is none. */
export function seriesOf(store: MetricStore, identity: MetricIdentity): Series {
  const key = keyOf(identity);
  const found = store.series.get(key);
  if (found !== undefined) return found;
  const made = emptySeries();
  store.series.set(key, made);
  return made;
}

/** Where a page begins: after a point of a query that the page before did not finish. */
interface Position {
  query: number;
  /** Null before its first point. */
  after: number | null;
}

interface Reading {
  store: MetricStore;
  question: MetricQuestion;
  now: Instant;
  /** Of the page that is being written. */
  left: number;
  /** One for all that begins at the same time. */
  dates: Map<Instant, Date>;
}

export function getMetricData(
  store: MetricStore,
  { fail, messages, quota }: SimulatedMetrics,
  input: GetMetricDataCommandInput,
): GetMetricDataCommandOutput {
  const now = store.now();
  const question = questionOf(input, now);
  const begin = positionIn(question);
  const remaining = question.queries.slice(begin.query);
  if (quota !== null) checkQuota(store.spending, quota, { ...question, queries: remaining, now });
  const reading: Reading = { store, question, now, left: question.maximumDatapoints, dates: new Map() };
  const results: MetricDataResult[] = [];
  let next: Position | null = null;
  for (const [index, query] of remaining.entries()) {
    if (!query.isReturned) continue;
    const status = fail(query) ?? "Complete";
    if (status === "InternalError" || status === "Forbidden") {
      results.push(refusedResult(query, status));
      continue;
    }
    const { result, rest } = read(reading, query, index === 0 ? begin.after : null, status);
    results.push(result);
    if (rest !== null) next ??= { query: begin.query + index, after: rest.after };
  }
  return {
    $metadata: { httpStatusCode: 200 },
    MetricDataResults: results,
    Messages: [...messages],
    ...(next === null ? {} : { NextToken: tokenOf(question, next) }),
  };
}

function refusedResult({ id, label }: MetricQuery, StatusCode: StatusCode): MetricDataResult {
  const Messages = [{ Code: StatusCode, Value: `the query was refused: ${StatusCode}` }];
  return { Id: id, Label: label, Timestamps: [], Values: [], StatusCode, Messages };
}

/** As much of a query as the page still holds, and where the rest of it begins if there is one. */
function read(reading: Reading, query: MetricQuery, after: number | null, status: StatusCode) {
  const { question, dates } = reading;
  const all = binsAfter(reading, query, after);
  // Of what is made partial half is missing, and no page will have it.
  const wanted = status === "PartialData" ? Math.ceil(all.values.length / 2) : all.values.length;
  const count = Math.min(wanted, reading.left);
  reading.left -= count;
  const numbers = all.numbers.slice(0, count);
  const periodMs = query.periodSeconds * second;
  const Timestamps = numbers.map((number) => dateAt(dates, question.from + number * periodMs));
  const StatusCode: StatusCode = count === wanted ? status : "PartialData";
  const Values = all.values.slice(0, count);
  const result = { Id: query.id, Label: query.label, Timestamps, Values, StatusCode, Messages: [] };
  return { result, rest: count === wanted ? null : { after: numbers.at(-1) ?? after } };
}

/** In the order that was asked for. */
function binsAfter({ store, question, now }: Reading, query: MetricQuery, after: number | null): Bins {
  const series = store.series.get(keyOf(query));
  if (series === undefined || !isKept(query, question.ageMs)) return { numbers: [], values: [] };
  reveal(series, now);
  const span = { from: question.from, to: question.to, periodMs: query.periodSeconds * second };
  const { numbers, values } = binsOf(series, span, query.statistic, oldestKept(now));
  if (question.isDescending) {
    numbers.reverse();
    values.reverse();
  }
  if (after === null) return { numbers, values };
  const first = numbers.findIndex((number) => (question.isDescending ? number < after : number > after));
  const begin = first === -1 ? numbers.length : first;
  return { numbers: numbers.slice(begin), values: values.slice(begin) };
}

function dateAt(dates: Map<Instant, Date>, at: Instant): Date {
  const found = dates.get(at);
  if (found !== undefined) return found;
  const made = new Date(at);
  dates.set(at, made);
  return made;
}

/** A token belongs to its question. */
function tokenOf({ queries, from, to, isDescending }: MetricQuestion, { query, after }: Position): string {
  const parts = [queries.length, from, to, isDescending ? 1 : 0, query, after ?? ""];
  return Buffer.from(parts.join("/")).toString("base64url");
}

function positionIn(question: MetricQuestion): Position {
  if (question.token === undefined) return { query: 0, after: null };
  const parts = Buffer.from(question.token, "base64url").toString().split("/");
  const [query, after] = parts.slice(4);
  const position = { query: Number(query), after: after === "" ? null : Number(after) };
  if (tokenOf(question, position) !== question.token) throw invalidNextToken();
  return position;
}
