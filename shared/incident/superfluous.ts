import { outranks } from "../severity.ts";
import type { Outgoing } from "./rows.ts";
import type { Incident } from "./types.ts";

/** Whether a page that was not sent yet has nothing left to say: somebody has it, it was merged, or a worse page says more. */
export function isSuperfluous(
  page: Pick<Outgoing, "reason" | "episode" | "severity" | "createdAt" | "despiteAcknowledgement">,
  incident: Incident,
): boolean {
  if (incident.status === "merged") return true;
  if (page.reason === "resolved") return incident.status !== "resolved";
  const overtaken =
    incident.raisedAt !== null && page.createdAt <= incident.raisedAt && outranks(incident.severity, page.severity);
  if (overtaken) return true;
  // An acknowledgement of an earlier episode was void when the next began, so the one that stands is of this one.
  return incident.acknowledgedAt !== null && !page.despiteAcknowledgement;
}
