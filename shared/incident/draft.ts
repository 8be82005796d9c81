import { Broken } from "../failures.ts";
import type { Instant } from "../instant.ts";
import { printable } from "../text.ts";
import { evolve } from "./evolve.ts";
import { type Level, levelsOf, type Policy, pageFor } from "./pages.ts";
import type { Change, Decision, Entry, EntryType, Incident, Page, PageReason, Thread } from "./types.ts";

/** A decision while it is made: the thread as it will be, and what led there. Lives as long as one call of `decide`. */
export interface Draft {
  thread: Thread;
  readonly followed: Incident[];
  readonly entries: Decision["entries"];
  readonly pages: Page[];
  refused: string | null;
  readonly now: Instant;
  readonly policy: Policy;
}

export function draftOf(thread: Thread, now: Instant, policy: Policy): Draft {
  return { thread, followed: [], entries: [], pages: [], refused: null, now, policy };
}

export function decisionOf({ thread, followed, entries, pages, refused }: Draft): Decision {
  return { thread, followed, entries, pages, refused };
}

export type OpenIncident = Incident & { status: "open" | "acknowledged" };

export function isOpen(incident: Incident | null): incident is OpenIncident {
  return incident !== null && (incident.status === "open" || incident.status === "acknowledged");
}

/** The incident of the thread, where the caller has seen to it that there is one. */
export function incidentOf(draft: Draft): Incident {
  if (draft.thread.incident === null) throw new Broken(`the thread ${draft.thread.key} has no incident`);
  return draft.thread.incident;
}

/** Adds one entry to the timeline of the thread's incident, and makes the change that it speaks of. */
export function write(draft: Draft, type: EntryType, text: string, change: Change = {}, raw?: string): void {
  append(draft, draft.thread.incident, type, text, change, raw);
}

/** Begins a new incident under the thread's key. */
export function begin(draft: Draft, text: string, change: Change, raw?: string): void {
  // The one before may have been resolved a moment ago, in this very decision.
  const last = draft.thread.incident;
  if (last !== null && draft.entries.length > 0) draft.followed.push(last);
  append(draft, null, "opened", text, change, raw);
}

/** Writes a page for each level from `from` to `to`, and remembers who was told. */
export function page(draft: Draft, reason: PageReason, from: number, to: number, despite = false): void {
  const levels = levelsOf(incidentOf(draft).team, draft.policy);
  const paged = levels.filter(({ level }) => level >= from && level <= to);
  pageLevels(draft, reason, paged, despite);
}

export function pageLevels(draft: Draft, reason: PageReason, levels: readonly Level[], despite = false): void {
  for (const level of levels) {
    const incident = incidentOf(draft);
    const { page, ordinals } = pageFor(incident, reason, level, draft.now, draft.policy);
    draft.pages.push({ ...page, despiteAcknowledgement: despite });
    const told = { ...incident.told, [level.audience]: level.level };
    const first = reason === "opened" || reason === "raised" ? { firstPageAt: page.dueAt } : {};
    amend(draft, { ordinals, told, ...first });
  }
}

/** Adds to the change of the entry that was written last: one happening is one line of the timeline. */
export function amend(draft: Draft, change: Change): void {
  const last = draft.entries.at(-1);
  if (last === undefined) throw new Broken("there is no entry to amend");
  const { members, ...fields } = change;
  const merged = { ...last.entry.change, ...fields };
  if (members !== undefined) merged.members = { ...last.entry.change.members, ...members };
  last.entry.change = merged;
  draft.thread = { ...draft.thread, incident: evolve(incidentOf(draft), { ...last.entry, change }) };
}

function append(
  draft: Draft,
  before: Incident | null,
  type: EntryType,
  text: string,
  change: Change,
  raw?: string,
): void {
  const n = (before?.entries ?? 0) + 1;
  const entry: Entry = { n, at: draft.now, type, text: printable(text, maximumText), change };
  if (raw !== undefined) entry.raw = raw;
  const incident = evolve(before, entry);
  draft.entries.push({ incident: incident.id, entry });
  draft.thread = { ...draft.thread, incident };
}

/** Of one line of a timeline, whoever writes it. */
export const maximumText = 1_000;
