import {
  DescribeConfigurationRecorderStatusCommand,
  SelectResourceConfigCommand,
} from "@aws-sdk/client-config-service";
import { DescribeContinuousBackupsCommand } from "@aws-sdk/client-dynamodb";
import { DescribeSnapshotsCommand } from "@aws-sdk/client-ec2";
import { DescribeBackupsCommand, type Filter } from "@aws-sdk/client-fsx";
import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RebootDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { SearchCommand, type SearchCommandOutput } from "@aws-sdk/client-resource-explorer-2";
import {
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { day, minute } from "../../../shared/instant.ts";
import { createConfig } from "../../../simulation/aws/config-service.ts";
import { createTables } from "../../../simulation/aws/dynamodb-tables.ts";
import { createEc2 } from "../../../simulation/aws/ec2-volumes.ts";
import { createFsx } from "../../../simulation/aws/fsx.ts";
import { createKms } from "../../../simulation/aws/kms.ts";
import { createRds } from "../../../simulation/aws/rds.ts";
import { createResourceExplorer } from "../../../simulation/aws/resource-explorer.ts";
import { createS3Account } from "../../../simulation/aws/s3.ts";
import { denied } from "../../../simulation/denials.ts";

// What no other implementation can be held to: instants that move with the clock, refusals of ours, and services that nobody else has.

const start = Date.UTC(2026, 0, 15, 12);

function home() {
  const clock = { at: start };
  return { clock, at: { now: () => clock.at, account: "111122223333", region: "eu-west-1" } };
}

describe("RDS", () => {
  test("states instants that move with the clock, or stand", async () => {
    const { clock, at } = home();
    const rds = createRds(at);
    rds.putInstance("orders");
    rds.putCluster("shop", { latestRestorableAt: start - day });
    clock.at += day;
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({}));
    expect(DBInstances?.[0]?.LatestRestorableTime).toEqual(new Date(start + day - 5 * minute));
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({}));
    expect(DBClusters?.[0]?.LatestRestorableTime).toEqual(new Date(start - day));
  });

  test("gives snapshots that AWS Backup made only to who asks for them", async () => {
    const rds = createRds(home().at);
    const made = rds.putSnapshot("awsbackup:job-1", "orders", { type: "awsbackup" });
    const found = async (input: object) => (await rds.send(new DescribeDBSnapshotsCommand(input))).DBSnapshots?.length;
    expect(await found({})).toBe(0);
    expect(await found({ SnapshotType: "awsbackup" })).toBe(1);
    expect(await found({ DBSnapshotIdentifier: made.arn })).toBe(1);
    rds.remove(made);
    expect(await found({ SnapshotType: "awsbackup" })).toBe(0);
  });

  test("refuses what is not simulated by name", async () => {
    const rds = createRds(home().at);
    const command = rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: "orders" }));
    await expect(command).rejects.toThrow("does not implement RebootDBInstanceCommand");
    const filtered = rds.send(new DescribeDBInstancesCommand({ Filters: [] }));
    await expect(filtered).rejects.toThrow("does not implement Filters");
  });
});

test("a table's recovery may be in a state that the SDK has no word for", async () => {
  const tables = createTables(home().at);
  tables.put("carts", { recovery: "ENABLING", latestRestorableAt: null });
  const { ContinuousBackupsDescription } = await tables.send(
    new DescribeContinuousBackupsCommand({ TableName: "carts" }),
  );
  const { PointInTimeRecoveryDescription: recovery } = ContinuousBackupsDescription ?? {};
  expect(recovery).toMatchObject({ PointInTimeRecoveryStatus: "ENABLING" });
  expect(recovery).not.toHaveProperty("LatestRestorableDateTime");
});

