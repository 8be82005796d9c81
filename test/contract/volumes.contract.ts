// What the simulated EC2, EFS and FSx claim of volumes, instances, snapshots and file systems.

import {
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  type DescribeVolumesCommandOutput,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { DescribeFileSystemsCommand as DescribeEfsCommand, type EFSClient } from "@aws-sdk/client-efs";
import { DescribeBackupsCommand, DescribeFileSystemsCommand, type FSxClient } from "@aws-sdk/client-fsx";
import { describe, expect } from "vitest";
import { createClaims, type Exceptions } from "./claims.ts";

/** What is made has the tag `team` of `shop`; each gives the id. */
export interface VolumesConnection {
  send: EC2Client["send"];
  efs: { send: EFSClient["send"] };
  fsx: { send: FSxClient["send"] };
  makeVolume(): Promise<string>;
  makeInstance(): Promise<string>;
  makeSnapshot(volume: string): Promise<string>;
  makeEfs(): Promise<string>;
  makeFsx(): Promise<string>;
  makeFsxBackup(fileSystem: string): Promise<string>;
}

export type ConnectVolumes = () => Promise<VolumesConnection>;
type Claim = (name: string, body: () => Promise<void>) => void;

const Tags = [{ Key: "team", Value: "shop" }];

export function volumesContract(name: string, connect: ConnectVolumes, exceptions: Exceptions = {}): void {
  describe(`${name}: volumes`, () => {
    const { claim, end } = createClaims(name, exceptions);
    ec2Contract(connect, claim);
    instancesContract(connect, claim);
    fileSystemsContract(connect, claim);
    end();
  });
}

function ec2Contract(connect: ConnectVolumes, claim: Claim): void {
  claim("tells of a volume", async () => {
    const { send, makeVolume } = await connect();
    const VolumeId = await makeVolume();
    const { Volumes } = await send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }));
    expect(Volumes).toMatchObject([{ VolumeId, Tags, CreateTime: expect.any(Date), Encrypted: false }]);
  });
  claim("gives pages of the size that was asked for, which hold every volume once", async () => {
    const { send, makeVolume } = await connect();
    const made: string[] = [];
    for (let count = 0; count < 6; count++) made.push(await makeVolume());
    const seen: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const rest = NextToken === undefined ? {} : { NextToken };
      const page: DescribeVolumesCommandOutput = await send(new DescribeVolumesCommand({ MaxResults: 5, ...rest }));
      const { Volumes: volumes = [] } = page;
      expect(volumes.length).toBeLessThanOrEqual(5);
      seen.push(...volumes.map(({ VolumeId }) => VolumeId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined && NextToken !== "");
    expect(seen.filter((id) => made.some((own) => own === id)).toSorted()).toEqual(made.toSorted());
  });
  for (const MaxResults of [4, 1001]) {
    claim(`refuses pages of ${MaxResults}`, async () => {
      const { send } = await connect();
      const asked = send(new DescribeVolumesCommand({ MaxResults }));
      await expect(asked).rejects.toMatchObject({ name: "InvalidParameterValue" });
    });
  }
  claim("finds volumes by a tag's key, and by its value", async () => {
    const { send, makeVolume } = await connect();
    const VolumeId = await makeVolume();
    const found = async (Name: string, ...Values: string[]) => {
      const { Volumes = [] } = await send(new DescribeVolumesCommand({ Filters: [{ Name, Values }] }));
      return Volumes.map((volume) => volume.VolumeId);
    };
    expect(await found("tag-key", "team")).toContain(VolumeId);
    expect(await found("tag:team", "shop")).toContain(VolumeId);
    expect(await found("tag:team", "other")).not.toContain(VolumeId);
  });
  claim("does not find a volume that is not there", async () => {
    const { send } = await connect();
    const asked = send(new DescribeVolumesCommand({ VolumeIds: ["vol-00000000000000000"] }));
    await expect(asked).rejects.toMatchObject({ name: "InvalidVolume.NotFound" });
  });
}

function instancesContract(connect: ConnectVolumes, claim: Claim): void {
  claim("tells of an instance", async () => {
    const { send, makeInstance } = await connect();
    const InstanceId = await makeInstance();
    const { Reservations } = await send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
    const instance = { InstanceId, State: { Name: "running" }, Tags, LaunchTime: expect.any(Date) };
    expect(Reservations).toMatchObject([{ OwnerId: expect.any(String), Instances: [instance] }]);
  });
  claim("tells of our own snapshots, and when each was begun", async () => {
    const { send, makeVolume, makeSnapshot } = await connect();
    const VolumeId = await makeVolume();
    const SnapshotId = await makeSnapshot(VolumeId);
    const Filters = [{ Name: "volume-id", Values: [VolumeId] }];
    const { Snapshots } = await send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], Filters }));
    const known = { SnapshotId, VolumeId, State: "completed", StartTime: expect.any(Date), Tags };
    expect(Snapshots).toMatchObject([known]);
  });
}

function fileSystemsContract(connect: ConnectVolumes, claim: Claim): void {
  claim("tells of a file system of EFS", async () => {
    const { efs, makeEfs } = await connect();
    const FileSystemId = await makeEfs();
    const { FileSystems } = await efs.send(new DescribeEfsCommand({ FileSystemId }));
    const known = { FileSystemId, LifeCycleState: "available", CreationTime: expect.any(Date), Tags };
    expect(FileSystems).toMatchObject([{ ...known, NumberOfMountTargets: 0 }]);
    expect(FileSystems?.[0]?.FileSystemArn).toMatch(
      new RegExp(`^arn:aws:elasticfilesystem:us-east-1:\\d{12}:file-system/${FileSystemId}$`),
    );
  });
  claim("gives file systems of EFS in pages of the size that was asked for", async () => {
    const { efs, makeEfs } = await connect();
    await makeEfs();
    await makeEfs();
    const { FileSystems, NextMarker } = await efs.send(new DescribeEfsCommand({ MaxItems: 1 }));
    expect(FileSystems).toHaveLength(1);
    const next = await efs.send(new DescribeEfsCommand({ MaxItems: 1, Marker: NextMarker }));
    expect(next.FileSystems?.[0]?.FileSystemId).not.toBe(FileSystems?.[0]?.FileSystemId);
  });
  claim("does not find a file system of EFS that is not there", async () => {
    const { efs } = await connect();
    const asked = efs.send(new DescribeEfsCommand({ FileSystemId: "fs-00000000000000000" }));
    await expect(asked).rejects.toMatchObject({ name: "FileSystemNotFound" });
  });
  claim("tells of a file system of FSx", async () => {
    const { fsx, makeFsx } = await connect();
    const FileSystemId = await makeFsx();
    const { FileSystems } = await fsx.send(new DescribeFileSystemsCommand({ FileSystemIds: [FileSystemId] }));
    expect(FileSystems).toMatchObject([{ FileSystemId, FileSystemType: "WINDOWS" }]);
  });
  claim("tells of a backup of FSx, and of what it is one", async () => {
    const { fsx, makeFsx, makeFsxBackup } = await connect();
    const FileSystemId = await makeFsx();
    const BackupId = await makeFsxBackup(FileSystemId);
    const { Backups } = await fsx.send(new DescribeBackupsCommand({ BackupIds: [BackupId] }));
    const known = { BackupId, Type: "USER_INITIATED", CreationTime: expect.any(Date), FileSystem: { FileSystemId } };
    expect(Backups).toMatchObject([known]);
  });
}
