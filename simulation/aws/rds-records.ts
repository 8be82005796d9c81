import type { Instant } from "../../shared/instant.ts";
import type { Moment, Tags } from "./wire.ts";

// What a simulated RDS holds: records as they stand, changed at will by whoever sets a scene.

interface DatabaseRecord {
  readonly id: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly createdAt: Instant;
  engine: string;
  status: string;
  /** Zero where automated backups are switched off: then there is no latest restorable time either. */
  retentionDays: number;
  /** As the service states it. */
  latestRestorableAt: Moment;
  /** The continuous point of AWS Backup that manages its backups. */
  pointArn: string | null;
  keyArn: string | null;
  tags: Tags;
}

export interface InstanceRecord extends DatabaseRecord {
  /** Of one that belongs to a cluster, which is what is backed up then. */
  clusterId: string | null;
}

export interface ClusterRecord extends DatabaseRecord {
  earliestRestorableAt: Moment;
}

export interface SnapshotRecord {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: Instant;
  /** The database that it was made of. */
  databaseId: string;
  engine: string;
  status: string;
  /** `manual`, `automated` or `awsbackup`. */
  type: string;
  keyArn: string | null;
  isEncrypted: boolean;
  tags: Tags;
}

export interface InstanceSnapshotRecord extends SnapshotRecord {
  /** The last transaction that is in it. */
  databaseAt: Instant | null;
  /** When what it is a copy of was made, however often it was copied. */
  originallyCreatedAt: Instant | null;
  sourceRegion: string | null;
  sourceSnapshotArn: string | null;
}

/** AWS states no time of the database in it. */
export interface ClusterSnapshotRecord extends SnapshotRecord {
  sourceSnapshotArn: string | null;
}

/** What is kept to restore an instance to any instant, also of one that is deleted. */
export interface AutomatedBackupRecord {
  readonly arn: string;
  readonly instanceArn: string;
  readonly instanceId: string;
  readonly resourceId: string;
  region: string;
  engine: string;
  /** `active`, `retained` or `creating`. */
  status: string;
  retentionDays: number;
  earliestAt: Moment;
  latestAt: Moment;
  pointArn: string | null;
  keyArn: string | null;
  tags: Tags;
}
