import { type Instant, iso, minute } from "../../shared/instant.ts";
import type { FailureReason } from "../../shared/secrets/failure.ts";

/**
 * What is known of one credential. Only `works` and `refused` are evidence: a login succeeded, or the other side said that it knows
 * the credential not. Whoever did not answer has said nothing.
 */
export type Seen =
  | { is: "works" }
  | { is: "refused" }
  | { is: "unknown"; reason: FailureReason }
  /** No version has the stage. */
  | { is: "absent" }
  /** The version has no value. */
  | { is: "empty" }
  /** Nobody tried: what was seen of the others needs it not. */
  | { is: "untried" };

export interface Evidence {
  pending: Seen;
  current: Seen;
  previous: Seen;
}

/** What is known of a secret whose AWSPENDING stands on a version that is not the current one. */
export interface Stuck {
  evidence: Evidence;
  /** When somebody last did something for it; null when nobody can say it. */
  touchedAt: Instant | null;
  /** Why we may not touch the secret at all: managed, a replica, deleted. Null when we may. */
  skip: string | null;
  /** Whether the pending version was the current one before: its rotation came to its end, and somebody has rolled it back. */
  wasPromoted: boolean;
}

export interface Policy {
  mode: "recommend" | "act";
  stuckAfterMinutes: number;
}

export type Verdict =
  /** Nothing is to be said of it: it is not stuck, or not yet, or not ours. */
  | { type: "leave"; because: string }
  /** It is stuck, and what was seen proves too little: nothing is changed, and somebody is told. */
  | { type: "undecided"; because: string }
  /** Neither credential works, nor does anything prove what would: a person is needed. */
  | { type: "lost"; because: string }
  /** Only the label is taken away: that changes no credential, and needs no evidence of one. */
  | { type: "unlabel"; because: string; acts: boolean }
  | Repair;

/** What login evidence proves to be right. `acts` is false where it is only to be recommended. */
export type Repair = { type: "promote" | "abandon"; because: string; acts: boolean };

/** The five cases of a stuck rotation, by login evidence alone; and a label that a rollback has left. */
export function decide({ evidence, touchedAt, skip, wasPromoted }: Stuck, now: Instant, policy: Policy): Verdict {
  if (skip !== null) return { type: "leave", because: skip };
  if (evidence.pending.is === "absent") return { type: "leave", because: "no version is pending any more" };
  if (touchedAt === null) return { type: "undecided", because: "nobody can say how old the pending version is" };
  if (now - touchedAt < policy.stuckAfterMinutes * minute) {
    return { type: "leave", because: `it was worked on at ${iso(touchedAt)}` };
  }
  const acts = policy.mode === "act";
  // Promoted again, it would undo what somebody did on purpose; and the label blocks every later rotation.
  if (wasPromoted) {
    return { type: "unlabel", acts, because: "the pending version was the current one before, and was rolled back" };
  }
  return byEvidence(evidence, acts);
}

function byEvidence({ pending, current, previous }: Evidence, acts: boolean): Verdict {
  switch (pending.is) {
    case "empty":
      return { type: "abandon", acts, because: "the pending version is empty, so it can never become the current one" };
    case "works":
      if (current.is === "works") return { type: "promote", acts, because: "both credentials work" };
      if (current.is === "refused") {
        return { type: "promote", acts, because: "the pending credential works, and the current one does not" };
      }
      return unproven("current", current);
    case "refused":
      if (current.is === "works") {
        return { type: "abandon", acts, because: "the current credential works, and the pending one does not" };
      }
      if (current.is === "refused") return { type: "lost", because: lostWith(previous) };
      return unproven("current", current);
    case "unknown":
    case "untried":
      return unproven("pending", pending);
    case "absent":
      return { type: "leave", because: "no version is pending any more" };
    default:
      return pending satisfies never;
  }
}

function unproven(which: string, seen: Seen): Verdict {
  return { type: "undecided", because: `of the ${which} credential nothing is proven: ${wordsFor(seen)}` };
}

function lostWith(previous: Seen): string {
  const others = "neither the pending nor the current credential works";
  return previous.is === "works"
    ? `${others}; the previous one does`
    : `${others}; the previous one: ${wordsFor(previous)}`;
}

/** Which further credentials a look is needed at, given what was seen so far: nobody logs in more often than it takes. */
export function wanted({ pending, current, previous }: Evidence): "current" | "previous" | null {
  if (pending.is !== "works" && pending.is !== "refused") return null;
  if (current.is === "untried") return "current";
  const bothRefused = pending.is === "refused" && current.is === "refused";
  return bothRefused && previous.is === "untried" ? "previous" : null;
}

/** The table of what was seen, in one line: for a log, a finding, a person. Never a value. */
export function evidenceTable({ pending, current, previous }: Evidence): string {
  return `pending: ${wordsFor(pending)}; current: ${wordsFor(current)}; previous: ${wordsFor(previous)}`;
}

function wordsFor(seen: Seen): string {
  switch (seen.is) {
    case "works":
      return "it works";
    case "refused":
      return "it is refused";
    case "unknown":
      return `unknown (${seen.reason})`;
    case "absent":
      return "there is none";
    case "empty":
      return "it is empty";
    case "untried":
      return "not tried";
    default:
      return seen satisfies never;
  }
}
