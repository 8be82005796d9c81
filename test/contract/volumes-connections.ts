import { CreateSnapshotCommand, CreateVolumeCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { CreateFileSystemCommand as CreateEfsCommand, EFSClient } from "@aws-sdk/client-efs";
import { CreateBackupCommand, CreateFileSystemCommand, FSxClient } from "@aws-sdk/client-fsx";
import { Broken } from "../../shared/failures.ts";
import { createEc2 } from "../../simulation/aws/ec2-volumes.ts";
import { createEfs } from "../../simulation/aws/efs.ts";
import { createFsx } from "../../simulation/aws/fsx.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectVolumes, VolumesConnection } from "./volumes.contract.ts";

const Tags = [{ Key: "team", Value: "shop" }];
const tags = { team: "shop" };

export async function connectSimulatedVolumes(): Promise<VolumesConnection> {
  const at = { now: Date.now, account: "111122223333", region: "us-east-1" };
  const ec2 = createEc2(at);
  const efs = createEfs(at);
  const fsx = createFsx(at);
  let sequence = 0;
  const newId = () => (++sequence).toString(16).padStart(17, "0");
  return {
    ...{ send: ec2.send, efs, fsx },
    makeVolume: async () => ec2.putVolume(`vol-${newId()}`, { tags }).id,
    makeInstance: async () => ec2.putInstance(`i-${newId()}`, { tags }).id,
    makeSnapshot: async (volume) => ec2.putSnapshot(`snap-${newId()}`, volume, { tags }).id,
    makeEfs: async () => efs.put(`fs-${newId()}`, { tags }).id,
    makeFsx: async () => fsx.putFileSystem(`fs-${newId()}`, { type: "WINDOWS", tags }).id,
    async makeFsxBackup(fileSystem) {
      const of = fsx.fileSystems.items.find(({ id }) => id === fileSystem);
      if (of === undefined) throw new Broken(`there is no file system ${fileSystem}`);
      return fsx.putBackup(`backup-${newId()}`, of, { type: "USER_INITIATED" }).id;
    },
  };
}

export function connectVolumes(endpoint: () => Promise<string>): ConnectVolumes {
  return async () => {
    const settings = { endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 };
    const ec2 = new EC2Client(settings);
    const efs = new EFSClient(settings);
    const fsx = new FSxClient(settings);
    return {
      ...{ send: ec2.send.bind(ec2), efs: { send: efs.send.bind(efs) }, fsx: { send: fsx.send.bind(fsx) } },
      async makeVolume() {
        const TagSpecifications = [{ ResourceType: "volume", Tags } as const];
        const made = { AvailabilityZone: "us-east-1a", Size: 8, TagSpecifications };
        return (await ec2.send(new CreateVolumeCommand(made))).VolumeId ?? "";
      },
      async makeInstance() {
        const TagSpecifications = [{ ResourceType: "instance", Tags } as const];
        const count = { MinCount: 1, MaxCount: 1, ImageId: "ami-12c6146b", InstanceType: "t3.micro" } as const;
        const { Instances = [] } = await ec2.send(new RunInstancesCommand({ ...count, TagSpecifications }));
        return Instances[0]?.InstanceId ?? "";
      },
      async makeSnapshot(VolumeId) {
        const TagSpecifications = [{ ResourceType: "snapshot", Tags } as const];
        return (await ec2.send(new CreateSnapshotCommand({ VolumeId, TagSpecifications }))).SnapshotId ?? "";
      },
      async makeEfs() {
        const made = new CreateEfsCommand({ CreationToken: crypto.randomUUID(), Tags });
        return (await efs.send(made)).FileSystemId ?? "";
      },
      async makeFsx() {
        const made = { FileSystemType: "WINDOWS", StorageCapacity: 32 } as const;
        const SubnetIds = ["subnet-12345678"];
        const WindowsConfiguration = { ThroughputCapacity: 8 };
        const { FileSystem } = await fsx.send(
          new CreateFileSystemCommand({ ...made, SubnetIds, WindowsConfiguration, Tags }),
        );
        return FileSystem?.FileSystemId ?? "";
      },
      async makeFsxBackup(FileSystemId) {
        return (await fsx.send(new CreateBackupCommand({ FileSystemId }))).Backup?.BackupId ?? "";
      },
    };
  };
}
