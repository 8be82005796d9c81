// An RDS that lives in memory, as far as it tells of databases and of what they could be restored from. What it claims is a suite in
// test/contract, to which MiniStack and moto are held as well.

import {
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { type Instant, minute } from "../../shared/instant.ts";
import { commandName } from "../commands.ts";
import { Listing } from "./listing.ts";
import {
  describeAutomatedBackups,
  describeClusterSnapshots,
  describeClusters,
  describeInstances,
  describeSnapshots,
} from "./rds-describe.ts";
import type { Contents } from "./rds-pages.ts";
import type {
  AutomatedBackupRecord,
  ClusterRecord,
  ClusterSnapshotRecord,
  InstanceRecord,
  InstanceSnapshotRecord,
  SnapshotRecord,
} from "./rds-records.ts";
import { openSeam, type Seam, throughSeam } from "./seam.ts";

type Change<Record extends { id: string; arn: string }> = Partial<Omit<Record, "id" | "arn">>;

export interface SimulatedRds {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: RDSClient["send"];
  readonly seam: Seam;
  /** A PostgreSQL with a week of automated backups that are five minutes behind, unless stated otherwise. */
  putInstance(id: string, change?: Change<InstanceRecord>): InstanceRecord;
  /** An Aurora PostgreSQL with the same. */
  putCluster(id: string, change?: Change<ClusterRecord>): ClusterRecord;
  /** A manual one of now, with everything that was committed, unless stated otherwise. */
  putSnapshot(id: string, databaseId: string, change?: Change<InstanceSnapshotRecord>): InstanceSnapshotRecord;
  putClusterSnapshot(id: string, databaseId: string, change?: Change<ClusterSnapshotRecord>): ClusterSnapshotRecord;
  putAutomatedBackup(of: InstanceRecord, change?: Partial<Omit<AutomatedBackupRecord, "arn">>): AutomatedBackupRecord;
  /** Whatever of them it is. */
  remove(record: InstanceRecord | ClusterRecord | SnapshotRecord | AutomatedBackupRecord): void;
}

const behind = (now: Instant) => now - 5 * minute;

export function createRds(options: { now: () => Instant; account: string; region: string }): SimulatedRds {
  const { now, account, region } = options;
  const contents: Contents = {
    ...{ now, seam: openSeam(), instances: new Listing(), clusters: new Listing(), snapshots: new Listing() },
    ...{ clusterSnapshots: new Listing(), automatedBackups: new Listing() },
  };
  const arn = (kind: string, id: string) => `arn:aws:rds:${region}:${account}:${kind}:${id}`;
  let sequence = 0;
  const database = () => ({
    ...{ createdAt: now(), status: "available", retentionDays: 7, latestRestorableAt: behind, pointArn: null },
    ...{ keyArn: null, tags: {} },
  });
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: throughSeam(contents.seam, (command) => answer(contents, command)) as RDSClient["send"],
    seam: contents.seam,
    putInstance(id, change = {}) {
      const own = { id, arn: arn("db", id), resourceId: `db-${++sequence}`, engine: "postgres", clusterId: null };
      return added(contents.instances, { ...database(), ...own, ...change });
    },
    putCluster(id, change = {}) {
      const own = { id, arn: arn("cluster", id), resourceId: `cluster-${++sequence}`, engine: "aurora-postgresql" };
      return added(contents.clusters, { ...database(), ...own, earliestRestorableAt: now(), ...change });
    },
    putSnapshot(id, databaseId, change = {}) {
      const createdAt = change.createdAt ?? now();
      const own = { id, arn: arn("snapshot", id), databaseId, engine: "postgres", sourceRegion: null };
      const times = { databaseAt: createdAt, originallyCreatedAt: createdAt };
      return added(contents.snapshots, { createdAt, ...usualSnapshot, ...own, ...times, ...change });
    },
    putClusterSnapshot(id, databaseId, change = {}) {
      const own = { id, arn: arn("cluster-snapshot", id), databaseId, engine: "aurora-postgresql" };
      return added(contents.clusterSnapshots, { createdAt: now(), ...usualSnapshot, ...own, ...change });
    },
    putAutomatedBackup(of, change = {}) {
      const own = { arn: arn("auto-backup", `ab-${++sequence}`), region, ...automatedBackupOf(of), ...change };
      return added(contents.automatedBackups, own);
    },
    remove(record) {
      removeFrom(contents.instances, record);
      removeFrom(contents.clusters, record);
      removeFrom(contents.snapshots, record);
      removeFrom(contents.clusterSnapshots, record);
      removeFrom(contents.automatedBackups, record);
    },
  };
}

function added<Item>(listing: Listing<Item>, item: Item): Item {
  listing.add(item);
  return item;
}

const unencrypted = { keyArn: null, isEncrypted: false };
const usualSnapshot = { status: "available", type: "manual", tags: {}, sourceSnapshotArn: null, ...unencrypted };

/** As its instance says. */
function automatedBackupOf(of: InstanceRecord): Omit<AutomatedBackupRecord, "arn" | "region"> {
  const { id, resourceId, engine, retentionDays, pointArn, keyArn, tags } = of;
  return {
    ...{ instanceArn: of.arn, instanceId: id, resourceId, engine, status: "active", retentionDays },
    ...{ earliestAt: of.createdAt, latestAt: of.latestRestorableAt, pointArn, keyArn, tags },
  };
}

function removeFrom<Item extends object>(listing: Listing<Item>, record: object): void {
  const found = listing.items.find((item) => item === record);
  if (found !== undefined) listing.remove(found);
}

function answer(contents: Contents, command: unknown): object {
  if (command instanceof DescribeDBInstancesCommand) return describeInstances(contents, command.input);
  if (command instanceof DescribeDBClustersCommand) return describeClusters(contents, command.input);
  if (command instanceof DescribeDBSnapshotsCommand) return describeSnapshots(contents, command.input);
  if (command instanceof DescribeDBClusterSnapshotsCommand) return describeClusterSnapshots(contents, command.input);
  if (command instanceof DescribeDBInstanceAutomatedBackupsCommand)
    return describeAutomatedBackups(contents, command.input);
  throw new Error(`the simulated RDS does not implement ${commandName(command)}`);
}
