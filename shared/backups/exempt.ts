import { type EnvironmentName, environments } from "../configuration/environments.ts";
import { isDate } from "../configuration/primitives.ts";
import type { Configuration } from "../configuration/schema.ts";
import { day, type Instant } from "../instant.ts";
import { quoted } from "../text.ts";
import type { Way } from "./restorable.ts";
import { environmentTag, optOutReasonTag, optOutTag, optOutUntilTag, ownerTag } from "./tags.ts";
import type { Evidence, Found, Resource } from "./types.ts";

/** What a resource is held to by its tags: an environment, or why nobody knows which. */
export type Environment =
  | { name: EnvironmentName; unknown: null }
  | { name: null /** In a sentence. */; unknown: string };

/** The environment that its tag names, else that of the stack. */
export function environmentOf({ tags }: Resource, own: EnvironmentName): Environment {
  if (tags === null) return { name: null, unknown: "its tags could not be read, and may name another environment" };
  const named = tags[environmentTag];
  if (named === undefined) return { name: own, unknown: null };
  const name = environments.find((each) => each === named);
  if (name !== undefined) return { name, unknown: null };
  return { name: null, unknown: `its tag ${environmentTag} says ${quoted(named)}, which is no environment` };
}

export function ownerOf({ tags }: Resource): string | null {
  return tags?.[ownerTag] ?? null;
}

/** Why a resource is held to nothing though its environment may require backups, in a sentence; null when it is held. */
export function optedOut(resource: Resource, now: Instant): string | null {
  const optOut = readOptOut(resource);
  if (optOut === null || optOut.problem !== null || now >= optOut.endsAt) return null;
  return `until ${optOut.until}: ${optOut.reason}`;
}

/**
 * Why a resource of an environment that requires no backups is held to nothing; null when it is. One that somebody backs up is
 * held to its objective, also when that stopped or went wrong; and nobody can say that it has no backups where they could not be read.
 */
export function notRequired(evidence: Evidence, ways: readonly Way[], { backups }: Configuration): string | null {
  const { resource, points, unread } = evidence;
  if (backups.schedule !== "none" || ways.length > 0) return null;
  if (resource.unknown !== null || unread.has(resource.region)) return null;
  const isProtected = points.some(({ status }) => !leftovers.has(status));
  return isProtected ? null : "its environment requires no backups, and it has none";
}

/** Of a point that is not there yet, or of which nothing but AWS's failure to delete it is left. */
const leftovers: ReadonlySet<string> = new Set(["CREATING", "EXPIRED", "DELETING"]);

/** An opt-out that does not count is told: somebody believes that it does. */
export function optOutProblem(resource: Resource, { backups }: Configuration, now: Instant): Found[] {
  const optOut = readOptOut(resource);
  if (optOut === null) return [];
  const problem = optOut.problem ?? (now >= optOut.endsAt ? `it ended with ${optOut.until}` : null);
  if (problem === null) return [];
  const severity = backups.severities["opt-out-invalid"];
  const remedy = `state ${optOutReasonTag} and ${optOutUntilTag} (a day yet to come), or take the tag ${optOutTag} away`;
  return [{ rule: "opt-out-invalid", severity, message: `its opt-out does not count: ${problem}`, remedy }];
}

interface OptOut {
  reason: string;
  until: string;
  /** The last day counts. */
  endsAt: Instant;
  problem: string | null;
}

function readOptOut({ tags }: Resource): OptOut | null {
  if (tags === null || tags[optOutTag] === undefined) return null;
  const { [optOutTag]: value, [optOutReasonTag]: reason = "", [optOutUntilTag]: until = "" } = tags;
  const problem =
    value !== "none"
      ? `${optOutTag} can only be none`
      : reason.trim() === ""
        ? "it has no reason"
        : isDate(until)
          ? null
          : "it has no day on which it ends";
  return { reason, until, endsAt: problem === null ? Date.parse(`${until}T00:00:00Z`) + day : 0, problem };
}
