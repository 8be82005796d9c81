import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Configuration } from "../configuration/schema.ts";
import { day, type Instant, iso, second } from "../instant.ts";
import { expiry, json, parse, putNew, putVersioned, type Row } from "../ledger/rows.ts";
import { type Severity, severities } from "../severity.ts";
import { printable } from "../text.ts";
import { dueAt } from "./decide-tick.ts";
import { isOpen, maximumText } from "./draft.ts";
import { digits } from "./identity.ts";
import { levelsOf, type Policy, pageIdentity } from "./pages.ts";
import type { AlarmRecord } from "./record.ts";
import type { Decision, Entry, GatheredReason, Incident, Page, PageReason, Thread } from "./types.ts";

// How the ledger's table holds what the rest of this folder speaks of. One table: `pk` and `sk`, and the sparse index
// `queue` (sorted by `order`) in which only what waits for something has a place. What is not a key is JSON in `body`.

export type ChannelType = Configuration["teams"][string]["levels"][number]["channels"][number]["type"];

/** One message that must go out on one channel. */
export interface Outgoing {
  /** Stays the same however often it is tried: receivers can tell a repetition by it. */
  id: string;
  pk: string;
  sk: string;
  incident: string | null;
  incidents: string[];
  episode: number | null;
  severity: Severity;
  level: number;
  audience: string;
  reason: PageReason | GatheredReason;
  ordinal: number;
  channel: ChannelType;
  gather: Page["gather"];
  dueAt: Instant;
  createdAt: Instant;
  despiteAcknowledgement: boolean;
  title: string;
  text: string;
  attempts: number;
}

export const alarmKey = (arn: string) => ({ pk: { S: `alarm#${arn}` }, sk: { S: "alarm" } });
export const threadKey = (key: string) => ({ pk: { S: `thread#${key}` }, sk: { S: "thread" } });
export const incidentKey = (id: string) => ({ pk: { S: `incident#${id}` }, sk: { S: "incident" } });
export const auditKey = { pk: { S: "sweep" }, sk: { S: "audit" } };
export const seenKey = (arn: string, source: string, at: Instant) => ({
  pk: { S: `alarm#${arn}` },
  sk: { S: `seen#${source}#${Math.floor(at / second)}` },
});

export const openQueue = "open";
const outboxPrefix = "outbox#";
export const outboxQueue = (severity: Severity) => `${outboxPrefix}${severity}`;
/** Whether a row is to be sent, now or later. */
export const isOutbox = (row: Row | undefined) => row?.queue?.S?.startsWith(outboxPrefix) === true;
export const gatherQueue = (gather: "batch" | "digest") => `gather#${gather}`;

export function alarmRow(record: AlarmRecord, now: Instant, policy: Policy): Row {
  return { ...alarmKey(record.arn), body: json(record), ...expiry(now + policy.incidents.retentionDays * day) };
}

/** Everything that a decision leaves in the table: the thread, its incident by id, the timeline and the outbox. */
export function decisionWrites(table: string, decision: Decision, now: Instant, policy: Policy): TransactWriteItem[] {
  const { thread, followed, entries, pages } = decision;
  const incidents = thread.incident === null ? followed : [...followed, thread.incident];
  return [
    putVersioned(table, threadRow(thread, now, policy), thread.version),
    ...incidents.map((incident) => ({ Put: { TableName: table, Item: incidentRow(incident, policy) } })),
    ...entries.map(({ incident, entry }) => putNew(table, entryRow(incident, entry, policy))),
    ...pages
      .flatMap((page) => outgoingOf(page, thread.incident, policy))
      .map((row) => putNew(table, outgoingRow(row, policy))),
  ];
}

export function incidentRow(incident: Incident, policy: Policy): Row {
  const { resolvedAt } = incident;
  const ends = resolvedAt === null ? {} : expiry(resolvedAt + policy.incidents.retentionDays * day);
  return { ...incidentKey(incident.id), body: json(incident), entries: { N: String(incident.entries) }, ...ends };
}

export function entryRow(incident: string, entry: Entry, policy: Policy): Row {
  return {
    pk: { S: `incident#${incident}` },
    sk: { S: `entry#${String(entry.n).padStart(6, "0")}` },
    body: json(entry),
    ...expiry(entry.at + policy.incidents.retentionDays * day),
  };
}

/** The sender's own line of the timeline; it changes nothing of the incident, so it needs no number. */
export function sentRow(incident: string, sk: string, entry: Omit<Entry, "n" | "change">, policy: Policy): Row {
  return {
    pk: { S: `incident#${incident}` },
    sk: { S: `sent#${sk}` },
    body: json({ ...entry, text: printable(entry.text, maximumText), n: 0, change: {} }),
    ...expiry(entry.at + policy.incidents.retentionDays * day),
  };
}

export function outgoingRow(outgoing: Outgoing, policy: Policy): Row {
  const { pk, sk, gather, severity, dueAt, createdAt, attempts } = outgoing;
  return {
    pk: { S: pk },
    sk: { S: sk },
    queue: { S: gather === null ? outboxQueue(severity) : gatherQueue(gather) },
    order: { S: iso(dueAt) },
    attempts: { N: String(attempts) },
    body: json(outgoing),
    ...expiry(createdAt + policy.incidents.retentionDays * day),
  };
}

export function outgoingFrom(row: Row): Outgoing {
  const outgoing: Outgoing = parse(row);
  const attempts = Number(row.attempts?.N ?? 0);
  const due = row.order?.S === undefined ? outgoing.dueAt : Date.parse(row.order.S);
  const incidents = row.incidents?.SS ?? outgoing.incidents;
  const severity = severities.find((each) => row.severities?.SS?.includes(each)) ?? outgoing.severity;
  return { ...outgoing, severity, attempts, dueAt: due, incidents: [...incidents].sort() };
}

function threadRow(thread: Thread, now: Instant, policy: Policy): Row {
  const due = dueAt(thread, policy);
  const waits = isOpen(thread.incident) || due !== null;
  // What waits for nothing but an event still has its place: the sweep compares it with CloudWatch.
  const place = { queue: { S: openQueue }, order: { S: iso(due ?? never) } };
  return {
    ...threadKey(thread.key),
    body: json(thread),
    ...(waits ? place : expiry(now + policy.incidents.retentionDays * day)),
  };
}

const never = Date.UTC(9999, 0, 1);

/** A page goes out once on each channel of its level, and each of these ways is tried on its own. */
function outgoingOf(page: Page, incident: Incident | null, policy: Policy): Outgoing[] {
  const id = digits(pageIdentity(page));
  return channelsOf(page, incident, policy).map((channel) => ({
    ...page,
    id,
    pk: `incident#${page.incident}`,
    sk: `page#${id}#${channel}`,
    incidents: [page.incident],
    channel,
    attempts: 0,
  }));
}

function channelsOf({ audience, level }: Page, incident: Incident | null, policy: Policy): ChannelType[] {
  const team = incident?.team ?? policy.defaultTeam;
  const known = Object.hasOwn(policy.teams, team) ? team : policy.defaultTeam;
  const found = policy.teams[known]?.levels[level - 1];
  // A "resolved" may go to a level that the configuration has lost meanwhile: the first level's channels are left.
  const stated = found ?? policy.teams[known]?.levels[0];
  return levelsOf(team, policy).length === 0 || audience === ""
    ? []
    : [...new Set(stated?.channels.map(({ type }) => type))];
}
