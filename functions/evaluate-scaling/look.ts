import type { Configuration } from "../../shared/configuration/schema.ts";
import type { Instant } from "../../shared/instant.ts";
import { floorOf, freezeOf } from "../../shared/scaling/calendar.ts";
import type { Pending, Remembered } from "../../shared/scaling/decisions.ts";
import { evaluate } from "../../shared/scaling/evaluate.ts";
import {
  type Meter,
  type Query,
  type Recollection,
  readMetrics,
  seriesOf,
  windowOf,
} from "../../shared/scaling/metrics.ts";
import type { Target } from "../../shared/scaling/policy.ts";
import type { DecisionRecord, Facts, Memory, Series } from "../../shared/scaling/types.ts";
import { isMinuteOf } from "./cadence.ts";
import { lookAt, type Seen } from "./facts.ts";
import type { Observers } from "./observers.ts";

// From a target to its decision, without changing anything: what the function, a dry run and `why` have in common.

export interface Looking {
  observers: Observers;
  configuration: Configuration;
  at: Instant;
  /** Why nothing may be scaled at all, in a sentence; null when it may. */
  frozen: string | null;
  /** Whether AWS is asked about every target, about those of which something is to be done, or about none: of the past it knows nothing. */
  ask: "all" | "needed" | "none";
  recollections: Map<string, Recollection>;
  meter: Meter;
}

export interface Looked {
  target: Target;
  remembered: Remembered;
  record: DecisionRecord;
  memory: Memory;
  /** What AWS says of the target; null when nobody asked. */
  seen: Seen | null;
  /** Why it could not be asked, or its metrics not be read; null when all went well. */
  failure: string | null;
}

export interface Candidate {
  target: Target;
  remembered: Remembered;
}

export async function look(looking: Looking, candidates: readonly Candidate[]): Promise<Looked[]> {
  const series = await readAll(looking, candidates);
  const first = candidates.map(({ target, remembered }, index) => {
    const own = series[index] ?? [];
    return evaluate({ policy: target.policy, series: own, facts: null, memory: remembered.memory, at: looking.at });
  });
  const wanted = candidates.flatMap((candidate, index) => {
    const evaluated = first[index];
    return evaluated !== undefined && wantsFacts(looking, candidate, evaluated) ? [{ candidate, index }] : [];
  });
  const seen = await lookAt(
    looking.observers,
    wanted.map(({ candidate }) => candidate.target),
  );
  const byIndex = new Map(wanted.map(({ index }, place) => [index, seen[place]]));
  return candidates.flatMap((candidate, index) => {
    const evaluated = first[index];
    return evaluated === undefined ? [] : [concluded(looking, candidate, evaluated, byIndex.get(index))];
  });
}

type Evaluated = ReturnType<typeof evaluate>;

async function readAll(looking: Looking, candidates: readonly Candidate[]): Promise<Series[][]> {
  const { observers, at, meter, recollections } = looking;
  if (recollections.size > maximumRecollections) recollections.clear();
  const places: { candidate: number; query: Query }[] = candidates.flatMap(({ target }, candidate) =>
    target.sources.flatMap((source) => {
      const rule = target.policy.rules.find(({ metric }) => metric === source.metric);
      return rule === undefined ? [] : [{ candidate, query: windowOf({ rule, source, at }) }];
    }),
  );
  const reads = await readMetrics(
    observers.cloudwatch,
    places.map(({ query }) => query),
    meter,
  );
  const series: Series[][] = candidates.map(() => []);
  places.forEach(({ candidate, query }, place) => {
    const read = reads[place];
    const key = `${candidates[candidate]?.target.name} ${query.source.metric}`;
    if (read === undefined) return;
    const { series: own, recollection } = seriesOf(query, read, recollections.get(key));
    // What could not be read is no news of what was.
    if (own.failure === null) recollections.set(key, recollection);
    series[candidate]?.push(own);
  });
  return series;
}

/** Of targets that come and go; all is forgotten when there are more. */
const maximumRecollections = 100_000;

/**
 * AWS is asked about a target when something may be done to it, when something that was said of it may be over, and every few minutes
 * all the same: what is gone has no metrics, and what has less than its minimum may be calm.
 */
function wantsFacts(
  { ask, configuration, at }: Looking,
  { target, remembered }: Candidate,
  { record }: Evaluated,
): boolean {
  if (target.resource.type === "metric" || ask === "none") return false;
  if (ask === "all" || remembered.pending !== null || remembered.raised.length > 0) return true;
  const { askMinutes } = configuration.scaling.cadence;
  if (floorOf(target.name, at, configuration) !== null || isMinuteOf(target.name, askMinutes, at)) return true;
  const { verdict } = record.decision;
  return verdict === "out" || verdict === "in";
}

function concluded(
  looking: Looking,
  { target, remembered }: Candidate,
  evaluated: Evaluated,
  seen: Seen | { failure: string } | undefined,
): Looked {
  const { question } = evaluated.record;
  const facts = seen === undefined ? null : factsOf(looking, target, seen);
  const undone = undoneOf(remembered, facts, looking.at);
  const { record, memory } =
    facts === null ? evaluated : evaluate({ ...question, facts, memory: undone?.before ?? question.memory });
  const unread = question.series.find(({ failure }) => failure !== null);
  const failure = seen !== undefined && "failure" in seen ? seen.failure : (unread?.failure ?? null);
  return { target, remembered, record, memory, seen: seen === undefined || "failure" in seen ? null : seen, failure };
}

/** The change that was begun in an earlier minute and of which nothing has come: it is decided anew. Null where there is none. */
export function undoneOf({ pending }: Remembered, facts: Pick<Facts, "capacity"> | null, at: Instant): Pending | null {
  return pending !== null && facts?.capacity === pending.from && pending.at < at ? pending : null;
}

export function factsOf(
  { configuration, at, frozen }: Looking,
  { name }: Target,
  seen: Seen | { failure: string },
): Facts {
  const freeze = frozen ?? freezeOf(name, at, configuration);
  const calendar = { freeze, floor: floorOf(name, at, configuration), projects: true };
  if (!("failure" in seen)) return { ...seen, ...calendar };
  const unseen = { capacity: null, limits: null, deployment: null, foreign: null };
  return { ...unseen, ...calendar, gone: `it could not be looked at: ${seen.failure}` };
}
