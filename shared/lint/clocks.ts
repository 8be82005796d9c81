import type { Configuration } from "../configuration/schema.ts";
import { severities } from "../severity.ts";
import type { Contradiction } from "./types.ts";
import { inWords } from "./words.ts";

const day = 24 * 60;

/** Somebody else is paged before the first one had the time that the policy gives them. */
export function escalationContradictions(configuration: Configuration): Contradiction[] {
  return severities.flatMap((severity): Contradiction[] => {
    const { acknowledge, escalate } = configuration.severities[severity];
    if (escalate === "never" || acknowledge === "next-business-day") return [];
    if (escalate.minutes >= acknowledge.minutes) return [];
    const path = `severities.${severity}.escalate.minutes`;
    return [
      {
        rule: "escalation-before-acknowledgement",
        severity: "error",
        path,
        message: `${severity} escalates before the time is over in which it is to be acknowledged`,
        arithmetic: `${inWords(escalate.minutes)} < ${inWords(acknowledge.minutes)}`,
        remedy: `escalate after ${inWords(acknowledge.minutes)} or later, or ask for an acknowledgement within ${inWords(escalate.minutes)}`,
      },
    ];
  });
}

/** A rotation is due at its interval less the grace less one cadence of the audit: what is left must be some time. */
export function rotationContradictions({ secrets, findings }: Configuration): Contradiction[] {
  const cadence = findings.cadences["audit-secrets"] ?? findings.cadenceMinutes;
  const before = secrets.graceHours * 60 + cadence;
  return Object.entries(secrets.kinds).flatMap(([kind, { rotateDays }]): Contradiction[] => {
    if (rotateDays === null || rotateDays * day - before >= day) return [];
    const left = rotateDays * day - before;
    return [
      {
        rule: "rotation-cannot-keep-interval",
        severity: "error",
        path: `secrets.kinds.${kind}.rotateDays`,
        message: `${kind} cannot be rotated every ${rotateDays} days: Secrets Manager's schedules count whole days, and less than one is left`,
        arithmetic: `${inWords(rotateDays * day)} − ${inWords(secrets.graceHours * 60)} of grace − ${inWords(cadence)} of cadence = ${left < 0 ? `−${inWords(-left)}` : inWords(left)} < 1 d`,
        remedy: "shorten secrets.graceHours or the cadence of audit-secrets, or rotate less often",
      },
    ];
  });
}
