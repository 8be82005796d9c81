import type { EnvironmentName } from "../configuration/environments.ts";
import type { Configuration } from "../configuration/schema.ts";

/** What can be wrong with a policy, in the order in which it is told. */
export const lintRules = [
  "frequency-cannot-meet-rpo",
  "frequency-marginal-for-rpo",
  "mechanism-floor-above-rpo",
  "schedules-disagree",
  "baseline-inside-scale-in-zone",
  "scale-in-would-scale-out",
  "thresholds-contradict",
  "escalation-before-acknowledgement",
  "rotation-cannot-keep-interval",
  "drill-cannot-prove-rto",
  "acknowledgement-unused",
] as const;

export type LintRule = (typeof lintRules)[number];

/** Something that the policy promises and cannot keep (error), or only just (warning). */
export interface Contradiction {
  rule: LintRule;
  severity: "error" | "warning";
  /** Where it stands, for example `environment.backupFrequency`. */
  path: string;
  message: string;
  /** The numbers, for example `7 d > 1 d`. */
  arithmetic: string;
  remedy: string;
}

export interface Linted {
  environment: EnvironmentName;
  configuration: Configuration;
}

/** A contradiction, with where it holds and whether somebody lives with it. */
export interface LintFinding extends Contradiction {
  /** Null where it is the same in every environment that was looked at, of several. */
  environment: EnvironmentName | null;
  /** Why it is lived with; null when nobody said so. */
  acknowledged: string | null;
}
