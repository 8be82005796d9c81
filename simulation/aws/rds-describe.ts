import {
  type DBCluster,
  DBClusterNotFoundFault,
  type DBClusterSnapshot,
  DBClusterSnapshotNotFoundFault,
  type DBInstance,
  type DBInstanceAutomatedBackup,
  DBInstanceAutomatedBackupNotFoundFault,
  DBInstanceNotFoundFault,
  type DBSnapshot,
  DBSnapshotNotFoundFault,
  type DescribeDBClusterSnapshotsCommandInput,
  type DescribeDBClusterSnapshotsCommandOutput,
  type DescribeDBClustersCommandInput,
  type DescribeDBClustersCommandOutput,
  type DescribeDBInstanceAutomatedBackupsCommandInput,
  type DescribeDBInstanceAutomatedBackupsCommandOutput,
  type DescribeDBInstancesCommandInput,
  type DescribeDBInstancesCommandOutput,
  type DescribeDBSnapshotsCommandInput,
  type DescribeDBSnapshotsCommandOutput,
} from "@aws-sdk/client-rds";
import type { Instant } from "../../shared/instant.ts";
import { refuseParameters } from "../commands.ts";
import { type Contents, pageOf } from "./rds-pages.ts";
import type {
  AutomatedBackupRecord,
  ClusterRecord,
  ClusterSnapshotRecord,
  InstanceRecord,
  InstanceSnapshotRecord,
  SnapshotRecord,
} from "./rds-records.ts";
import { dated, momentOf, ok, refused, stated, tagList, type Wire } from "./wire.ts";

const paging = ["MaxRecords", "Marker"];

/** A database and a snapshot may be named by its ARN as well. */
const isNamed = (record: { id: string; arn: string }, name: string | undefined) =>
  name === undefined || record.id === name.toLowerCase() || record.arn === name;

export function describeInstances(
  contents: Contents,
  input: DescribeDBInstancesCommandInput,
): Wire<DescribeDBInstancesCommandOutput> {
  refuseParameters("RDS", "DescribeDBInstancesCommand", input, ["DBInstanceIdentifier", ...paging]);
  const { DBInstanceIdentifier: name } = input;
  const fits = (record: InstanceRecord) => isNamed(record, name);
  const { items, rest } = pageOf(contents, "DescribeDBInstancesCommand", contents.instances, input, fits);
  if (name !== undefined && items.length === 0) {
    throw new DBInstanceNotFoundFault({ message: `DBInstance ${name} not found.`, ...refused });
  }
  return { ...ok, DBInstances: items.map((record) => instanceOf(record, contents.now())), ...rest };
}

function instanceOf(record: InstanceRecord, now: Instant): Wire<DBInstance> {
  const { retentionDays, keyArn } = record;
  return {
    ...{ DBInstanceIdentifier: record.id, DBInstanceArn: record.arn, DbiResourceId: record.resourceId },
    ...{ Engine: record.engine, DBInstanceStatus: record.status, InstanceCreateTime: new Date(record.createdAt) },
    BackupRetentionPeriod: retentionDays,
    ...dated("LatestRestorableTime", retentionDays === 0 ? null : momentOf(record.latestRestorableAt, now)),
    ...stated("DBClusterIdentifier", record.clusterId),
    ...stated("AwsBackupRecoveryPointArn", record.pointArn),
    ...{ StorageEncrypted: keyArn !== null, ...stated("KmsKeyId", keyArn), TagList: tagList(record.tags) },
  };
}

export function describeClusters(
  contents: Contents,
  input: DescribeDBClustersCommandInput,
): Wire<DescribeDBClustersCommandOutput> {
  refuseParameters("RDS", "DescribeDBClustersCommand", input, ["DBClusterIdentifier", ...paging]);
  const { DBClusterIdentifier: name } = input;
  const fits = (record: ClusterRecord) => isNamed(record, name);
  const { items, rest } = pageOf(contents, "DescribeDBClustersCommand", contents.clusters, input, fits);
  if (name !== undefined && items.length === 0) {
    throw new DBClusterNotFoundFault({ message: `DBCluster ${name} not found.`, ...refused });
  }
  return { ...ok, DBClusters: items.map((record) => clusterOf(record, contents.now())), ...rest };
}

function clusterOf(record: ClusterRecord, now: Instant): Wire<DBCluster> {
  const { keyArn } = record;
  return {
    ...{ DBClusterIdentifier: record.id, DBClusterArn: record.arn, DbClusterResourceId: record.resourceId },
    ...{ Engine: record.engine, Status: record.status, ClusterCreateTime: new Date(record.createdAt) },
    BackupRetentionPeriod: record.retentionDays,
    ...dated("EarliestRestorableTime", momentOf(record.earliestRestorableAt, now)),
    ...dated("LatestRestorableTime", momentOf(record.latestRestorableAt, now)),
    ...stated("AwsBackupRecoveryPointArn", record.pointArn),
    ...{ StorageEncrypted: keyArn !== null, ...stated("KmsKeyId", keyArn), TagList: tagList(record.tags) },
  };
}

/** Those that AWS Backup made are given only to who asks for them. */
const isOfType = ({ type }: SnapshotRecord, wanted: string | undefined, isNamed: boolean) =>
  wanted === undefined ? isNamed || type !== "awsbackup" : type === wanted;

