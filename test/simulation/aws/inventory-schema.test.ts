import * as config from "@aws-sdk/client-config-service";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as ec2 from "@aws-sdk/client-ec2";
import * as efs from "@aws-sdk/client-efs";
import * as fsx from "@aws-sdk/client-fsx";
import * as kms from "@aws-sdk/client-kms";
import * as rds from "@aws-sdk/client-rds";
import * as explorer from "@aws-sdk/client-resource-explorer-2";
import * as s3 from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { day } from "../../../shared/instant.ts";
import { createConfig } from "../../../simulation/aws/config-service.ts";
import { createTables } from "../../../simulation/aws/dynamodb-tables.ts";
import { createEc2 } from "../../../simulation/aws/ec2-volumes.ts";
import { createEfs } from "../../../simulation/aws/efs.ts";
import { createFsx } from "../../../simulation/aws/fsx.ts";
import { createKms } from "../../../simulation/aws/kms.ts";
import { createRds } from "../../../simulation/aws/rds.ts";
import { createResourceExplorer } from "../../../simulation/aws/resource-explorer.ts";
import { createS3Account } from "../../../simulation/aws/s3.ts";
import { createShapes } from "./shapes.ts";

// What is asked of the services whose resources are backed up: their answers are held to the schemas by which the SDK reads AWS's.

const start = Date.UTC(2026, 0, 15, 12);
const at = { now: () => start, account: "111122223333", region: "eu-west-1" };
const keyArn = "arn:aws:kms:eu-west-1:111122223333:key/k";
const said = { keyArn, tags: { team: "shop" } };

const databases = createRds(at);
const pointArn = "arn:aws:backup:eu-west-1:111122223333:recovery-point:continuous:1";
const instance = databases.putInstance("orders", { ...said, clusterId: "shop", pointArn });
databases.putCluster("shop", { ...said, pointArn });
databases.putSnapshot("orders-1", "orders", { ...said, sourceRegion: "eu-central-1", sourceSnapshotArn: "arn" });
databases.putClusterSnapshot("shop-1", "shop", { ...said, sourceSnapshotArn: "arn" });
databases.putAutomatedBackup(instance);

const tables = createTables(at);
const { arn: ResourceArn } = tables.put("carts", { ...said, recovery: "ENABLED" });

const machines = createEc2(at);
machines.putVolume("vol-1", said);
machines.putInstance("i-1", said);
machines.putSnapshot("snap-1", "vol-1", said);

const files = createEfs(at);
files.put("fs-1", { ...said, tags: { Name: "shared" } });

const lustre = createFsx(at);
lustre.putBackup("backup-1", lustre.putFileSystem("fs-1", said), said);

const recorded = createConfig(at);
recorded.put(instance.arn, "AWS::RDS::DBInstance", { tags: { team: "shop" } });

const index = createResourceExplorer(at);
index.put(instance.arn, "rds:db", { tags: { team: "shop" } });

const keys = createKms(at);
keys.put("k", { state: "PendingDeletion" });

const buckets = createS3Account(at).in("eu-west-1");
buckets.put("evidence", { tags: { team: "shop" }, hasObjectLock: true, tellsEventBridge: true });
const Bucket = "evidence";
const ObjectLockRetainUntilDate = new Date(start + day);
const object = { Bucket, Key: "a.json", Body: "{}", ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate } as const;
await buckets.send(new s3.PutObjectCommand({ ...object, ChecksumAlgorithm: "SHA256" }));

const Expression = "SELECT arn, tags WHERE resourceType = 'AWS::RDS::DBInstance'";

