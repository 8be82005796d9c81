import type { BusEvent } from "../bus.ts";
import type { Finding } from "../delivery/types.ts";
import { type Instant, iso } from "../instant.ts";

/** Something that an operation found wrong with a secret, or found mended. */
export type SecretFinding = Omit<Finding, "type" | "door" | "at">;

export function findingEvent(finding: SecretFinding, at: Instant): BusEvent {
  return { type: "Finding", detail: { version: 1, ...finding, at: iso(at) }, at };
}
