import type { Alarm, AlarmState, Mute, Transition } from "../delivery/types.ts";
import type { Instant } from "../instant.ts";
import type { Member, Span } from "./types.ts";

/** One voice of an alarm: the alarm itself (""), or one contributor, by its id. */
export interface Source {
  state: AlarmState;
  /** The stamp of its newest transition. */
  at: Instant;
  /** Its newest changes to ALARM (red) and to OK, by stamp. INSUFFICIENT_DATA is no change of this kind. */
  history: { at: Instant; red: boolean }[];
  /** The stamps of its newest transitions: flapping is counted by them. */
  transitions: Instant[];
}

/** What is known of one alarm or finding, whatever incident it is in. */
export interface AlarmRecord {
  arn: string;
  name: string;
  kind: Member["kind"];
  /** What the newest delivery told of the alarm itself, as far as it is kept; null for a finding. */
  alarm: Alarm | null;
  sources: Record<string, Source>;
  /** When it was deleted or let go, oldest first: what was red before that is not red any more. */
  ends: Instant[];
  deleted: boolean;
  mute: Mute | null;
  tags: { values: Record<string, string>; at: Instant } | null;
  /** Composite alarms that read it, and (of a composite alarm) the alarms that it reads. Sorted. */
  parents: string[];
  children: string[];
  /** The key that routing, or its service, gives it; null when it has neither. */
  ownKey: string | null;
  /** The key of the thread that knows it. */
  thread: string | null;
  /** Rises by one with each write; 0 before the first. */
  version: number;
}

/** Enough for what any order can bring; older changes are forgotten. An alarm of many series keeps less of each. */
const kept = { history: 40, transitions: 20 };
const keptOfMany = { history: 4, transitions: 8 };
const many = 50;
const maximumEnds = 8;
/** CloudWatch evaluates at most 500 contributors of an alarm. */
const maximumSources = 500;

export function blankRecord(arn: string, name: string, kind: Member["kind"]): AlarmRecord {
  return {
    arn,
    name,
    kind,
    alarm: null,
    sources: {},
    ends: [],
    deleted: false,
    mute: null,
    tags: null,
    parents: [],
    children: [],
    ownKey: null,
    thread: null,
    version: 0,
  };
}

/** What of an alarm is needed to classify it again. Of its rule the children are learnt, and the words are not kept. */
export function keptOf(alarm: Alarm): Alarm {
  return { ...alarm, description: null, alarmRule: null };
}

export type Heard = Pick<Transition, "state" | "at" | "mute"> & {
  /** "" for the alarm itself. */
  source: string;
  /** The action was taken, so no mute rule and no suppressor holds. */
  provesNoMute: boolean;
};

/** Whether a transition is older than the newest change of its source to ALARM or OK that was applied. */
export function isStale(record: AlarmRecord, heard: Heard): boolean {
  const source = sourceOf(record, heard.source);
  if (heard.at < endedAt(record)) return true;
  if (source === undefined) return false;
  // One that only INSUFFICIENT_DATA has overtaken still decides what was red.
  const newest = heard.state === "INSUFFICIENT_DATA" ? source.at : (source.history.at(-1)?.at ?? 0);
  return heard.at < newest;
}

/** What one voice last said. Its id is whatever CloudWatch made it. */
export function sourceOf({ sources }: AlarmRecord, id: string): Source | undefined {
  return Object.hasOwn(sources, id) ? sources[id] : undefined;
}

/** The stamp of the newest change to ALARM or OK. */
export function newestChange({ sources }: AlarmRecord): Instant {
  return Math.max(0, ...Object.values(sources).map(({ history }) => history.at(-1)?.at ?? 0));
}

/** When it was last deleted or let go; 0 when it never was. */
export function endedAt({ ends }: AlarmRecord): Instant {
  return ends.at(-1) ?? 0;
}

/** The record after a transition, stale or not. */
export function hear(record: AlarmRecord, heard: Heard): AlarmRecord {
  const before = sourceOf(record, heard.source) ?? { state: "OK", at: 0, history: [], transitions: [] };
  const stale = isStale(record, heard);
  const newer = heard.at >= before.at;
  const limit = Object.keys(record.sources).length > many ? keptOfMany : kept;
  const changes = before.at === 0 || before.state !== heard.state;
  const source: Source = {
    state: newer ? heard.state : before.state,
    at: Math.max(before.at, heard.at),
    history: heard.state === "INSUFFICIENT_DATA" ? before.history : inserted(before.history, heard, limit.history),
    transitions:
      stale || !changes
        ? before.transitions
        : [...before.transitions, heard.at].sort(ascending).slice(-limit.transitions),
  };
  const sources = { ...record.sources, [heard.source]: source };
  const revived = record.deleted && !stale && heard.state !== "INSUFFICIENT_DATA";
  const next = { ...record, sources: bounded(sources), deleted: record.deleted && !revived };
  return stale ? next : { ...next, mute: muteAfter(record, next, heard) };
}

