// What the simulated RDS claims of databases, and of what they could be restored from.

import {
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  type DescribeDBInstancesCommandOutput,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { describe, expect } from "vitest";
import { createClaims, type Exceptions } from "./claims.ts";

export interface RdsConnection {
  send: RDSClient["send"];
  /** A PostgreSQL with so many days of automated backups, and the tag `team` of `shop`; its identifier. */
  makeInstance(retentionDays: number): Promise<string>;
  /** An Aurora PostgreSQL; its identifier. */
  makeCluster(): Promise<string>;
  /** Of an instance; its identifier. */
  makeSnapshot(instance: string): Promise<string>;
  makeClusterSnapshot(cluster: string): Promise<string>;
}

export type ConnectRds = () => Promise<RdsConnection>;

export function rdsContract(name: string, connect: ConnectRds, exceptions: Exceptions = {}): void {
  describe(`${name}: RDS`, () => {
    const { claim, end } = createClaims(name, exceptions);
    claim("tells of an instance, its tags, and how long it is kept", async () => {
      const { send, makeInstance } = await connect();
      const DBInstanceIdentifier = await makeInstance(7);
      const { DBInstances } = await send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
      const known = {
        DBInstanceIdentifier,
        Engine: "postgres",
        BackupRetentionPeriod: 7,
        DBInstanceStatus: "available",
      };
      expect(DBInstances).toMatchObject([{ ...known, TagList: [{ Key: "team", Value: "shop" }] }]);
      expect(DBInstances?.[0]?.DBInstanceArn).toMatch(/^arn:aws:rds:us-east-1:\d{12}:db:/);
    });
    claim("states to which instant an instance could be restored", async () => {
      const { send, makeInstance } = await connect();
      const DBInstanceIdentifier = await makeInstance(7);
      const { DBInstances } = await send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
      expect(DBInstances?.[0]?.LatestRestorableTime).toBeInstanceOf(Date);
    });
    claim("states no such instant where automated backups are switched off", async () => {
      const { send, makeInstance } = await connect();
      const DBInstanceIdentifier = await makeInstance(0);
      const { DBInstances } = await send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
      expect(DBInstances).toMatchObject([{ BackupRetentionPeriod: 0 }]);
      expect(DBInstances?.[0]?.LatestRestorableTime).toBeUndefined();
    });
    claim("does not find an instance that is not there", async () => {
      const { send } = await connect();
      const asked = send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "absent" }));
      await expect(asked).rejects.toMatchObject({ name: "DBInstanceNotFoundFault" });
    });
    pagesContract(connect, claim);
    clustersContract(connect, claim);
    snapshotsContract(connect, claim);
    end();
  });
}

type Claim = (name: string, body: () => Promise<void>) => void;

function pagesContract(connect: ConnectRds, claim: Claim): void {
  claim("gives pages of the size that was asked for, which hold every instance once", async () => {
    const { send, makeInstance } = await connect();
    const made: string[] = [];
    for (let count = 0; count < 21; count++) made.push(await makeInstance(7));
    const seen: unknown[] = [];
    let Marker: string | undefined;
    do {
      const asked = new DescribeDBInstancesCommand({ MaxRecords: 20, ...(Marker === undefined ? {} : { Marker }) });
      const page: DescribeDBInstancesCommandOutput = await send(asked);
      const { DBInstances: instances = [] } = page;
      expect(instances.length).toBeLessThanOrEqual(20);
      seen.push(...instances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier));
      Marker = page.Marker;
    } while (Marker !== undefined);
    expect(seen.filter((id) => made.some((own) => own === id)).toSorted()).toEqual(made.toSorted());
  });
  for (const MaxRecords of [19, 101]) {
    claim(`refuses pages of ${MaxRecords}`, async () => {
      const { send } = await connect();
      const asked = send(new DescribeDBInstancesCommand({ MaxRecords }));
      await expect(asked).rejects.toMatchObject({ name: "InvalidParameterValue" });
    });
  }
}

function clustersContract(connect: ConnectRds, claim: Claim): void {
  claim("tells of a cluster, and to which instant it could be restored", async () => {
    const { send, makeCluster } = await connect();
    const DBClusterIdentifier = await makeCluster();
    const { DBClusters } = await send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
    expect(DBClusters).toMatchObject([{ DBClusterIdentifier, Engine: "aurora-postgresql", Status: "available" }]);
    expect(DBClusters?.[0]?.LatestRestorableTime).toBeInstanceOf(Date);
    expect(DBClusters?.[0]?.DBClusterArn).toMatch(/^arn:aws:rds:us-east-1:\d{12}:cluster:/);
  });
  claim("does not find a cluster that is not there", async () => {
    const { send } = await connect();
    const asked = send(new DescribeDBClustersCommand({ DBClusterIdentifier: "absent" }));
    await expect(asked).rejects.toMatchObject({ name: "DBClusterNotFoundFault" });
  });
  claim("tells of a snapshot of a cluster", async () => {
    const { send, makeCluster, makeClusterSnapshot } = await connect();
    const DBClusterIdentifier = await makeCluster();
    const DBClusterSnapshotIdentifier = await makeClusterSnapshot(DBClusterIdentifier);
    const asked = new DescribeDBClusterSnapshotsCommand({ DBClusterIdentifier, SnapshotType: "manual" });
    const { DBClusterSnapshots } = await send(asked);
    const known = { DBClusterIdentifier, DBClusterSnapshotIdentifier, Status: "available", SnapshotType: "manual" };
    expect(DBClusterSnapshots).toMatchObject([{ ...known, SnapshotCreateTime: expect.any(Date) }]);
  });
}

function snapshotsContract(connect: ConnectRds, claim: Claim): void {
  claim("tells of a snapshot of an instance, and of the database's time in it", async () => {
    const { send, makeInstance, makeSnapshot } = await connect();
    const DBInstanceIdentifier = await makeInstance(7);
    const DBSnapshotIdentifier = await makeSnapshot(DBInstanceIdentifier);
    const { DBSnapshots } = await send(
      new DescribeDBSnapshotsCommand({ DBInstanceIdentifier, SnapshotType: "manual" }),
    );
    const known = { DBInstanceIdentifier, DBSnapshotIdentifier, Status: "available", SnapshotType: "manual" };
    expect(DBSnapshots).toMatchObject([{ ...known, SnapshotCreateTime: expect.any(Date) }]);
    expect(DBSnapshots?.[0]?.SnapshotDatabaseTime).toBeInstanceOf(Date);
  });
  claim("does not find a snapshot that is not there", async () => {
    const { send } = await connect();
    const asked = send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: "absent" }));
    await expect(asked).rejects.toMatchObject({ name: "DBSnapshotNotFoundFault" });
  });
  claim("tells of the automated backups of an instance, and their window", async () => {
    const { send, makeInstance } = await connect();
    const DBInstanceIdentifier = await makeInstance(7);
    const asked = new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier });
    const { DBInstanceAutomatedBackups } = await send(asked);
    expect(DBInstanceAutomatedBackups).toMatchObject([{ DBInstanceIdentifier, Status: "active" }]);
    expect(DBInstanceAutomatedBackups?.[0]?.RestoreWindow?.LatestTime).toBeInstanceOf(Date);
  });
}
