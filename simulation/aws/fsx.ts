// An FSx that lives in memory, as far as it tells of file systems and of their backups.

import {
  BackupNotFound,
  BadRequest,
  DescribeBackupsCommand,
  type DescribeBackupsCommandInput,
  type DescribeBackupsCommandOutput,
  DescribeFileSystemsCommand,
  type DescribeFileSystemsCommandInput,
  type DescribeFileSystemsCommandOutput,
  type FileSystem,
  FileSystemNotFound,
  type FSxClient,
} from "@aws-sdk/client-fsx";
import type { Instant } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";
import { Listing, type Page } from "./listing.ts";
import { isPageSize } from "./pages.ts";
import { openSeam, type Seam, throughSeam } from "./seam.ts";
import { ok, refused, stated, type Tags, tagList, type Wire } from "./wire.ts";

interface FsxRecord {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: Instant;
  /** `AVAILABLE`, `CREATING`, `FAILED`, … */
  state: string;
  keyArn: string | null;
  tags: Tags;
}

/** A file system as it stands: changed at will by whoever sets a scene. */
export interface FsxFileSystemRecord extends FsxRecord {
  /** `WINDOWS`, `LUSTRE`, `ONTAP` or `OPENZFS`. */
  type: string;
}

export interface FsxBackupRecord extends FsxRecord {
  readonly of: FsxFileSystemRecord;
  /** `AUTOMATIC`, `USER_INITIATED` or `AWS_BACKUP`. */
  type: string;
}

export interface SimulatedFsx {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: FSxClient["send"];
  readonly seam: Seam;
  /** An available OpenZFS, unless stated otherwise. */
  putFileSystem(id: string, change?: Partial<Omit<FsxFileSystemRecord, "id" | "arn">>): FsxFileSystemRecord;
  /** An available one of now that was made automatically, unless stated otherwise. */
  putBackup(
    id: string,
    of: FsxFileSystemRecord,
    change?: Partial<Omit<FsxBackupRecord, "id" | "arn" | "of">>,
  ): FsxBackupRecord;
  readonly fileSystems: Listing<FsxFileSystemRecord>;
  readonly backups: Listing<FsxBackupRecord>;
}

interface Contents extends Pick<SimulatedFsx, "seam" | "fileSystems" | "backups"> {
  account: string;
}

export function createFsx(options: { now: () => Instant; account: string; region: string }): SimulatedFsx {
  const { now, account, region } = options;
  const lists = { fileSystems: new Listing<FsxFileSystemRecord>(), backups: new Listing<FsxBackupRecord>() };
  const contents: Contents = { account, seam: openSeam(), ...lists };
  const made = (id: string, kind: string) => ({
    ...{ id, arn: `arn:aws:fsx:${region}:${account}:${kind}/${id}`, createdAt: now() },
    ...{ state: "AVAILABLE", keyArn: null, tags: {} },
  });
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: throughSeam(contents.seam, (command) => answer(contents, command)) as FSxClient["send"],
    ...contents,
    putFileSystem(id, change = {}) {
      const record: FsxFileSystemRecord = { ...made(id, "file-system"), type: "OPENZFS", ...change };
      contents.fileSystems.add(record);
      return record;
    },
    putBackup(id, of, change = {}) {
      const record: FsxBackupRecord = { ...made(id, "backup"), of, type: "AUTOMATIC", ...change };
      contents.backups.add(record);
      return record;
    },
  };
}

function answer(contents: Contents, command: unknown): object {
  if (command instanceof DescribeFileSystemsCommand) return describeFileSystems(contents, command.input);
  if (command instanceof DescribeBackupsCommand) return describeBackups(contents, command.input);
  throw new Error(`the simulated FSx does not implement ${commandName(command)}`);
}

function describeFileSystems(
  contents: Contents,
  input: DescribeFileSystemsCommandInput,
): Wire<DescribeFileSystemsCommandOutput> {
  const command = "DescribeFileSystemsCommand";
  refuseParameters("FSx", command, input, ["FileSystemIds", "MaxResults", "NextToken"]);
  const { FileSystemIds: ids } = input;
  const { fileSystems, account } = contents;
  const absent = ids?.find((id) => !fileSystems.items.some((record) => record.id === id));
  if (absent !== undefined) {
    throw new FileSystemNotFound({ message: `File system '${absent}' does not exist.`, ...refused });
  }
  const { items, next } = pageOf(contents, command, fileSystems, input, ({ id }) => ids?.includes(id) ?? true);
  return {
    ...ok,
    FileSystems: items.map((record) => fileSystemOf(record, account)),
    ...stated("NextToken", next ?? null),
  };
}

function fileSystemOf(record: FsxFileSystemRecord, OwnerId: string): Wire<FileSystem> {
  return {
    ...{ OwnerId, CreationTime: new Date(record.createdAt), FileSystemId: record.id, FileSystemType: record.type },
    ...{ Lifecycle: record.state, ResourceARN: record.arn, Tags: tagList(record.tags) },
    ...stated("KmsKeyId", record.keyArn),
  };
}

function describeBackups(contents: Contents, input: DescribeBackupsCommandInput): Wire<DescribeBackupsCommandOutput> {
  const command = "DescribeBackupsCommand";
  refuseParameters("FSx", command, input, ["BackupIds", "Filters", "MaxResults", "NextToken"]);
  const { BackupIds: ids, Filters: filters = [] } = input;
  const { backups, account } = contents;
  const absent = ids?.find((id) => !backups.items.some((record) => record.id === id));
  if (absent !== undefined) throw new BackupNotFound({ message: `Backup '${absent}' does not exist.`, ...refused });
  const passes = ({ of, type }: FsxBackupRecord) =>
    filters.every(({ Name, Values = [] }) => {
      if (Name === "file-system-id") return Values.includes(of.id);
      if (Name === "backup-type") return Values.includes(type);
      if (Name === "file-system-type") return Values.includes(of.type);
      throw new Error(`the simulated FSx does not implement the filter ${Name}`);
    });
  // Ids are asked for in place of filters.
  const fits = (record: FsxBackupRecord) => (ids === undefined ? passes(record) : ids.includes(record.id));
  const { items, next } = pageOf(contents, command, backups, input, fits);
  return {
    ...ok,
    Backups: items.map((record) => ({
      ...{ BackupId: record.id, Lifecycle: record.state, Type: record.type, CreationTime: new Date(record.createdAt) },
      ...{ FileSystem: fileSystemOf(record.of, account), ResourceARN: record.arn, OwnerId: account },
      ...{ ResourceType: "FILE_SYSTEM", Tags: tagList(record.tags), ...stated("KmsKeyId", record.keyArn) },
    })),
    ...stated("NextToken", next ?? null),
  };
}

/** Its reference names no greatest page, but says that the service has one. */
const mostResults = 2_147_483_647;
const largestPage = 50;

function pageOf<Item>(
  { seam }: Contents,
  command: string,
  listing: Listing<Item>,
  { MaxResults = largestPage, NextToken: token }: { MaxResults?: number | undefined; NextToken?: string | undefined },
  fits: (item: Item) => boolean,
): Page<Item> {
  if (!isPageSize(MaxResults, mostResults)) throw new BadRequest({ message: "MaxResults", ...refused });
  const page = listing.page({ size: seam.pageSize(command, Math.min(MaxResults, largestPage)), token, fits });
  if (page === undefined) throw new BadRequest({ message: "Invalid NextToken", ...refused });
  return page;
}
