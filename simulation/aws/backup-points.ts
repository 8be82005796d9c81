import type {
  AggregatedScanResult,
  DescribeRecoveryPointCommandInput,
  DescribeRecoveryPointCommandOutput,
  ListProtectedResourcesCommandInput,
  ListProtectedResourcesCommandOutput,
  ListRecoveryPointsByBackupVaultCommandInput,
  ListRecoveryPointsByBackupVaultCommandOutput,
  ListRecoveryPointsByResourceCommandInput,
  ListRecoveryPointsByResourceCommandOutput,
  ProtectedResource,
  RecoveryPointByBackupVault,
  RecoveryPointByResource,
} from "@aws-sdk/client-backup";
import { refuseParameters } from "../commands.ts";
import { invalid, missing, notFound } from "./backup-errors.ts";
import type { PointRecord } from "./backup-records.ts";
import { noPoints, pageOf, type Region, rest, vaultArn, vaultNamed } from "./backup-region.ts";
import { dated, ok, stated, type Wire } from "./wire.ts";

const paging = ["MaxResults", "NextToken"];
const created = ["ByCreatedAfter", "ByCreatedBefore"];
const byVault = ["BackupVaultName", "BackupVaultAccountId", "ByResourceArn", "ByResourceType", ...created, ...paging];

/** The filters look at the date of creation, also of a point that is continued ever since. */
export function listByVault(
  region: Region,
  input: ListRecoveryPointsByBackupVaultCommandInput,
): Wire<ListRecoveryPointsByBackupVaultCommandOutput> {
  const command = "ListRecoveryPointsByBackupVaultCommand";
  refuseParameters("Backup", command, input, byVault);
  const vault = vaultNamed(region, input.BackupVaultName, input.BackupVaultAccountId);
  const { ByResourceArn: resource, ByResourceType: type } = input;
  const after = input.ByCreatedAfter?.getTime() ?? Number.NEGATIVE_INFINITY;
  const before = input.ByCreatedBefore?.getTime() ?? Number.POSITIVE_INFINITY;
  const fits = (point: PointRecord) =>
    (resource === undefined || point.resourceArn === resource) &&
    (type === undefined || point.resourceType === type) &&
    point.createdAt > after &&
    point.createdAt < before;
  const points = region.pointsOf.get(vault.name) ?? noPoints;
  const { items, next } = pageOf(region, command, points, input, fits);
  return { ...ok, RecoveryPoints: items.map((point) => richOf(region, vault.type, point)), ...rest(next) };
}

function richOf(region: Region, vaultType: string, point: PointRecord): Wire<RecoveryPointByBackupVault> {
  return { ...detailsOf(region, vaultType, point), ...stated("AggregatedScanResult", aggregateOf(point)) };
}

type Details = Omit<Wire<RecoveryPointByBackupVault>, "AggregatedScanResult">;

/** All that listing by vault and describing have in common. */
function detailsOf(region: Region, vaultType: string, point: PointRecord): Details {
  const { vault, deleteAfterDays, deleteAt, coldAt, createdBy } = point;
  return {
    ...{ RecoveryPointArn: point.arn, ResourceArn: point.resourceArn, ResourceType: point.resourceType },
    ...(vault === null ? {} : { BackupVaultName: vault, BackupVaultArn: vaultArn(region, vault) }),
    ...stated("SourceBackupVaultArn", point.sourceVaultArn),
    ...stated("CreatedBy", createdBy),
    ...{ IamRoleArn: point.roleArn, Status: point.status, CreationDate: new Date(point.createdAt) },
    ...stated("StatusMessage", point.statusMessage),
    ...dated("InitiationDate", point.initiatedAt),
    ...dated("CompletionDate", point.completedAt),
    BackupSizeInBytes: point.sizeBytes,
    CalculatedLifecycle: { ...dated("MoveToColdStorageAt", coldAt), ...dated("DeleteAt", deleteAt) },
    ...(deleteAfterDays === null ? {} : { Lifecycle: { DeleteAfterDays: deleteAfterDays } }),
    ...stated("EncryptionKeyArn", point.keyArn),
    ...stated("EncryptionKeyType", point.keyType),
    ...{ IsEncrypted: point.isEncrypted, IsParent: point.isParent, VaultType: vaultType },
    ...stated("ParentRecoveryPointArn", point.parentArn),
    ...stated("ResourceName", point.resourceName),
    ...stated("IndexStatus", point.indexStatus),
  };
}

function aggregateOf({ scans }: PointRecord): AggregatedScanResult | null {
  const last = scans.at(-1);
  if (last === undefined) return null;
  return {
    FailedScan: scans.some(({ ScanJobState }) => ScanJobState === "FAILED"),
    Findings: [...new Set(scans.flatMap(({ Findings = [] }) => Findings))],
    ...stated("LastComputed", last.LastScanTimestamp ?? null),
  };
}

