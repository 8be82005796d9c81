import { type EnvironmentName, environments } from "../configuration/environments.ts";
import { isDate } from "../configuration/primitives.ts";
import type { Configuration } from "../configuration/schema.ts";
import { day, type Instant } from "../instant.ts";
import { environmentTag, optOutReasonTag, optOutTag, optOutUntilTag, ownerTag } from "./tags.ts";
import type { Found, Resource } from "./types.ts";

/** The environment that its tag names, else that of the stack. */
export function environmentOf({ tags }: Resource, own: EnvironmentName): EnvironmentName {
  const named = tags?.[environmentTag];
  return environments.find((each) => each === named) ?? own;
}

export function ownerOf({ tags }: Resource): string | null {
  return tags?.[ownerTag] ?? null;
}

/** Why a resource is held to nothing, in a sentence; null when it is. */
export function exemptionOf(
  resource: Resource,
  isProtected: boolean,
  { backups }: Configuration,
  now: Instant,
): string | null {
  const optOut = readOptOut(resource);
  if (optOut !== null && optOut.problem === null && now < optOut.endsAt)
    return `until ${optOut.until}: ${optOut.reason}`;
  if (backups.schedule === "none" && !isProtected && resource.unknown === null) {
    return "its environment requires no backups, and it has none";
  }
  return null;
}

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
      : reason === ""
        ? "it has no reason"
        : isDate(until)
          ? null
          : "it has no day on which it ends";
  return { reason, until, endsAt: problem === null ? Date.parse(`${until}T00:00:00Z`) + day : 0, problem };
}