const asked: (readonly [string, readonly unknown[], () => Promise<object>])[] = [
  ["DB instances", rds.DescribeDBInstances$, () => databases.send(new rds.DescribeDBInstancesCommand({}))],
  ["DB clusters", rds.DescribeDBClusters$, () => databases.send(new rds.DescribeDBClustersCommand({}))],
  ["DB snapshots", rds.DescribeDBSnapshots$, () => databases.send(new rds.DescribeDBSnapshotsCommand({}))],
  [
    "snapshots of clusters",
    rds.DescribeDBClusterSnapshots$,
    () => databases.send(new rds.DescribeDBClusterSnapshotsCommand({})),
  ],
  [
    "automated backups",
    rds.DescribeDBInstanceAutomatedBackups$,
    () => databases.send(new rds.DescribeDBInstanceAutomatedBackupsCommand({})),
  ],
  ["tables", dynamodb.ListTables$, () => tables.send(new dynamodb.ListTablesCommand({}))],
  ["a table", dynamodb.DescribeTable$, () => tables.send(new dynamodb.DescribeTableCommand({ TableName: "carts" }))],
  [
    "continuous backups",
    dynamodb.DescribeContinuousBackups$,
    () => tables.send(new dynamodb.DescribeContinuousBackupsCommand({ TableName: "carts" })),
  ],
  [
    "the tags of a table",
    dynamodb.ListTagsOfResource$,
    () => tables.send(new dynamodb.ListTagsOfResourceCommand({ ResourceArn })),
  ],
  ["volumes", ec2.DescribeVolumes$, () => machines.send(new ec2.DescribeVolumesCommand({}))],
  ["instances", ec2.DescribeInstances$, () => machines.send(new ec2.DescribeInstancesCommand({}))],
  ["snapshots", ec2.DescribeSnapshots$, () => machines.send(new ec2.DescribeSnapshotsCommand({ OwnerIds: ["self"] }))],
  ["file systems of EFS", efs.DescribeFileSystems$, () => files.send(new efs.DescribeFileSystemsCommand({}))],
  ["file systems of FSx", fsx.DescribeFileSystems$, () => lustre.send(new fsx.DescribeFileSystemsCommand({}))],
  ["backups of FSx", fsx.DescribeBackups$, () => lustre.send(new fsx.DescribeBackupsCommand({}))],
  [
    "recorders",
    config.DescribeConfigurationRecorderStatus$,
    () => recorded.send(new config.DescribeConfigurationRecorderStatusCommand({})),
  ],
  [
    "what is recorded",
    config.SelectResourceConfig$,
    () => recorded.send(new config.SelectResourceConfigCommand({ Expression })),
  ],
  ["the index", explorer.Search$, () => index.send(new explorer.SearchCommand({ QueryString: "" }))],
  ["a key", kms.DescribeKey$, () => keys.send(new kms.DescribeKeyCommand({ KeyId: "k" }))],
  ["buckets", s3.ListBuckets$, () => buckets.send(new s3.ListBucketsCommand({ MaxBuckets: 1 }))],
  ["where a bucket is", s3.GetBucketLocation$, () => buckets.send(new s3.GetBucketLocationCommand({ Bucket }))],
  ["the tags of a bucket", s3.GetBucketTagging$, () => buckets.send(new s3.GetBucketTaggingCommand({ Bucket }))],
  ["versioning", s3.GetBucketVersioning$, () => buckets.send(new s3.GetBucketVersioningCommand({ Bucket }))],
  [
    "events",
    s3.GetBucketNotificationConfiguration$,
    () => buckets.send(new s3.GetBucketNotificationConfigurationCommand({ Bucket })),
  ],
  ["putting", s3.PutObject$, () => buckets.send(new s3.PutObjectCommand({ ...object, ChecksumAlgorithm: "SHA256" }))],
  [
    "getting",
    s3.GetObject$,
    () => buckets.send(new s3.GetObjectCommand({ Bucket, Key: "a.json", ChecksumMode: "ENABLED" })),
  ],
  ["objects", s3.ListObjectsV2$, () => buckets.send(new s3.ListObjectsV2Command({ Bucket }))],
  ["deleting", s3.DeleteObject$, () => buckets.send(new s3.DeleteObjectCommand({ Bucket, Key: "b" }))],
];

test.each(asked)("%s: the answer has the shape that the SDK reads", async (_, operation, ask) => {
  const answer = await ask();
  expect(Object.keys(answer).length).toBeGreaterThan(1);
  expect(createShapes().problemsOf(operation, answer)).toEqual([]);
});

test("a snapshot of a cluster states no time of the database in it, in the SDK's own schema", () => {
  const [, , , , members] = rds.DBClusterSnapshot$;
  expect(members).not.toContain("SnapshotDatabaseTime");
  expect(rds.DBSnapshot$[4]).toContain("SnapshotDatabaseTime");
});
