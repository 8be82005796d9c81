import type { EnvironmentName } from "../configuration/environments.ts";
import type { Instant } from "../instant.ts";
import type { Severity } from "../severity.ts";

// The words of backups. A resource is what should be protected; a recovery point is what it could be restored from.

/** Types of resources, as AWS Backup names them. */
export const resourceTypes = ["RDS", "Aurora", "DynamoDB", "S3", "EBS", "EC2", "EFS", "FSx"] as const;

export type ResourceType = (typeof resourceTypes)[number];

export interface Resource {
  arn: string;
  type: ResourceType;
  region: string;
  account: string;
  name: string;
  /** Null where no source tells them: a source that knows them failed. */
  tags: Readonly<Record<string, string>> | null;
  /** What its own service says of restoring it to any instant; null where the type has none, or it is switched off. */
  continuous: Continuous | null;
  /** Why what its own service says of it is not known, in a sentence; null when it is. */
  unknown: string | null;
}

/** Restorable to any instant until `latestAt`. */
export interface Continuous {
  /** As people call it, for example `automated backups`. */
  mechanism: string;
  /** Null where the service states none, and only the documented bound is known. */
  latestAt: Instant | null;
  /** The documented bound: it is so much behind at most, as long as it runs. Null where `latestAt` says it. */
  lagSeconds: number | null;
}

/** What AWS Backup, or a service of its own, could restore a resource from. */
export interface RecoveryPoint {
  arn: string;
  resourceArn: string;
  resourceType: string;
  region: string;
  /** Null where the service made it itself, outside of any vault. */
  vault: string | null;
  /** As AWS states it; an unknown one counts for nothing. */
  status: string;
  statusMessage: string | null;
  /** Whether it is one that is continued, not one that was taken once. */
  isContinuous: boolean;
  initiatedAt: Instant | null;
  createdAt: Instant;
  /** Of a snapshot whose service states the last transaction in it. */
  consistentAt: Instant | null;
  deleteAt: Instant | null;
  /** The key that it is encrypted with; null where AWS owns it, or nothing is encrypted. */
  key: { arn: string; isAwsManaged: boolean } | null;
  isCopy: boolean;
  /** Of a copy, the point that was copied; null where nobody can say, and of what is no copy. */
  copyOf: string | null;
  malware: "unscanned" | "clean" | "threats" | "incomplete";
  /** So many of its kind, itself among them, where the others were let go of; one unless stated. */
  standsFor?: number;
}

export type Lock = "none" | "governance" | "cooling-off" | "compliance" | "unknown";

export interface Vault {
  name: string;
  region: string;
  lock: Lock;
}

export type KeyState = "aws-owned" | "aws-managed" | "enabled" | "disabled" | "pending-deletion" | "unknown";

/** A job of AWS Backup that did not end as it should. */
export interface Job {
  id: string;
  resourceArn: string;
  kind: "backup" | "copy";
  state: string;
  message: string | null;
  at: Instant;
}

export type Verdict = "MET" | "BREACHED" | "UNATTAINABLE" | "UNKNOWN" | "EXEMPT";

export const backupRules = [
  "unprotected",
  "objective-breached",
  "objective-unattainable",
  "not-known",
  "opt-out-invalid",
  "continuous-stopped",
  "fallback-to-snapshot",
  "point-expired",
  "point-partial",
  "status-unknown",
  "copy-missing",
  "copy-stale",
  "vault-unlocked",
  "key-unusable",
  "retention-short",
  "malware-found",
  "job-failed",
  "job-with-issues",
  "inventory-incomplete",
  "clock-skewed",
] as const;

export type BackupRule = (typeof backupRules)[number];

export interface Found {
  rule: BackupRule;
  severity: Severity;
  message: string;
  remedy: string;
}

/** Everything that is known of one resource when it is judged. */
export interface Evidence {
  resource: Resource;
  /** All points of it, of every region that was looked at. */
  points: readonly RecoveryPoint[];
  vaults: readonly Vault[];
  /** By ARN; a key that is not here is unknown. */
  keys: ReadonlyMap<string, KeyState>;
  jobs: readonly Job[];
  /** Regions of which the points could not be read, with the reason. */
  unread: ReadonlyMap<string, string>;
}

/** A copy in another region or vault, as the report shows it. */
export interface Copy {
  region: string;
  vault: string;
  restorableAt: Instant | null;
}

export interface Judged {
  arn: string;
  type: ResourceType;
  region: string;
  /** Null where nobody knows which. */
  environment: EnvironmentName | null;
  owner: string | null;
  /** Of the way that was judged: the one that keeps the objective, else the one that comes nearest; null where nothing protects it. */
  mechanism: string | null;
  /** The last instant to which it could be restored that way. */
  restorableAt: Instant | null;
  ageSeconds: number | null;
  rpoSeconds: number | null;
  verdict: Verdict;
  reason: string;
  copies: Copy[];
  lock: Lock | null;
  key: KeyState | null;
  findings: Found[];
}
