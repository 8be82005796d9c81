import type { AlarmRecord } from "../shared/incident/record.ts";
import type { Entry, Incident } from "../shared/incident/types.ts";
import { type Instant, iso } from "../shared/instant.ts";
import { parse, type Row } from "../shared/ledger/rows.ts";
import type { Notification } from "./collected.ts";
import { ledgerTable } from "./table.ts";
import type { World } from "./world.ts";

export interface IncidentReport {
  incident: Incident;
  timeline: Entry[];
}

/** Every incident of a world with its timeline, ordered by `openedAt`, then `id`. */
export function incidentsOf(world: World): IncidentReport[] {
  return collectIncidents(world, (entry) => entry);
}

/** The same for people and files to read: each line of the timeline without the change that it made. */
export function storiesOf(world: World): IncidentReport[] {
  return collectIncidents(world, ({ n, at, type, text }) => ({ n, at, type, text, change: {} }));
}

/** By the ARN of the alarm, or by the key of the finding. */
export type AlarmRecords = ReadonlyMap<string, AlarmRecord>;

/** What a world's ledger knows of each alarm and finding. */
export function alarmRecordsOf({ dynamodb }: World): AlarmRecords {
  const records = new Map<string, AlarmRecord>();
  for (const row of dynamodb.items(ledgerTable)) {
    const [kind, arn] = split(row.pk?.S);
    if (kind === "alarm" && row.sk?.S === "alarm") records.set(arn, parse<AlarmRecord>(row));
  }
  return records;
}

function collectIncidents({ dynamodb }: World, kept: (entry: Entry) => Entry): IncidentReport[] {
  const incidents = new Map<string, Incident>();
  const timelines = new Map<string, Entry[]>();
  const entriesOf = (id: string): Entry[] => {
    const known = timelines.get(id) ?? [];
    timelines.set(id, known);
    return known;
  };
  for (const row of dynamodb.items(ledgerTable)) {
    const [kind, id = ""] = split(row.pk?.S);
    if (kind !== "incident") continue;
    if (row.sk?.S === "incident") incidents.set(id, parse<Incident>(row));
    else if (isEntry(row)) entriesOf(id).push(kept(parse<Entry>(row)));
  }
  return [...incidents.values()]
    .sort((left, right) => left.openedAt - right.openedAt || (left.id < right.id ? -1 : 1))
    .map((incident) => ({ incident, timeline: ordered(timelines.get(incident.id) ?? []) }));
}

/** As the published schema of `replay --json` wants an incident (test/cli/replay.schema.json). */
export function incidentJson({ incident, timeline }: IncidentReport): object {
  const { id, key, service, severity, status, openedAt, resolvedAt, mergedInto, resolution, episode } = incident;
  const members = Object.values(incident.members).sort((left, right) => (left.arn < right.arn ? -1 : 1));
  const mutes = members.flatMap(({ red, mute }) => (red && mute?.until != null ? [mute.until] : []));
  return {
    id,
    key,
    service,
    severity,
    status,
    openedAt: iso(openedAt),
    resolvedAt: isoOrNull(resolvedAt),
    mergedInto,
    resolution,
    acknowledgedAt: isoOrNull(incident.acknowledgedAt),
    acknowledgedBy: incident.acknowledgedBy,
    episode,
    mutedUntil: mutes.length === 0 ? null : iso(Math.max(...mutes)),
    team: incident.team,
    alarms: members.map(({ name, state, arn, kind }) => ({ name, state, arn: kind === "alarm" ? arn : null })),
    timeline: timeline.map(({ at, type, text }) => ({ at: iso(at), type, text })),
  };
}

/** As the same schema wants the notifications: ordered by `at`, then incident. */
export function notificationsJson(notifications: readonly Notification[]): object[] {
  return notifications
    .map(({ at, page, sentBy: _, ...rest }, index) => ({ at: iso(at), ...rest, page, index }))
    .sort(
      (left, right) =>
        compare(left.at, right.at) || compare(left.incident ?? "", right.incident ?? "") || left.index - right.index,
    )
    .map(({ index: _, ...notification }) => notification);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function ordered(entries: Entry[]): Entry[] {
  return entries.sort((left, right) => left.at - right.at || rank(left) - rank(right));
}

/** What the sender wrote has no number; it follows what it was about. */
function rank({ n }: Entry): number {
  return n === 0 ? Number.MAX_SAFE_INTEGER : n;
}

function isEntry({ sk }: Row): boolean {
  return sk?.S?.startsWith("entry#") === true || sk?.S?.startsWith("sent#") === true;
}

function split(pk: string | undefined): [string, string] {
  const [kind = "", ...rest] = (pk ?? "").split("#");
  return [kind, rest.join("#")];
}

function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : iso(at);
}
