// An EFS that lives in memory, as far as it tells of file systems. What it claims is a suite in test/contract, to which MiniStack and moto
// are held as well.

import {
  BadRequest,
  DescribeFileSystemsCommand,
  type DescribeFileSystemsCommandInput,
  type DescribeFileSystemsCommandOutput,
  type EFSClient,
  FileSystemNotFound,
} from "@aws-sdk/client-efs";
import type { Instant } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";
import { Listing } from "./listing.ts";
import { openSeam, type Seam, throughSeam } from "./seam.ts";
import { ok, refused, stated, type Tags, tagList, type Wire } from "./wire.ts";

/** A file system as it stands: changed at will by whoever sets a scene. */
export interface FileSystemRecord {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: Instant;
  state: string;
  keyArn: string | null;
  tags: Tags;
}

export interface SimulatedEfs {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: EFSClient["send"];
  readonly seam: Seam;
  /** Available, unless stated otherwise. */
  put(id: string, change?: Partial<Omit<FileSystemRecord, "id" | "arn">>): FileSystemRecord;
  readonly fileSystems: Listing<FileSystemRecord>;
}

export function createEfs(options: { now: () => Instant; account: string; region: string }): SimulatedEfs {
  const { now, account, region } = options;
  const seam = openSeam();
  const fileSystems = new Listing<FileSystemRecord>();
  const answer = (command: unknown) => {
    if (command instanceof DescribeFileSystemsCommand) return describe({ account, seam, fileSystems }, command.input);
    throw new Error(`the simulated EFS does not implement ${commandName(command)}`);
  };
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: throughSeam(seam, answer) as EFSClient["send"],
    seam,
    fileSystems,
    put(id, change = {}) {
      const arn = `arn:aws:elasticfilesystem:${region}:${account}:file-system/${id}`;
      const record = { id, arn, createdAt: now(), state: "available", keyArn: null, tags: {}, ...change };
      fileSystems.add(record);
      return record;
    },
  };
}

const mostItems = 100;

function describe(
  { account, seam, fileSystems }: { account: string; seam: Seam; fileSystems: Listing<FileSystemRecord> },
  input: DescribeFileSystemsCommandInput,
): Wire<DescribeFileSystemsCommandOutput> {
  const command = "DescribeFileSystemsCommand";
  refuseParameters("EFS", command, input, ["FileSystemId", "MaxItems", "Marker"]);
  const { FileSystemId: name, MaxItems = mostItems, Marker: token } = input;
  if (!Number.isInteger(MaxItems) || MaxItems < 1) throw bad("MaxItems must be at least 1");
  const fits = ({ id, arn }: FileSystemRecord) => name === undefined || id === name || arn === name;
  // The service never gives more, whatever it is asked for.
  const size = seam.pageSize(command, Math.min(MaxItems, mostItems));
  const page = fileSystems.page({ size, token, fits });
  if (page === undefined) throw bad("Invalid Marker");
  if (name !== undefined && page.items.length === 0) {
    const message = `File system '${name}' does not exist.`;
    throw new FileSystemNotFound({ message, ErrorCode: "FileSystemNotFound", $metadata: { httpStatusCode: 404 } });
  }
  return {
    ...ok,
    FileSystems: page.items.map((record) => outputOf(record, account)),
    ...stated("Marker", token ?? null),
    ...stated("NextMarker", page.next ?? null),
  };
}

function outputOf({ id, arn, createdAt, state, keyArn, tags }: FileSystemRecord, OwnerId: string) {
  return {
    ...{ OwnerId, CreationToken: id, FileSystemId: id, FileSystemArn: arn, CreationTime: new Date(createdAt) },
    ...{ LifeCycleState: state, NumberOfMountTargets: 0, SizeInBytes: { Value: 6144 } },
    ...{ PerformanceMode: "generalPurpose", Tags: tagList(tags), ...stated("Name", tags.Name ?? null) },
    ...{ Encrypted: keyArn !== null, ...stated("KmsKeyId", keyArn) },
  };
}

function bad(message: string): BadRequest {
  return new BadRequest({ message, ErrorCode: "BadRequest", ...refused });
}
