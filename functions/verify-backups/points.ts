import {
  type BackupClient,
  type BackupJob,
  type BackupVaultListMember,
  type CopyJob,
  ListBackupJobsCommand,
  ListBackupVaultsCommand,
  ListCopyJobsCommand,
  ListRecoveryPointsByBackupVaultCommand,
  type RecoveryPointByBackupVault,
} from "@aws-sdk/client-backup";
import type { Job, Lock, RecoveryPoint, Vault } from "../../shared/backups/types.ts";
import { day, type Instant } from "../../shared/instant.ts";
import { whyUnread } from "./why-unread.ts";

// What AWS Backup holds of one region, a page at a time.

type Backup = Pick<BackupClient, "send">;

const resultsAtOnce = 1_000;

export async function* vaultsOf(backup: Backup, region: string, now: Instant): AsyncGenerator<Vault[]> {
  let token: string | undefined;
  do {
    const { BackupVaultList = [], NextToken } = await backup.send(
      new ListBackupVaultsCommand({ MaxResults: resultsAtOnce, ...(token === undefined ? {} : { NextToken: token }) }),
    );
    yield BackupVaultList.flatMap((vault) =>
      vault.BackupVaultName === undefined ? [] : [{ name: vault.BackupVaultName, region, lock: lockOf(vault, now) }],
    );
    token = NextToken;
  } while (token !== undefined);
}

/** An air-gapped vault is always locked for good; a lock without a date can be taken away by whoever may, one with a date until then. */
function lockOf({ VaultType, Locked, LockDate }: BackupVaultListMember, now: Instant): Lock {
  if (VaultType === "LOGICALLY_AIR_GAPPED_BACKUP_VAULT") return "compliance";
  if (Locked !== true) return "none";
  if (LockDate === undefined) return "governance";
  return LockDate.getTime() <= now ? "compliance" : "cooling-off";
}

/** All points of a vault, without a filter by date: a point that is continued may have been created long ago. */
export async function* pointsOf(backup: Backup, vault: string, region: string): AsyncGenerator<RecoveryPoint[]> {
  let token: string | undefined;
  do {
    const { RecoveryPoints = [], NextToken } = await backup.send(
      new ListRecoveryPointsByBackupVaultCommand({
        BackupVaultName: vault,
        MaxResults: resultsAtOnce,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    yield RecoveryPoints.flatMap((point) => pointOf(point, vault, region));
    token = NextToken;
  } while (token !== undefined);
}

/** A point without an ARN, a resource or a date is none that anybody could restore from. */
function pointOf(point: RecoveryPointByBackupVault, vault: string, region: string): RecoveryPoint[] {
  const { RecoveryPointArn: arn, ResourceArn: resourceArn, CreationDate, InitiationDate, EncryptionKeyArn } = point;
  if (arn === undefined || resourceArn === undefined || CreationDate === undefined) return [];
  const deleteAt = point.CalculatedLifecycle?.DeleteAt?.getTime() ?? null;
  return [
    {
      ...{ arn, resourceArn, region, vault, resourceType: point.ResourceType ?? "" },
      ...{ status: point.Status ?? "unstated", statusMessage: point.StatusMessage ?? null },
      // The API has no field for it; the ARN says it.
      isContinuous: /:recovery-point:continuous:/.test(arn),
      initiatedAt: InitiationDate?.getTime() ?? null,
      createdAt: CreationDate.getTime(),
      ...{ consistentAt: null, deleteAt },
      key:
        EncryptionKeyArn === undefined || point.EncryptionKeyType === "AWS_OWNED_KMS_KEY"
          ? null
          : { arn: EncryptionKeyArn, isAwsManaged: false },
      isCopy: point.SourceBackupVaultArn !== undefined && point.SourceBackupVaultArn !== point.BackupVaultArn,
      copyOf: null,
      malware: malwareOf(point),
    },
  ];
}

function malwareOf({ AggregatedScanResult: scan }: RecoveryPointByBackupVault): RecoveryPoint["malware"] {
  if (scan === undefined) return "unscanned";
  if ((scan.Findings ?? []).length > 0) return "threats";
  return scan.FailedScan === true ? "incomplete" : "clean";
}

export interface CopyJobs {
  /** The copy's ARN, and that of the point that was copied. */
  copies: [copy: string, source: string][];
  /** Those of the last day that did not end well. */
  bad: Job[];
}

/** AWS keeps jobs for thirty days. */
export async function* copyJobsOf(backup: Backup, now: Instant): AsyncGenerator<CopyJobs> {
  let token: string | undefined;
  do {
    const { CopyJobs: jobs = [], NextToken } = await backup.send(
      new ListCopyJobsCommand({ MaxResults: resultsAtOnce, ...(token === undefined ? {} : { NextToken: token }) }),
    );
    yield {
      copies: jobs.flatMap(
        ({ SourceRecoveryPointArn: source, DestinationRecoveryPointArn: destination }): CopyJobs["copies"] =>
          source !== undefined && destination !== undefined ? [[destination, source]] : [],
      ),
      bad: jobs.flatMap((job) => badCopy(job, now)),
    };
    token = NextToken;
  } while (token !== undefined);
}

function badCopy(
  { CopyJobId: id, ResourceArn: resourceArn, CreationDate, State: state, StatusMessage }: CopyJob,
  now: Instant,
): Job[] {
  if (id === undefined || resourceArn === undefined || CreationDate === undefined || state === undefined) return [];
  const at = CreationDate.getTime();
  if (at <= now - day || !["FAILED", "PARTIAL"].includes(state)) return [];
  return [{ id, resourceArn, kind: "copy", state, message: StatusMessage ?? null, at }];
}

/** The jobs of the last day that did not end well, and those that did with a message: "completed with issues" is no state. */
export async function* badJobsOf(backup: Backup, now: Instant): AsyncGenerator<Job[]> {
  let token: string | undefined;
  do {
    // All states in one listing: those that went well are most of it, and must be read for their messages.
    const { BackupJobs = [], NextToken } = await backup.send(
      new ListBackupJobsCommand({
        ByCreatedAfter: new Date(now - day),
        MaxResults: resultsAtOnce,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    yield BackupJobs.flatMap(badJob);
    token = NextToken;
  } while (token !== undefined);
}

/** Nobody knows yet how they end. */
const underWay: readonly string[] = ["CREATED", "PENDING", "RUNNING", "ABORTING"];

function badJob({ BackupJobId: id, ResourceArn: resourceArn, CreationDate, State: state, ...said }: BackupJob): Job[] {
  const { StatusMessage, MessageCategory = "SUCCESS" } = said;
  if (id === undefined || resourceArn === undefined || CreationDate === undefined || state === undefined) return [];
  if (underWay.includes(state) || (state === "COMPLETED" && MessageCategory === "SUCCESS")) return [];
  return [
    { id, resourceArn, kind: "backup", state, message: StatusMessage ?? MessageCategory, at: CreationDate.getTime() },
  ];
}

/** Whether a vault went away while it was read. */
export function isVanished(error: unknown): boolean {
  return error instanceof Error && error.name === "ResourceNotFoundException";
}

/** In spite of its documentation AWS Backup denies access to a vault that is not there. */
export function mayBeGone(error: unknown): boolean {
  return isVanished(error) || (error instanceof Error && error.name.startsWith("AccessDenied"));
}

export function whyNot(what: string, error: unknown): string {
  return `${what} could not be read: ${whyUnread(error)}`;
}