const minimumOfRds = 20;

/** Much less of a point than by vault: neither its type, nor its lifecycle, nor when it was begun and completed. */
export function listByResource(
  region: Region,
  input: ListRecoveryPointsByResourceCommandInput,
): Wire<ListRecoveryPointsByResourceCommandOutput> {
  const command = "ListRecoveryPointsByResourceCommand";
  refuseParameters("Backup", command, input, ["ResourceArn", "ManagedByAWSBackupOnly", ...paging]);
  const { ResourceArn = "", MaxResults, ManagedByAWSBackupOnly = false } = input;
  if (ResourceArn === "") throw missing("ResourceArn");
  if (!ResourceArn.startsWith("arn:")) throw invalid(`Invalid resource ARN ${ResourceArn}`);
  if (/^arn:[^:]+:rds:/.test(ResourceArn) && MaxResults !== undefined && MaxResults < minimumOfRds) {
    throw invalid(`MaxResults must be at least ${minimumOfRds} for Amazon RDS`);
  }
  const fits = ({ vault }: PointRecord) => vault !== null || !ManagedByAWSBackupOnly;
  const points = region.pointsOfResource.get(ResourceArn) ?? noPoints;
  const { items, next } = pageOf(region, command, points, input, fits);
  return { ...ok, RecoveryPoints: items.map((point) => poorOf(region, point)), ...rest(next) };
}

function poorOf({ vaultsByName }: Region, point: PointRecord): Wire<RecoveryPointByResource> {
  const { vault } = point;
  return {
    ...{ RecoveryPointArn: point.arn, CreationDate: new Date(point.createdAt), Status: point.status },
    ...stated("StatusMessage", point.statusMessage),
    ...stated("EncryptionKeyArn", point.keyArn),
    ...stated("EncryptionKeyType", point.keyType),
    ...{ BackupSizeBytes: point.sizeBytes, IsParent: point.isParent },
    ...(vault === null
      ? {}
      : { BackupVaultName: vault, ...stated("VaultType", vaultsByName.get(vault)?.type ?? null) }),
    ...stated("ParentRecoveryPointArn", point.parentArn),
    ...stated("ResourceName", point.resourceName),
    ...stated("IndexStatus", point.indexStatus),
    ...stated("AggregatedScanResult", aggregateOf(point)),
  };
}

export function describePoint(
  region: Region,
  input: DescribeRecoveryPointCommandInput,
): Wire<DescribeRecoveryPointCommandOutput> {
  const command = "DescribeRecoveryPointCommand";
  refuseParameters("Backup", command, input, ["BackupVaultName", "BackupVaultAccountId", "RecoveryPointArn"]);
  const vault = vaultNamed(region, input.BackupVaultName, input.BackupVaultAccountId);
  const { RecoveryPointArn = "" } = input;
  if (RecoveryPointArn === "") throw missing("RecoveryPointArn");
  const point = region.points.get(RecoveryPointArn);
  if (point === undefined || point.vault !== vault.name) throw notFound("Recovery point does not exist");
  return {
    ...ok,
    ...detailsOf(region, vault.type, point),
    StorageClass: point.storageClass,
    ...(point.scans.length === 0 ? {} : { ScanResults: [...point.scans] }),
  };
}

/** What was backed up by AWS Backup at least once, and nothing of the state of its points. */
export function listProtected(
  region: Region,
  input: ListProtectedResourcesCommandInput,
): Wire<ListProtectedResourcesCommandOutput> {
  const command = "ListProtectedResourcesCommand";
  refuseParameters("Backup", command, input, paging);
  const fits = (arn: string) => newestOf(region, arn) !== undefined;
  const { items, next } = pageOf(region, command, region.resources, input, fits);
  return {
    ...ok,
    Results: items.flatMap((arn) => {
      const newest = newestOf(region, arn);
      return newest === undefined ? [] : [protectedOf(region, newest)];
    }),
    ...rest(next),
  };
}

const neverBackedUp = ["CREATING"];

function newestOf(region: Region, resourceArn: string): PointRecord | undefined {
  let newest: PointRecord | undefined;
  for (const point of region.pointsOfResource.get(resourceArn)?.items ?? []) {
    if (point.vault === null || neverBackedUp.includes(point.status)) continue;
    if (newest === undefined || point.createdAt >= newest.createdAt) newest = point;
  }
  return newest;
}

function protectedOf(region: Region, newest: PointRecord): Wire<ProtectedResource> {
  const { arn, vault, resourceArn, resourceType, createdAt, completedAt, resourceName } = newest;
  return {
    ...{ ResourceArn: resourceArn, ResourceType: resourceType, LastBackupTime: new Date(completedAt ?? createdAt) },
    ...stated("ResourceName", resourceName),
    ...stated("LastBackupVaultArn", vault === null ? null : vaultArn(region, vault)),
    LastRecoveryPointArn: arn,
  };
}
