import type { BusEvent } from "../bus.ts";
import { type Instant, iso } from "../instant.ts";
import type { Severity } from "../severity.ts";

/** Something that an operation found wrong with a secret, or found mended. */
export interface SecretFinding {
  operation: string;
  rule: string;
  /** The secret's ARN. */
  resource: string;
  state: "raised" | "cleared";
  severity: Severity;
  message: string;
  remedy: string;
}

export function findingEvent(finding: SecretFinding, at: Instant): BusEvent {
  return { type: "Finding", detail: { version: 1, ...finding, at: iso(at) }, at };
}
