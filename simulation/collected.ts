import type { GatheredReason, PageReason } from "../shared/incident/types.ts";
import type { Instant } from "../shared/instant.ts";
import type { Log } from "../shared/log.ts";
import type { Severity } from "../shared/severity.ts";

/** What went out on a channel. */
export interface Notification {
  at: Instant;
  page: string;
  incident: string | null;
  severity: Severity;
  level: number;
  audience: string;
  channel: string;
  reason: PageReason | GatheredReason;
  incidents: string[];
  episode: number | null;
  ordinal: number;
  /** The invocation that sent it, and whether it failed afterwards: only then may the page go out again. */
  sentBy: { failed: boolean };
}

export interface DeliveryCounts {
  received: number;
  applied: number;
  duplicates: number;
  stale: number;
  unparsed: number;
  unrouted: number;
  /** Tried and not taken in; it comes again. */
  failed: number;
}

/** What the functions wrote into their logs, as far as somebody asks for it afterwards. */
export interface Collected {
  log: Log;
  /** The log of one invocation. */
  logOf(invocation: { failed: boolean }): Log;
  notifications: Notification[];
  /** Told of each notification as it goes out. */
  listeners: ((notification: Notification) => void)[];
  deliveries: DeliveryCounts;
  /** Messages of warnings and errors → how often. */
  complaints: Map<string, number>;
  sweeps: { complete: number };
  /** The reason of the last failure that a function wrote down. */
  lastFailure: string;
}

export function collect(now: () => Instant): Collected {
  const collected: Collected = {
    log: { info: (message, ...fields) => info({ failed: false }, message, fields), warn: complain, error: complain },
    logOf: (invocation) => ({ ...collected.log, info: (message, ...fields) => info(invocation, message, fields) }),
    notifications: [],
    listeners: [],
    deliveries: { received: 0, applied: 0, duplicates: 0, stale: 0, unparsed: 0, unrouted: 0, failed: 0 },
    complaints: new Map(),
    sweeps: { complete: 0 },
    lastFailure: "",
  };
  return collected;

  function info(sentBy: { failed: boolean }, message: string, fields: Record<string, unknown>[]): void {
    const all: Record<string, unknown> = Object.assign({}, ...fields);
    // The sender's own line, field by field as it is written in functions/notify-responders.
    if (message === "page sent") tell({ at: now(), sentBy, ...all, level: all.teamLevel } as unknown as Notification);
    else if (message === "delivery") count(collected.deliveries, all);
    else if (message === "sweep complete") collected.sweeps.complete += 1;
  }

  function tell(notification: Notification): void {
    collected.notifications.push(notification);
    for (const listener of collected.listeners) listener(notification);
  }

  function complain(message: string, ...fields: Record<string, unknown>[]): void {
    for (const { reason } of fields) if (typeof reason === "string") collected.lastFailure = reason;
    if (message === "delivery failed") collected.deliveries.failed += 1;
    collected.complaints.set(message, (collected.complaints.get(message) ?? 0) + 1);
  }
}

function count(counts: DeliveryCounts, { outcome, unrouted }: Record<string, unknown>): void {
  counts.received += 1;
  if (outcome === "applied") counts.applied += 1;
  else if (outcome === "duplicate") counts.duplicates += 1;
  else if (outcome === "stale") counts.stale += 1;
  else counts.unparsed += 1;
  if (unrouted === true) counts.unrouted += 1;
}
