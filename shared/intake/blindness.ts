import type { Configuration } from "../configuration/schema.ts";
import type { AlarmState, Finding } from "../delivery/types.ts";
import { fits } from "../incident/classify.ts";
import { type Instant, minute } from "../instant.ts";
import { findingKey } from "./findings.ts";

// An alarm that cannot do its work says nothing of it. Each way in which it cannot is a finding of its own.

/** What CloudWatch shows of an alarm, as far as blindness goes. */
export interface Sight {
  state: AlarmState;
  /** Since when it is in that state. */
  at: Instant;
  /** What hinders its evaluation, in CloudWatch's word; null when nothing does. */
  evaluation: string | null;
  actionsEnabled: boolean;
}

export const blindnesses = ["blind-alarm", "evaluation-error", "disabled-actions"] as const;
export type Blindness = (typeof blindnesses)[number];

/** What of it is so, however long it has been. A finding that was raised holds until it is not. */
export function blindnessesOf({ state, evaluation, actionsEnabled }: Sight): Blindness[] {
  const holds: Record<Blindness, boolean> = {
    "blind-alarm": state === "INSUFFICIENT_DATA",
    // A word that nobody knows yet hinders it as well.
    "evaluation-error": evaluation !== null,
    "disabled-actions": !actionsEnabled,
  };
  return blindnesses.filter((blindness) => holds[blindness]);
}

/** Whether it has been so for long enough to tell somebody. */
export function isLasting(blindness: Blindness, { at }: Sight, now: Instant, { incidents }: Configuration): boolean {
  return blindness !== "blind-alarm" || at + incidents.blindAfterMinutes * minute <= now;
}

/** Whether the configuration wants to hear of it. */
export function isAudited(name: string, { incidents }: Configuration): boolean {
  return !incidents.blindIgnores.some((pattern) => fits(pattern, name));
}

/** The finding, in the words of whoever raises it or sees it mended. */
export function blindFinding(
  rule: Blindness,
  resource: string,
  state: Finding["state"],
  at: Instant,
  configuration: Configuration,
): Finding {
  const severity = configuration.incidents.blindSeverity;
  const { raised, cleared, remedy } = wordsOf(rule, configuration);
  const message = state === "raised" ? raised : cleared;
  return { type: "finding", door: "finding", operation, rule, resource, state, severity, message, remedy, at };
}

/** Which of these findings has that key, and about which alarm; null for any other key. */
export function blindnessIn(key: string): { blindness: Blindness; arn: string } | null {
  for (const blindness of blindnesses) {
    const prefix = findingKey({ operation, rule: blindness, resource: "" });
    if (key.startsWith(prefix)) return { blindness, arn: key.slice(prefix.length) };
  }
  return null;
}

export function blindKey(rule: Blindness, arn: string): string {
  return findingKey({ operation, rule, resource: arn });
}

const operation = "escalate-incidents";

function wordsOf(blindness: Blindness, { incidents }: Configuration) {
  switch (blindness) {
    case "blind-alarm":
      return {
        raised: `the alarm has had no data for ${lasting(incidents.blindAfterMinutes)}`,
        cleared: "the alarm has data again, or is gone",
        remedy:
          "see whether its metric is still published, and mend or delete the alarm; where no data is normal, let it treat missing data as not breaching",
      };
    case "evaluation-error":
      return {
        raised: "CloudWatch cannot evaluate the alarm, or only on a part of its data",
        cleared: "CloudWatch evaluates the alarm again, or it is gone",
        remedy: "see its EvaluationState and StateReason, then mend its query, its metrics or its role",
      };
    case "disabled-actions":
      return {
        raised: "the alarm's actions are disabled: what it should start or tell does not happen",
        cleared: "the alarm's actions are enabled again, or it is gone",
        remedy: "enable its actions, or delete it; a maintenance window is better kept by a mute rule, which ends",
      };
    default:
      return blindness satisfies never;
  }
}

function lasting(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
