import type { BackupPlan, BackupSelection, RecoveryPointCreator, ScanResult } from "@aws-sdk/client-backup";
import type { Instant } from "../../shared/instant.ts";
import type { Tags } from "./wire.ts";

// What a simulated AWS Backup holds: records as they stand, changed at will by whoever sets a scene. States are any text, for the
// service may come to have words that the SDK has not.

export interface VaultRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Instant;
  type: string;
  state: string;
  /** Null where AWS owns the key. */
  keyArn: string | null;
  isLocked: boolean;
  /** From then on a lock cannot be taken away; null for one that can be at any time. */
  lockedForGoodAt: Instant | null;
  minimumRetentionDays: number | null;
  maximumRetentionDays: number | null;
  tags: Tags;
}

export interface PointRecord {
  readonly arn: string;
  /** Null where the service made it itself: then it is told only to who asks for its resource. */
  readonly vault: string | null;
  readonly resourceArn: string;
  readonly resourceType: string;
  resourceName: string | null;
  status: string;
  statusMessage: string | null;
  createdAt: Instant;
  initiatedAt: Instant | null;
  completedAt: Instant | null;
  /** When AWS is to delete it; null where it never does, and where it cannot tell. */
  deleteAt: Instant | null;
  coldAt: Instant | null;
  deleteAfterDays: number | null;
  keyArn: string | null;
  /** `AWS_OWNED_KMS_KEY` or `CUSTOMER_MANAGED_KMS_KEY`; the API has no word for the key that AWS manages. */
  keyType: string | null;
  isEncrypted: boolean;
  sizeBytes: number;
  sourceVaultArn: string | null;
  createdBy: RecoveryPointCreator | null;
  roleArn: string;
  isParent: boolean;
  parentArn: string | null;
  indexStatus: string | null;
  storageClass: string;
  /** The newest last. */
  scans: readonly ScanResult[];
  tags: Tags;
}

export interface BackupJobRecord {
  readonly id: string;
  readonly resourceArn: string;
  readonly resourceType: string;
  readonly createdAt: Instant;
  vault: string;
  pointArn: string | null;
  state: string;
  statusMessage: string | null;
  /** `SUCCESS` of one that went well; what the console calls completed with issues has another one. */
  messageCategory: string;
  completedAt: Instant | null;
  startBy: Instant | null;
  percentDone: number;
  sizeBytes: number;
  /** As the service has it, a text that its reference does not list: null unless a scene needs one. */
  type: string | null;
  createdBy: RecoveryPointCreator | null;
}

export interface CopyJobRecord {
  readonly id: string;
  readonly resourceArn: string;
  readonly resourceType: string;
  readonly createdAt: Instant;
  readonly sourceVaultArn: string;
  readonly sourcePointArn: string;
  readonly destinationVaultArn: string;
  destinationPointArn: string | null;
  /** Null where the vault is not of this account. */
  destinationVaultType: string | null;
  isDestinationLocked: boolean | null;
  state: string;
  statusMessage: string | null;
  messageCategory: string;
  completedAt: Instant | null;
  sizeBytes: number;
  createdBy: RecoveryPointCreator | null;
}

export interface PlanRecord {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: Instant;
  versionId: string;
  plan: BackupPlan;
  lastExecutedAt: Instant | null;
  /** By id. */
  selections: Map<string, { createdAt: Instant; selection: BackupSelection }>;
  tags: Tags;
}

const typesByArn: readonly [RegExp, string][] = [
  [/^arn:[^:]+:rds:[^:]*:\d*:db:/, "RDS"],
  [/^arn:[^:]+:rds:[^:]*:\d*:cluster:/, "Aurora"],
  [/^arn:[^:]+:dynamodb:[^:]*:\d*:table\//, "DynamoDB"],
  [/^arn:[^:]+:s3:::/, "S3"],
  [/^arn:[^:]+:ec2:[^:]*:\d*:volume\//, "EBS"],
  [/^arn:[^:]+:ec2:[^:]*:\d*:instance\//, "EC2"],
  [/^arn:[^:]+:elasticfilesystem:/, "EFS"],
  [/^arn:[^:]+:fsx:/, "FSx"],
];

/** As AWS Backup names the type of a resource. */
export function typeOf(resourceArn: string): string {
  const found = typesByArn.find(([pattern]) => pattern.test(resourceArn));
  if (found === undefined) throw new Error(`say of which resource type ${resourceArn} is`);
  return found[1];
}

/** The ARN that a point of that type has: of what the service itself keeps, or of AWS Backup where it keeps it. */
export function pointArnOf(
  home: { account: string; region: string },
  type: string,
  point: { id: string; isContinuous: boolean },
): string {
  const { account, region } = home;
  const { id, isContinuous } = point;
  if (isContinuous) return `arn:aws:backup:${region}:${account}:recovery-point:continuous:${id}`;
  switch (type) {
    case "RDS":
      return `arn:aws:rds:${region}:${account}:snapshot:awsbackup:job-${id}`;
    case "Aurora":
      return `arn:aws:rds:${region}:${account}:cluster-snapshot:awsbackup:job-${id}`;
    case "EBS":
      return `arn:aws:ec2:${region}::snapshot/snap-${id}`;
    case "EC2":
      return `arn:aws:ec2:${region}::image/ami-${id}`;
    case "FSx":
      return `arn:aws:fsx:${region}:${account}:backup/backup-${id}`;
    default:
      return `arn:aws:backup:${region}:${account}:recovery-point:${id}`;
  }
}
