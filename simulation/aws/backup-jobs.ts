import type {
  BackupJob,
  CopyJob,
  ListBackupJobsCommandInput,
  ListBackupJobsCommandOutput,
  ListCopyJobsCommandInput,
  ListCopyJobsCommandOutput,
} from "@aws-sdk/client-backup";
import { day } from "../../shared/instant.ts";
import { refuseParameters } from "../commands.ts";
import type { BackupJobRecord, CopyJobRecord } from "./backup-records.ts";
import { pageOf, type Region, rest, vaultArn } from "./backup-region.ts";
import { dated, ok, stated, type Wire } from "./wire.ts";

/** The service tells of no job that is older. Of copies its reference does not say so, but its console does. */
const keptDays = 30;

const paging = ["MaxResults", "NextToken"];
const common = ["ByResourceArn", "ByResourceType", "ByState", "ByMessageCategory", "ByAccountId"];
const times = ["ByCreatedAfter", "ByCreatedBefore", "ByCompleteAfter", "ByCompleteBefore"];

export function listJobs(region: Region, input: ListBackupJobsCommandInput): Wire<ListBackupJobsCommandOutput> {
  const command = "ListBackupJobsCommand";
  refuseParameters("Backup", command, input, ["ByBackupVaultName", ...common, ...times, ...paging]);
  const { ByBackupVaultName: vault } = input;
  const passes = filterOf(region, input);
  const fits = (job: BackupJobRecord) => passes(job) && (vault === undefined || job.vault === vault);
  const { items, next } = pageOf(region, command, region.jobs, input, fits);
  return { ...ok, BackupJobs: items.map((job) => jobOf(region, job)), ...rest(next) };
}

export function listCopies(region: Region, input: ListCopyJobsCommandInput): Wire<ListCopyJobsCommandOutput> {
  const command = "ListCopyJobsCommand";
  const own = ["ByDestinationVaultArn", "BySourceRecoveryPointArn"];
  refuseParameters("Backup", command, input, [...own, ...common, ...times, ...paging]);
  const { ByDestinationVaultArn: vault, BySourceRecoveryPointArn: point } = input;
  const passes = filterOf(region, input);
  const fits = (job: CopyJobRecord) =>
    (point === undefined || job.sourcePointArn === point) &&
    (vault === undefined || job.destinationVaultArn === vault) &&
    passes(job);
  const { items, next } = pageOf(region, command, region.copies, input, fits);
  return { ...ok, CopyJobs: items.map((job) => copyOf(region, job)), ...rest(next) };
}

type Filtered = Pick<
  BackupJobRecord,
  "resourceArn" | "resourceType" | "state" | "messageCategory" | "createdAt" | "completedAt"
>;

function filterOf(
  { now, account }: Region,
  input: ListBackupJobsCommandInput | ListCopyJobsCommandInput,
): (job: Filtered) => boolean {
  const oldest = now() - keptDays * day;
  const { ByResourceArn: arn, ByResourceType: type, ByState: state, ByMessageCategory: category } = input;
  const isOurs = input.ByAccountId === undefined || input.ByAccountId === account;
  const wasCreated = within(input.ByCreatedAfter, input.ByCreatedBefore);
  const wasCompleted = within(input.ByCompleteAfter, input.ByCompleteBefore);
  return (job) =>
    isOurs &&
    job.createdAt >= oldest &&
    (arn === undefined || job.resourceArn === arn) &&
    (type === undefined || job.resourceType === type) &&
    (state === undefined || job.state === state) &&
    (category === undefined || job.messageCategory === category) &&
    wasCreated(job.createdAt) &&
    wasCompleted(job.completedAt);
}

function within(after: Date | undefined, before: Date | undefined): (at: number | null) => boolean {
  if (after === undefined && before === undefined) return () => true;
  const from = after?.getTime() ?? Number.NEGATIVE_INFINITY;
  const to = before?.getTime() ?? Number.POSITIVE_INFINITY;
  return (at) => at !== null && at > from && at < to;
}

function jobOf(region: Region, job: BackupJobRecord): Wire<BackupJob> {
  const vault = region.vaultsByName.get(job.vault);
  return {
    ...{ AccountId: region.account, BackupJobId: job.id, State: job.state, MessageCategory: job.messageCategory },
    ...{ BackupVaultName: job.vault, BackupVaultArn: vaultArn(region, job.vault) },
    ...(vault === undefined ? {} : { VaultType: vault.type, VaultLockState: lockStateOf(vault.isLocked) }),
    ...stated("RecoveryPointArn", job.pointArn),
    ...{ ResourceArn: job.resourceArn, ResourceType: job.resourceType, CreationDate: new Date(job.createdAt) },
    ...stated("StatusMessage", job.statusMessage),
    ...dated("CompletionDate", job.completedAt),
    ...dated("StartBy", job.startBy),
    ...{ PercentDone: job.percentDone.toFixed(1), BackupSizeInBytes: job.sizeBytes, IsParent: false },
    ...stated("BackupType", job.type),
    ...stated("CreatedBy", job.createdBy),
  };
}

function copyOf(region: Region, job: CopyJobRecord): Wire<CopyJob> {
  return {
    ...{ AccountId: region.account, CopyJobId: job.id, State: job.state, MessageCategory: job.messageCategory },
    ...{ SourceBackupVaultArn: job.sourceVaultArn, SourceRecoveryPointArn: job.sourcePointArn },
    DestinationBackupVaultArn: job.destinationVaultArn,
    ...stated("DestinationRecoveryPointArn", job.destinationPointArn),
    ...stated("DestinationVaultType", job.destinationVaultType),
    ...(job.isDestinationLocked === null ? {} : { DestinationVaultLockState: lockStateOf(job.isDestinationLocked) }),
    ...{ ResourceArn: job.resourceArn, ResourceType: job.resourceType, CreationDate: new Date(job.createdAt) },
    ...stated("StatusMessage", job.statusMessage),
    ...dated("CompletionDate", job.completedAt),
    ...{ BackupSizeInBytes: job.sizeBytes, IsParent: false },
    ...stated("CreatedBy", job.createdBy),
  };
}

function lockStateOf(isLocked: boolean): string {
  return isLocked ? "LOCKED" : "UNLOCKED";
}