test("snapshots of others are told only to who asks for their owner", async () => {
  const ec2 = createEc2(home().at);
  ec2.putSnapshot("snap-1", "vol-1");
  ec2.putSnapshot("snap-2", "vol-2", { owner: "444455556666" });
  const found = async (OwnerIds: string[]) =>
    (await ec2.send(new DescribeSnapshotsCommand({ OwnerIds }))).Snapshots?.map(({ SnapshotId }) => SnapshotId);
  expect(await found(["self"])).toEqual(["snap-1"]);
  expect(await found(["self", "444455556666"])).toEqual(["snap-1", "snap-2"]);
  await expect(ec2.send(new DescribeSnapshotsCommand({}))).rejects.toThrow("of all owners");
});

test("backups of FSx are found by their file system", async () => {
  const fsx = createFsx(home().at);
  const fileSystem = fsx.putFileSystem("fs-1");
  fsx.putBackup("backup-1", fileSystem);
  const found = async (id: string) => {
    const filter: Filter = { Name: "file-system-id", Values: [id] };
    return (await fsx.send(new DescribeBackupsCommand({ Filters: [filter] }))).Backups?.length;
  };
  expect(await found("fs-1")).toBe(1);
  expect(await found("fs-2")).toBe(0);
});

test("a key of another account is denied", async () => {
  const kms = createKms(home().at);
  const asked = kms.send(new DescribeKeyCommand({ KeyId: "arn:aws:kms:eu-west-1:444455556666:key/k" }));
  await expect(asked).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("whoever may not ask is refused as each service does it, and the next command is answered", async () => {
  const ec2 = createEc2(home().at);
  ec2.seam.before = (command) => {
    if (ec2.seam.calls.get(command) === 1) throw denied("ec2", "ec2:DescribeSnapshots");
  };
  const ask = () => ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
  await expect(ask()).rejects.toMatchObject({ name: "UnauthorizedOperation", $metadata: { httpStatusCode: 403 } });
  expect((await ask()).Snapshots).toEqual([]);
});

describe("Config", () => {
  const Expression =
    "SELECT arn, resourceType, tags WHERE resourceType IN ('AWS::RDS::DBInstance', 'AWS::EFS::FileSystem')";

  test("finds resources by their types, in pages, with the fields that were asked for", async () => {
    const config = createConfig(home().at);
    const arn = "arn:aws:rds:eu-west-1:111122223333:db:orders";
    config.put(arn, "AWS::RDS::DBInstance", { tags: { team: "shop" } });
    config.put("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1", "AWS::EFS::FileSystem");
    config.put("arn:aws:s3:::logs", "AWS::S3::Bucket");
    const first = await config.send(new SelectResourceConfigCommand({ Expression, Limit: 1 }));
    const tags = [{ tag: "team=shop", key: "team", value: "shop" }];
    expect(first.Results?.map((line) => JSON.parse(line))).toEqual([
      { arn, resourceType: "AWS::RDS::DBInstance", tags },
    ]);
    const NextToken = first.NextToken;
    const next = await config.send(new SelectResourceConfigCommand({ Expression, Limit: 1, NextToken }));
    expect(next.Results).toHaveLength(1);
    expect(next.NextToken).toBeUndefined();
  });

  test("was never set up where there is no recorder", async () => {
    const config = createConfig(home().at);
    config.recorder = null;
    const told = await config.send(new DescribeConfigurationRecorderStatusCommand({}));
    expect(told.ConfigurationRecordersStatus).toEqual([]);
    expect((await config.send(new SelectResourceConfigCommand({ Expression }))).Results).toEqual([]);
  });

  test("refuses what is no query, and what it does not simulate by name", async () => {
    const config = createConfig(home().at);
    const ask = (text: string) => config.send(new SelectResourceConfigCommand({ Expression: text }));
    await expect(ask("DROP TABLE")).rejects.toMatchObject({ name: "InvalidExpressionException" });
    await expect(ask("SELECT arn WHERE awsRegion = 'x'")).rejects.toThrow("does not implement the expression");
  });
});

describe("Resource Explorer", () => {
  test("finds what has no tags, and by type and region", async () => {
    const explorer = createResourceExplorer(home().at);
    explorer.put("arn:aws:rds:eu-west-1:111122223333:db:orders", "rds:db", { tags: { team: "shop" } });
    explorer.put("arn:aws:rds:eu-central-1:111122223333:db:carts", "rds:db");
    explorer.put("arn:aws:s3:::logs", "s3:bucket");
    const found = async (QueryString: string) =>
      (await explorer.send(new SearchCommand({ QueryString }))).Resources?.map(({ Arn }) => Arn?.split(":").at(-1));
    expect(await found("")).toEqual(["orders", "carts", "logs"]);
    expect(await found("tag:none")).toEqual(["carts", "logs"]);
    expect(await found("resourcetype:rds:db tag:all")).toEqual(["orders"]);
    expect(await found("resourcetype:rds:db,s3:bucket region:eu-central-1,global")).toEqual(["carts", "logs"]);
    await expect(found("shop")).rejects.toThrow("does not implement shop in a query");
  });

  test("tells nobody of more than a thousand, and says so", async () => {
    const explorer = createResourceExplorer(home().at);
    for (let count = 0; count < 1_001; count++) explorer.put(`arn:aws:s3:::bucket-${count}`, "s3:bucket");
    let seen = 0;
    let NextToken: string | undefined;
    do {
      const rest = NextToken === undefined ? {} : { NextToken };
      const page: SearchCommandOutput = await explorer.send(
        new SearchCommand({ QueryString: "", MaxResults: 300, ...rest }),
      );
      expect(page.Count).toEqual({ TotalResources: 1_000, Complete: false });
      seen += page.Resources?.length ?? 0;
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toBe(1_000);
  });

  test("refuses where the region has no view", async () => {
    const explorer = createResourceExplorer(home().at);
    explorer.hasView = false;
    const asked = explorer.send(new SearchCommand({ QueryString: "" }));
    await expect(asked).rejects.toMatchObject({ name: "UnauthorizedException" });
  });
});

describe("S3", () => {
  test("lists every bucket of the account, and serves those of its region", async () => {
    const s3 = createS3Account(home().at);
    s3.in("eu-west-1").put("logs");
    s3.in("us-east-1").put("old");
    const { send } = s3.in("eu-west-1");
    expect((await send(new ListBucketsCommand({}))).Buckets).toEqual([
      { Name: "logs", CreationDate: new Date(start) },
      { Name: "old", CreationDate: new Date(start) },
    ]);
    const { Buckets } = await send(new ListBucketsCommand({ BucketRegion: "eu-west-1" }));
    expect(Buckets).toMatchObject([{ Name: "logs", BucketRegion: "eu-west-1" }]);
    expect(await send(new GetBucketLocationCommand({ Bucket: "old" }))).not.toHaveProperty("LocationConstraint");
    const asked = send(new GetBucketVersioningCommand({ Bucket: "old" }));
    await expect(asked).rejects.toMatchObject({ name: "PermanentRedirect" });
  });

  test("keeps what is locked until its instant, unless governance is bypassed", async () => {
    const { clock, at } = home();
    const s3 = createS3Account(at).in("eu-west-1");
    const Bucket = s3.put("evidence", { hasObjectLock: true, defaultRetention: { mode: "GOVERNANCE", days: 7 } }).name;
    const put = async () => (await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "{}" }))).VersionId;
    const remove = (VersionId: string | undefined, BypassGovernanceRetention: boolean) =>
      s3.send(new DeleteObjectCommand({ Bucket, Key: "a", VersionId, BypassGovernanceRetention }));
    const first = await put();
    await expect(remove(first, false)).rejects.toMatchObject({ name: "AccessDenied" });
    await remove(first, true);
    const second = await put();
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "a" }));
    expect(got).toMatchObject({ ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: new Date(start + 7 * day) });
    clock.at += 7 * day;
    await remove(second, false);
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: "a" }))).rejects.toMatchObject({ name: "NoSuchKey" });
  });
});
