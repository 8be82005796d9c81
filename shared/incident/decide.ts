import type { Instant } from "../instant.ts";
import type { Severity } from "../severity.ts";
import { blankThread } from "./blank.ts";
import { decideHeard, decideUnknownShape } from "./decide-heard.ts";
import { decideAcknowledge, decideNote, decideRaise, decideResolve, decideSilence } from "./decide-person.ts";
import { decideTick } from "./decide-tick.ts";
import { decisionOf, draftOf } from "./draft.ts";
import type { Policy } from "./pages.ts";
import type { Decision, Member, Thread } from "./types.ts";

/** What was heard of one alarm or finding, as its record now says. */
export interface Heard {
  type: "heard";
  member: Member;
  service: string | null;
  team: string;
  /** The stamp of what was heard. */
  at: Instant;
  outcome: "applied" | "stale";
  /** The alarm was not red before, and is now. */
  rose: boolean;
  /** CloudWatch's own words, or a finding's message. */
  reason: string;
  /** What the timeline says of the classification, for example the rule. */
  placed: string;
}

/** A delivery of a shape that nobody described. */
export interface UnknownShape {
  type: "unknown-shape";
  door: string;
  path: string;
  problem: string;
  at: Instant;
  raw: string;
}

/** What a person does. `by` is their name. */
export type PersonCommand =
  | { type: "acknowledge"; by: string }
  | { type: "note"; by: string; text: string }
  | { type: "raise"; by: string; severity: Severity }
  | { type: "resolve"; by: string; text: string }
  | { type: "silence"; by: string; reason: string; until: Instant };

export type Command = Heard | UnknownShape | PersonCommand | { type: "tick" };

/**
 * What a command does to the thread of one key: the thread as it is then, the timeline entries that say so, and the
 * pages to be sent. Pure: the same arguments give the same answer. `now` is when it is recorded.
 */
export function decide(thread: Thread | null, key: string, command: Command, now: Instant, policy: Policy): Decision {
  const draft = draftOf(thread ?? blankThread(key), now, policy);
  switch (command.type) {
    case "heard":
      decideHeard(draft, command);
      break;
    case "unknown-shape":
      decideUnknownShape(draft, command);
      break;
    case "tick":
      decideTick(draft);
      break;
    case "acknowledge":
      decideAcknowledge(draft, command);
      break;
    case "note":
      decideNote(draft, command);
      break;
    case "raise":
      decideRaise(draft, command);
      break;
    case "resolve":
      decideResolve(draft, command);
      break;
    case "silence":
      decideSilence(draft, command);
      break;
    default:
      command satisfies never;
  }
  return decisionOf(draft);
}
