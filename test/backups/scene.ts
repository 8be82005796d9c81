import type { BackupPolicy } from "../../shared/backups/judge.ts";
import type { BackupRule, Continuous, Evidence, RecoveryPoint, Resource, Verdict } from "../../shared/backups/types.ts";
import { type EnvironmentName, environments } from "../../shared/configuration/environments.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { minute } from "../../shared/instant.ts";

// What the cases of backups are put together from. Their times are minutes before now.

export const now = Date.parse("2026-03-10T12:00:00Z");
export const region = "eu-west-1";
export const abroad = "eu-central-1";
const arn = `arn:aws:rds:${region}:111122223333:db:orders`;
export const hours = 60;
export const days = 24 * hours;

/** What is seen of a resource, what is so, and what is to be said. */
export interface Case {
  says: string;
  /** The stack's; production unless stated. */
  environment?: EnvironmentName;
  configure?: (configuration: Configuration) => void;
  evidence: Evidence;
  /** By how many minutes the clock of whoever looks is ahead, and whether that was measured. */
  clock?: { aheadMinutes: number; isMeasured: boolean };
  /** How the newest job of its backup ended, as a rule that looks at jobs sees it. */
  lastJob: "COMPLETED" | "FAILED" | null;
  /** So many minutes of what was written would be lost, if it had to be restored now: what only the case knows. */
  lostMinutes: number;
  verdict: Verdict;
  findings: readonly BackupRule[];
}

export function ago(minutes: number): number {
  return now - minutes * minute;
}

/** A database whose service says nothing of restoring it to any instant, with no tags. */
export function resource(parts: Partial<Resource> = {}): Resource {
  return {
    ...{ arn, type: "RDS", region, account: "111122223333", name: "orders" },
    ...{ tags: {}, continuous: null, unknown: null },
    ...parts,
  };
}

/** The transaction log reaches so far. */
export function log(behindMinutes: number): Continuous {
  return { mechanism: "automated backups", latestAt: ago(behindMinutes), lagSeconds: null };
}

/** No more is stated than a bound: that of S3. */
export const bound: Continuous = { mechanism: "continuous backup", latestAt: null, lagSeconds: 900 };
export const bucket = resource({ type: "S3", arn: "arn:aws:s3:::orders", continuous: bound });

let count = 0;

/** A point that was created so many minutes ago, and begun at the same time. */
export function point(createdMinutes: number, parts: Partial<RecoveryPoint> = {}): RecoveryPoint {
  count += 1;
  return {
    ...{ arn: `arn:aws:backup:${region}:111122223333:recovery-point:${count}`, resourceArn: arn, resourceType: "RDS" },
    ...{ region, vault: "main", status: "COMPLETED", statusMessage: null, isContinuous: false },
    ...{ initiatedAt: null, createdAt: ago(createdMinutes), consistentAt: null, deleteAt: null, key: null },
    ...{ isCopy: false, copyOf: null, malware: "unscanned" },
    ...parts,
  };
}

export function continued(createdMinutes: number, parts: Partial<RecoveryPoint> = {}): RecoveryPoint {
  return point(createdMinutes, { isContinuous: true, status: "AVAILABLE", ...parts });
}

export function copyOf(source: RecoveryPoint | null, createdMinutes: number, parts: Partial<RecoveryPoint> = {}) {
  return point(createdMinutes, { isCopy: true, copyOf: source?.arn ?? null, vault: "second", ...parts });
}

export function evidence(parts: Partial<Evidence> = {}): Evidence {
  return {
    ...{ resource: resource(), points: [], jobs: [], keys: new Map(), unread: new Map() },
    vaults: ["main", "second"].flatMap((name) => [
      { name, region, lock: "none" as const },
      { name, region: abroad, lock: "none" as const },
    ]),
    ...parts,
  };
}

const all = environments.map((name) => [name, loadConfiguration(name).configuration] as const);

/** What is shipped, of all four environments; changed by the case in its own. */
export function policyOf({ environment = "production", configure = () => {}, clock }: Partial<Case>): BackupPolicy {
  const configurations = structuredClone(Object.fromEntries(all)) as BackupPolicy["configurations"];
  configure(configurations[environment]);
  const clockSkewMs = clock?.isMeasured ? clock.aheadMinutes * minute : 0;
  return { environment, configurations, clockSkewMs };
}

export function nowOf({ clock }: Pick<Case, "clock">): number {
  return now + (clock?.aheadMinutes ?? 0) * minute;
}
