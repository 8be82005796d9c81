import { type Instant, iso, minute, second } from "../instant.ts";
import { outranks } from "../severity.ts";
import { amend, begin, type Draft, incidentOf, isOpen, page, pageLevels, write } from "./draft.ts";
import { incidentId } from "./identity.ts";
import { initialLevel, startClock } from "./pages.ts";
import type { Incident, Member, Resolution } from "./types.ts";

// The steps of which an incident's life is made. Each writes one entry.

export interface Opening {
  kind: Member["kind"];
  service: string | null;
  team: string;
  openedAt: Instant;
  members: Record<string, Member>;
  severity: Incident["severity"];
  text: string;
  raw?: string;
}

/** Begins an incident that nobody is told of yet. */
export function open(draft: Draft, opening: Opening): void {
  const { kind, service, team, openedAt, members, severity, text, raw } = opening;
  const { key } = draft.thread;
  const id = freeId(incidentId(key, openedAt), draft.thread.incident);
  const change = { id, key, kind, service, team, openedAt, recordedAt: draft.now, severity, alarmSeverity: severity };
  begin(draft, text, { ...change, members }, raw);
}

/** The same key is opened more than once by the same stamp only if a person resolved the one before. */
function freeId(wanted: string, last: Incident | null): string {
  if (last === null || !last.id.startsWith(wanted)) return wanted;
  const number = /-again-(\d+)$/.exec(last.id)?.[1] ?? "1";
  return `${wanted}-again-${Number(number) + 1}`;
}

/** From now on the incident counts: its first pages go out and its clocks start, unless somebody has it already. */
export function activate(draft: Draft, given: Incident["severity"]): void {
  const { severity: before, told } = incidentOf(draft);
  // What was told before it was muted does not fall by itself.
  const severity = Object.keys(told).length > 0 && isWorse(before, given) ? before : given;
  const statusEntry = statusFor(draft, severity);
  amend(draft, { active: true, severity, alarmSeverity: severity, statusEntry, paused: null });
  if (incidentOf(draft).acknowledgedAt === null) call(draft, "opened");
}

/** Pages the levels that hear of it first, and starts the clocks. */
export function call(draft: Draft, reason: "opened" | "raised"): void {
  const { team, severity } = incidentOf(draft);
  const level = initialLevel(team, severity, draft.policy);
  amend(draft, { clock: startClock(severity, 1, level, draft.now, draft.policy) });
  page(draft, reason, 1, level);
}

/** An alarm gives the incident a worse severity: the acknowledgement is void, it pages, the clocks start anew. */
export function rise(draft: Draft, severity: Incident["severity"], why: string): void {
  const incident = incidentOf(draft);
  write(draft, "raised", `raised from ${incident.severity} to ${severity}: ${why}`, {
    severity,
    alarmSeverity: severity,
    status: "open",
    acknowledgedAt: null,
    acknowledgedBy: null,
    raisedAt: draft.now,
    statusEntry: statusFor(draft, severity),
  });
  call(draft, "raised");
}

/** The severity's alarms had been OK for so long that this one is a matter of its own. */
export function beginEpisode(draft: Draft, why: string): void {
  const episode = incidentOf(draft).episode + 1;
  write(draft, "episode", `episode ${episode}: ${why}`, {
    episode,
    status: "open",
    acknowledgedAt: null,
    acknowledgedBy: null,
    // A page's identity holds its episode: what was counted before need not be remembered.
    ordinals: {},
  });
  call(draft, "opened");
}

/** The same key is red again soon: acknowledged stays acknowledged, else the clocks go on where they stood. */
export function reopen(draft: Draft, members: Record<string, Member>, text: string, muted: boolean): void {
  const { acknowledgedAt, paused, active, severity } = incidentOf(draft);
  const { now } = draft;
  write(draft, "reopened", text, {
    status: acknowledgedAt === null ? "open" : "acknowledged",
    resolvedAt: null,
    resolution: null,
    active: active && !muted,
    statusEntry: statusFor(draft, severity),
    clock:
      paused === null || muted
        ? null
        : {
            from: paused.from,
            level: paused.level,
            acknowledgeAt: paused.acknowledgeMs === null ? null : now + paused.acknowledgeMs,
            escalateAt: paused.escalateMs === null ? null : now + paused.escalateMs,
          },
    members,
  });
}

/** Ends the incident at `at`, and tells whoever was told of it. */
export function resolve(draft: Draft, at: Instant, resolution: Resolution, text: string): void {
  const incident = incidentOf(draft);
  const { clock, told, firstPageAt, statusEntry } = incident;
  const left = (due: Instant | null) => (due === null ? null : Math.max(0, due - at));
  write(draft, "resolved", text, {
    status: "resolved",
    resolvedAt: at,
    resolution,
    clock: null,
    statusEntry: statusEntry === null ? null : "resolved",
    paused:
      clock === null
        ? null
        : {
            from: clock.from,
            level: clock.level,
            acknowledgeMs: left(clock.acknowledgeAt),
            escalateMs: left(clock.escalateAt),
          },
  });
  // A first page that still waits for company will say that it is over.
  const waits = (firstPageAt ?? 0) > draft.now;
  const levels = Object.entries(told).map(([audience, level]) => ({ level, audience }));
  if (!waits)
    pageLevels(
      draft,
      "resolved",
      levels.sort((left, right) => left.level - right.level),
    );
}

/** Resolves the thread's incident if its alarms had been OK for the stability window by `asOf`. */
export function settle(draft: Draft, asOf: Instant): boolean {
  const { incident } = draft.thread;
  if (!isOpen(incident)) return false;
  const end = stableAt(draft, incident);
  if (end === null || end > asOf) return false;
  const members = Object.values(incident.members);
  const deleted = members.some((member) => member.deleted);
  const since = iso(Math.max(...members.map((member) => member.since)));
  const what = members.length === 1 ? "its alarm" : `all ${members.length} alarms`;
  const text = deleted ? `resolved: deleted; stable since ${since}` : `resolved: ${what} OK since ${since}`;
  resolve(draft, end, deleted ? "deleted" : "recovered", text);
  return true;
}

/** When the stability window of an incident ends; null while an alarm is red. */
export function stableAt({ policy }: Pick<Draft, "policy">, { members, kind }: Incident): Instant | null {
  const { stabilitySeconds, flapping } = policy.incidents;
  const all = Object.values(members);
  if (all.some(({ red }) => red)) return null;
  const window = kind === "finding" ? 0 : stabilitySeconds * second;
  const ends = all.map(({ since, flapping: flaps, changedAt }) =>
    flaps ? Math.max(since + window, changedAt + flapping.minutes * minute) : since + window,
  );
  return Math.max(...ends);
}

/** Only a P0 has something to say on a status page. */
export function statusFor({ policy }: Draft, severity: Incident["severity"]): Incident["statusEntry"] {
  const { communication } = policy.severities[severity];
  if (communication !== "status-page") return null;
  return policy.incidents.statusEntry === "publish" ? "investigating" : "awaiting-approval";
}

export function isWorse(left: Incident["severity"], right: Incident["severity"]): boolean {
  return outranks(left, right);
}