/** The record after the alarm was deleted, or let go because it has had no data for so long. */
export function end(record: AlarmRecord, at: Instant, deleted: boolean): AlarmRecord {
  const ends = [...new Set([...record.ends, at])].sort(ascending).slice(-maximumEnds);
  // What was told of it after that stands: it was made anew.
  if (newestChange(record) > at) return { ...record, ends };
  return { ...record, ends, deleted: record.deleted || deleted, mute: null };
}

/** The times at which the alarm was red, oldest first. Only the last one may be open. */
export function spansOf(record: AlarmRecord): Span[] {
  const changes = Object.entries(record.sources).flatMap(([source, { history }]) =>
    history.map((change) => ({ ...change, source, rank: source === "" ? 0 : 1 })),
  );
  const ends = record.ends.map((at) => ({ at, red: false, source: "", rank: 2 }));
  const events = [...changes, ...ends].sort((left, right) => left.at - right.at || left.rank - right.rank);
  const red = new Set<string>();
  const spans: Span[] = [];
  for (const { at, red: turnsRed, source } of events) {
    const before = red.size;
    if (turnsRed) red.add(source);
    // The alarm itself is OK only when none of its contributors is red.
    else if (source === "") red.clear();
    else red.delete(source);
    const last = spans.at(-1);
    if (before === 0 && red.size > 0) spans.push({ from: at, until: null });
    else if (before > 0 && red.size === 0 && last !== undefined) last.until = at;
  }
  return spans;
}

export function isRed(record: AlarmRecord): boolean {
  const last = spansOf(record).at(-1);
  return last !== undefined && last.until === null;
}

/** The state that a person is shown. */
export function shownState(record: AlarmRecord): AlarmState {
  const own = record.sources[""];
  if (own?.state === "INSUFFICIENT_DATA") return own.state;
  return isRed(record) ? "ALARM" : "OK";
}

/** Whether one of its sources flaps: it began to with so many transitions within the window, and has not paused for as long since. */
export function flaps(record: AlarmRecord, transitions: number, windowMs: number): boolean {
  return Object.values(record.sources).some(({ transitions: stamps }) => {
    let flapping = false;
    for (const [index, at] of stamps.entries()) {
      const before = stamps[index - 1];
      const first = stamps[index - transitions + 1];
      if (before !== undefined && at - before >= windowMs) flapping = false;
      if (first !== undefined && at - first <= windowMs) flapping = true;
    }
    return flapping;
  });
}

export function lastTransition(record: AlarmRecord): Instant {
  return Math.max(endedAt(record), ...Object.values(record.sources).map(({ at }) => at));
}

/** Since when a red alarm has had no data. */
export function insufficientSince(record: AlarmRecord): Instant | null {
  const own = record.sources[""];
  return own?.state === "INSUFFICIENT_DATA" && isRed(record) ? own.at : null;
}

/** It was red, had no data for too long, and has not been heard of since. */
export function isLetGo(record: AlarmRecord): boolean {
  const own = sourceOf(record, "");
  return !record.deleted && own?.state === "INSUFFICIENT_DATA" && own.at <= endedAt(record);
}

function muteAfter(before: AlarmRecord, after: AlarmRecord, heard: Heard): Mute | null {
  if (!isRed(after)) return null;
  if (heard.state !== "ALARM") return before.mute;
  if (heard.provesNoMute) return null;
  // What was told already does not become untold by a rule that begins later.
  return isRed(before) && before.mute === null ? null : heard.mute;
}

function inserted(history: Source["history"], heard: Heard, limit: number): Source["history"] {
  const change = { at: heard.at, red: heard.state === "ALARM" };
  if (history.some(({ at, red }) => at === change.at && red === change.red)) return history;
  return [...history, change].sort((left, right) => left.at - right.at).slice(-limit);
}

function bounded(sources: Record<string, Source>): Record<string, Source> {
  const contributors = Object.keys(sources).length - 1;
  if (contributors < maximumSources) return sources;
  const oldest = Object.entries(sources)
    .filter(([id]) => id !== "")
    .sort(([, left], [, right]) => Number(endsRed(left)) - Number(endsRed(right)) || left.at - right.at)[0];
  return Object.fromEntries(Object.entries(sources).filter(([id]) => id !== oldest?.[0]));
}

function endsRed({ history }: Source): boolean {
  return history.at(-1)?.red === true;
}

function ascending(left: number, right: number): number {
  return left - right;
}