export function describeSnapshots(
  contents: Contents,
  input: DescribeDBSnapshotsCommandInput,
): Wire<DescribeDBSnapshotsCommandOutput> {
  const command = "DescribeDBSnapshotsCommand";
  const own = ["DBInstanceIdentifier", "DBSnapshotIdentifier", "SnapshotType"];
  refuseParameters("RDS", command, input, [...own, ...paging]);
  const { DBInstanceIdentifier: database, DBSnapshotIdentifier: name, SnapshotType: type } = input;
  const fits = (record: InstanceSnapshotRecord) =>
    isNamed(record, name) &&
    isOfType(record, type, name !== undefined) &&
    (database === undefined || record.databaseId === database);
  const { items, rest } = pageOf(contents, command, contents.snapshots, input, fits);
  if (name !== undefined && items.length === 0) {
    throw new DBSnapshotNotFoundFault({ message: `DBSnapshot ${name} not found.`, ...refused });
  }
  return { ...ok, DBSnapshots: items.map(snapshotOf), ...rest };
}

function snapshotOf(record: InstanceSnapshotRecord): Wire<DBSnapshot> {
  return {
    ...{ DBSnapshotIdentifier: record.id, DBSnapshotArn: record.arn, DBInstanceIdentifier: record.databaseId },
    ...{ Engine: record.engine, Status: record.status, SnapshotType: record.type, Encrypted: record.isEncrypted },
    SnapshotCreateTime: new Date(record.createdAt),
    ...dated("SnapshotDatabaseTime", record.databaseAt),
    ...dated("OriginalSnapshotCreateTime", record.originallyCreatedAt),
    ...stated("SourceRegion", record.sourceRegion),
    ...stated("SourceDBSnapshotIdentifier", record.sourceSnapshotArn),
    ...{ ...stated("KmsKeyId", record.keyArn), TagList: tagList(record.tags) },
  };
}

export function describeClusterSnapshots(
  contents: Contents,
  input: DescribeDBClusterSnapshotsCommandInput,
): Wire<DescribeDBClusterSnapshotsCommandOutput> {
  const command = "DescribeDBClusterSnapshotsCommand";
  const own = ["DBClusterIdentifier", "DBClusterSnapshotIdentifier", "SnapshotType"];
  refuseParameters("RDS", command, input, [...own, ...paging]);
  const { DBClusterIdentifier: database, DBClusterSnapshotIdentifier: name, SnapshotType: type } = input;
  const fits = (record: ClusterSnapshotRecord) =>
    isNamed(record, name) &&
    isOfType(record, type, name !== undefined) &&
    (database === undefined || record.databaseId === database);
  const { items, rest } = pageOf(contents, command, contents.clusterSnapshots, input, fits);
  if (name !== undefined && items.length === 0) {
    throw new DBClusterSnapshotNotFoundFault({ message: `DBClusterSnapshot ${name} not found.`, ...refused });
  }
  return { ...ok, DBClusterSnapshots: items.map(clusterSnapshotOf), ...rest };
}

function clusterSnapshotOf(record: ClusterSnapshotRecord): Wire<DBClusterSnapshot> {
  return {
    ...{ DBClusterSnapshotIdentifier: record.id, DBClusterSnapshotArn: record.arn },
    ...{ DBClusterIdentifier: record.databaseId, Engine: record.engine, Status: record.status },
    ...{ SnapshotType: record.type, SnapshotCreateTime: new Date(record.createdAt) },
    ...stated("SourceDBClusterSnapshotArn", record.sourceSnapshotArn),
    ...{ StorageEncrypted: record.isEncrypted, ...stated("KmsKeyId", record.keyArn), TagList: tagList(record.tags) },
  };
}

export function describeAutomatedBackups(
  contents: Contents,
  input: DescribeDBInstanceAutomatedBackupsCommandInput,
): Wire<DescribeDBInstanceAutomatedBackupsCommandOutput> {
  const command = "DescribeDBInstanceAutomatedBackupsCommand";
  const own = ["DBInstanceIdentifier", "DbiResourceId", "DBInstanceAutomatedBackupsArn"];
  refuseParameters("RDS", command, input, [...own, ...paging]);
  const { DBInstanceIdentifier: instance, DbiResourceId: resource, DBInstanceAutomatedBackupsArn: arn } = input;
  const fits = (record: AutomatedBackupRecord) =>
    (instance === undefined || record.instanceId === instance) &&
    (resource === undefined || record.resourceId === resource) &&
    (arn === undefined || record.arn === arn);
  const { items, rest } = pageOf(contents, command, contents.automatedBackups, input, fits);
  if (items.length === 0 && (resource ?? arn) !== undefined) {
    const message = `DBInstanceAutomatedBackup ${resource ?? arn} not found.`;
    throw new DBInstanceAutomatedBackupNotFoundFault({ message, ...refused });
  }
  return { ...ok, DBInstanceAutomatedBackups: items.map((record) => automatedOf(record, contents.now())), ...rest };
}

function automatedOf(record: AutomatedBackupRecord, now: Instant): Wire<DBInstanceAutomatedBackup> {
  const { keyArn } = record;
  return {
    ...{ DBInstanceArn: record.instanceArn, DBInstanceIdentifier: record.instanceId, Region: record.region },
    ...{ DbiResourceId: record.resourceId, DBInstanceAutomatedBackupsArn: record.arn, Status: record.status },
    RestoreWindow: {
      ...dated("EarliestTime", momentOf(record.earliestAt, now)),
      ...dated("LatestTime", momentOf(record.latestAt, now)),
    },
    ...{ Engine: record.engine, BackupRetentionPeriod: record.retentionDays },
    ...stated("AwsBackupRecoveryPointArn", record.pointArn),
    ...{ Encrypted: keyArn !== null, ...stated("KmsKeyId", keyArn), TagList: tagList(record.tags) },
  };
}
