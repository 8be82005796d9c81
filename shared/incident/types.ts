import type { AlarmState, Mute } from "../delivery/types.ts";
import type { Instant } from "../instant.ts";
import type { Severity } from "../severity.ts";

/** When an alarm was red; `until` is null while it still is. */
export interface Span {
  from: Instant;
  until: Instant | null;
}

/** What is wrong, as one incident sees it: an alarm, a finding, or a door through which unknown shapes came. */
export interface Member {
  arn: string;
  name: string;
  kind: "alarm" | "finding" | "unparsed";
  severity: Severity;
  /** The newest state that was heard. */
  state: AlarmState;
  /** Whether it holds the incident open. INSUFFICIENT_DATA leaves it as it was. */
  red: boolean;
  /** The stamp of the last change of `red`. */
  since: Instant;
  /** The stamp of the last transition: flapping ends a while after it. */
  changedAt: Instant;
  deleted: boolean;
  mute: Mute | null;
  flapping: boolean;
  /** Set while a red alarm has no data. */
  insufficientSince: Instant | null;
  /** Its latest times of being red, oldest first. */
  spans: Span[];
  /** Its tags could not be read yet, so its severity may be another one. */
  untagged: boolean;
}

/** The clocks of an incident that nobody has acknowledged. Levels `from` to `level` were paged last. */
export interface Clock {
  from: number;
  level: number;
  /** When the missed acknowledgement reminds; null once it has. */
  acknowledgeAt: Instant | null;
  /** When the next level is paged (the last one: reminded); null when the severity never escalates. */
  escalateAt: Instant | null;
}

export type IncidentStatus = "open" | "acknowledged" | "resolved" | "merged";
export type Resolution = "recovered" | "deleted" | "by-hand" | "merged";

export interface Incident {
  id: string;
  key: string;
  kind: Member["kind"];
  service: string | null;
  team: string;
  status: IncidentStatus;
  severity: Severity;
  /** The worst severity that an alarm (not a person) gave it: episodes are counted at this one. */
  alarmSeverity: Severity;
  /** The first state's own stamp. */
  openedAt: Instant;
  /** When it was written down: clocks start here. */
  recordedAt: Instant;
  resolvedAt: Instant | null;
  resolution: Resolution | null;
  mergedInto: string | null;
  acknowledgedAt: Instant | null;
  acknowledgedBy: string | null;
  episode: number;
  /** False while every alarm of it is muted and nobody was told. */
  active: boolean;
  /** Null while dormant, acknowledged, resolved or merged. */
  clock: Clock | null;
  /** What was left on the clocks when it resolved, in milliseconds. */
  paused: { from: number; level: number; acknowledgeMs: number | null; escalateMs: number | null } | null;
  /** When a rise last made earlier, unsent pages superfluous. */
  raisedAt: Instant | null;
  /** When the last first page is due: until then nobody was told of it. */
  firstPageAt: Instant | null;
  /** What a status page may say of it; only P0 has one. */
  statusEntry: "investigating" | "awaiting-approval" | "resolved" | null;
  members: Record<string, Member>;
  /** Audiences that a page was written for → their level. */
  told: Record<string, number>;
  /** Page identity without its ordinal → the last ordinal. */
  ordinals: Record<string, number>;
  /** Further deliveries of unknown shape that its timeline shows. */
  repeats: number;
  /** Timeline entries so far. */
  entries: number;
}

export const entryTypes = [
  "opened",
  "joined",
  "raised",
  "acknowledged",
  "noted",
  "reminded",
  "escalated",
  "paged",
  "channel-failed",
  "muted",
  "unmuted",
  "recovered",
  "reopened",
  "episode",
  "merged",
  "resolved",
  "stale",
  "flapping",
  "settled",
  "blind",
] as const;
export type EntryType = (typeof entryTypes)[number];

/** What an entry does to its incident: fields replace, members replace one by one; null takes one out. */
export type Change = Partial<Omit<Incident, "members" | "entries">> & { members?: Record<string, Member | null> };

/** One line of the timeline. Folding the changes of all of them, in order of `n`, gives the incident. */
export interface Entry {
  n: number;
  at: Instant;
  type: EntryType;
  text: string;
  change: Change;
  /** The raw delivery behind it, where it was of unknown shape. */
  raw?: string;
}

export const pageReasons = ["opened", "raised", "reminded", "escalated", "resolved"] as const;
export type PageReason = (typeof pageReasons)[number];
export const gatheredReasons = ["batch", "digest", "summary"] as const;
export type GatheredReason = (typeof gatheredReasons)[number];

/** The intent to tell one audience one thing. Its identity is (incident, episode, severity, level, audience, reason, ordinal). */
export interface Page {
  incident: string;
  episode: number;
  severity: Severity;
  level: number;
  audience: string;
  reason: PageReason;
  ordinal: number;
  /** At once, or gathered with others until `dueAt`. */
  gather: "batch" | "digest" | null;
  dueAt: Instant;
  createdAt: Instant;
  /** A person's own raise is told even though they acknowledged. */
  despiteAcknowledgement: boolean;
  /** One line, and several: both made harmless, so that a channel may show them as they are. */
  title: string;
  text: string;
}

/** Our own mute of everything under one key. */
export interface Silence {
  by: string;
  reason: string;
  until: Instant;
}

/** Everything that is known under one key. */
export interface Thread {
  key: string;
  /** The incident that is or was last open. */
  incident: Incident | null;
  /** Alarms of this key that are in no open incident: one that is opened near their red time lists them. */
  echoes: Record<string, Member>;
  silence: Silence | null;
  /** Rises by one with each write; 0 before the first. */
  version: number;
}

export interface Decision {
  thread: Thread;
  /** Incidents that were changed, and that another one has followed under the key. */
  followed: Incident[];
  entries: { incident: string; entry: Entry }[];
  pages: Page[];
  /** Why nothing was done, for whoever asked. */
  refused: string | null;
}
