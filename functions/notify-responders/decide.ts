import type { Configuration } from "../../shared/configuration/schema.ts";
import { type Instant, minute, second } from "../../shared/instant.ts";
import type { Severity } from "../../shared/severity.ts";

/** What is remembered of the pages to one audience: of P0 alone, or of all others. */
export interface Storm {
  /** When the newest pages went out, oldest first: one more than make no storm. */
  recent: Instant[];
  /** When the next summary is due; null while there is no storm. */
  summaryAt: Instant | null;
  /** Pages that were folded into that summary so far, and the summaries of this audience so far. */
  folded: number;
  summaries: number;
  /** When it is asked again whether the storm is over, and the pages since it was asked last. */
  windowEndsAt: Instant;
  windowCount: number;
}

/** The summary that a page goes into: one is full at some size, and then the same moment has another. */
export interface Fold {
  summaryAt: Instant;
  ordinal: number;
}

export type StormDecision = { storm: Storm; outcome: "send" } | ({ storm: Storm; outcome: "fold" } & Fold);

export const calm: Storm = {
  recent: [],
  summaryAt: null,
  folded: 0,
  summaries: 0,
  windowEndsAt: 0,
  windowCount: 0,
};

/** So many incidents are listed in one summary. */
const maximumFolded = 1_000;

/** P0 is counted alone, so that nothing else can hold it up. */
export function stormClass(severity: Severity): "critical" | "other" {
  return severity === "P0" ? "critical" : "other";
}

/**
 * Whether a page goes out by itself, or with others in a summary. More than `pages` to one audience within `minutes` are
 * a storm, which lasts until a window of as many minutes has had no more than that.
 */
export function decideStorm(
  storm: Storm,
  severity: Severity,
  now: Instant,
  policy: Configuration["incidents"]["storm"],
): StormDecision {
  const window = policy.minutes * minute;
  const { summaryAt } = storm;
  if (summaryAt === null) return begin(storm, severity, now, policy);
  if (now >= storm.windowEndsAt) {
    // A window without any page was over before this one came.
    const isOver = storm.windowCount <= policy.pages || now >= storm.windowEndsAt + window;
    if (isOver) return { storm: { ...calm, summaries: storm.summaries, recent: [now] }, outcome: "send" };
  }
  const isNewWindow = now >= storm.windowEndsAt;
  const due = summaryAt > now ? summaryAt : nextAfter(summaryAt, interval(severity, policy), now);
  return fold(storm, due, {
    windowEndsAt: isNewWindow ? storm.windowEndsAt + window : storm.windowEndsAt,
    windowCount: isNewWindow ? 1 : storm.windowCount + 1,
  });
}

function begin(
  storm: Storm,
  severity: Severity,
  now: Instant,
  policy: Configuration["incidents"]["storm"],
): StormDecision {
  const window = policy.minutes * minute;
  const recent = [...storm.recent.filter((at) => at > now - window), now].slice(-(policy.pages + 1));
  if (recent.length <= policy.pages) return { storm: { ...storm, recent }, outcome: "send" };
  const summaryAt = now + interval(severity, policy);
  return fold(storm, summaryAt, { windowEndsAt: now + window, windowCount: 1 });
}

function fold(before: Storm, summaryAt: Instant, window: Pick<Storm, "windowEndsAt" | "windowCount">): StormDecision {
  const folded = before.summaryAt === summaryAt ? before.folded + 1 : 1;
  const summaries = before.summaries + (folded % maximumFolded === 1 ? 1 : 0);
  const storm: Storm = { recent: [], summaryAt, folded, summaries, ...window };
  return { storm, outcome: "fold", summaryAt, ordinal: summaries };
}

/** How long to wait before a refused message is tried again: doubled each time, up to the longest. Attempts count from 1. */
export function backoff(attempts: number, setting: Configuration["notifyResponders"]): number {
  const { firstBackoffSeconds, longestBackoffSeconds } = setting;
  const doubled = firstBackoffSeconds * 2 ** Math.min(attempts - 1, maximumDoublings);
  return Math.min(doubled, longestBackoffSeconds) * second;
}

const maximumDoublings = 20;

function interval(severity: Severity, policy: Configuration["incidents"]["storm"]): number {
  return (severity === "P0" ? policy.criticalSummaryMinutes : policy.summaryMinutes) * minute;
}

function nextAfter(from: Instant, step: number, now: Instant): Instant {
  return from + (Math.floor((now - from) / step) + 1) * step;
}
