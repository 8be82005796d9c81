// EC2 as far as it tells of volumes, instances and snapshots. What it claims is a suite in test/contract, to which MiniStack and moto
// are held as well.

import {
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  type DescribeInstancesCommandOutput,
  DescribeSnapshotsCommand,
  type DescribeSnapshotsCommandInput,
  type DescribeSnapshotsCommandOutput,
  DescribeVolumesCommand,
  type DescribeVolumesCommandInput,
  type DescribeVolumesCommandOutput,
  type EC2Client,
  EC2ServiceException,
  type Filter,
} from "@aws-sdk/client-ec2";
import type { Instant } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";
import { Listing } from "./listing.ts";
import { openSeam, type Seam, throughSeam } from "./seam.ts";
import { ok, refused, stated, type Tags, tagList, type Wire } from "./wire.ts";

interface Ec2Record {
  readonly id: string;
  readonly createdAt: Instant;
  /** `in-use` or `running` or `completed`, as each of them has it. */
  state: string;
  keyArn: string | null;
  tags: Tags;
}

/** A volume as it stands: changed at will by whoever sets a scene. */
export interface VolumeRecord extends Ec2Record {
  sizeGiB: number;
}

export type InstanceRecord = Ec2Record;

export interface SnapshotRecord extends Ec2Record {
  volumeId: string;
  owner: string;
  description: string;
}

type Change<Record extends Ec2Record> = Partial<Omit<Record, "id">>;

export interface SimulatedEc2 {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: EC2Client["send"];
  readonly seam: Seam;
  /** In use, unless stated otherwise. */
  putVolume(id: string, change?: Change<VolumeRecord>): VolumeRecord;
  /** Running, unless stated otherwise. */
  putInstance(id: string, change?: Change<InstanceRecord>): InstanceRecord;
  /** Completed, and our own, unless stated otherwise. */
  putSnapshot(id: string, volumeId: string, change?: Change<SnapshotRecord>): SnapshotRecord;
  volumes: Listing<VolumeRecord>;
  instances: Listing<InstanceRecord>;
  snapshots: Listing<SnapshotRecord>;
}

interface Contents extends Pick<SimulatedEc2, "seam" | "volumes" | "instances" | "snapshots"> {
  account: string;
}

export function createEc2(options: { now: () => Instant; account: string }): SimulatedEc2 {
  const { now, account } = options;
  const lists = { volumes: new Listing<VolumeRecord>(), instances: new Listing<InstanceRecord>() };
  const contents: Contents = { account, seam: openSeam(), ...lists, snapshots: new Listing<SnapshotRecord>() };
  const made = (id: string, state: string) => ({ id, createdAt: now(), state, keyArn: null, tags: {} });
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: throughSeam(contents.seam, (command) => answer(contents, command)) as EC2Client["send"],
    ...contents,
    putVolume(id, change = {}) {
      const record: VolumeRecord = { ...made(id, "in-use"), sizeGiB: 8, ...change };
      contents.volumes.add(record);
      return record;
    },
    putInstance(id, change = {}) {
      const record: InstanceRecord = { ...made(id, "running"), ...change };
      contents.instances.add(record);
      return record;
    },
    putSnapshot(id, volumeId, change = {}) {
      const own = { volumeId, owner: account, description: "" };
      const record: SnapshotRecord = { ...made(id, "completed"), ...own, ...change };
      contents.snapshots.add(record);
      return record;
    },
  };
}

function answer(contents: Contents, command: unknown): object {
  if (command instanceof DescribeVolumesCommand) return describeVolumes(contents, command.input);
  if (command instanceof DescribeInstancesCommand) return describeInstances(contents, command.input);
  if (command instanceof DescribeSnapshotsCommand) return describeSnapshots(contents, command.input);
  throw new Error(`the simulated EC2 does not implement ${commandName(command)}`);
}

const parameters = ["MaxResults", "NextToken", "Filters"];

function describeVolumes(contents: Contents, input: DescribeVolumesCommandInput): Wire<DescribeVolumesCommandOutput> {
  const command = "DescribeVolumesCommand";
  refuseParameters("EC2", command, input, ["VolumeIds", ...parameters]);
  const asked = { command, ids: input.VolumeIds, stateFilter: "status" };
  const { items, rest } = pageOf(contents, asked, contents.volumes, input);
  return {
    ...ok,
    Volumes: items.map(({ id, createdAt, state, keyArn, sizeGiB, tags }) => ({
      ...{ VolumeId: id, CreateTime: new Date(createdAt), State: state, Size: sizeGiB, Tags: tagList(tags) },
      ...{ Encrypted: keyArn !== null, ...stated("KmsKeyId", keyArn) },
    })),
    ...rest,
  };
}

/** Each was launched by itself. */
function describeInstances(
  contents: Contents,
  input: DescribeInstancesCommandInput,
): Wire<DescribeInstancesCommandOutput> {
  const command = "DescribeInstancesCommand";
  refuseParameters("EC2", command, input, ["InstanceIds", ...parameters]);
  const asked = { command, ids: input.InstanceIds, stateFilter: "instance-state-name" };
  const { items, rest } = pageOf(contents, asked, contents.instances, input);
  const { account: OwnerId } = contents;
  return {
    ...ok,
    Reservations: items.map(({ id, createdAt, state, tags }) => ({
      ...{ OwnerId, ReservationId: id.replace(/^i-/, "r-") },
      Instances: [{ InstanceId: id, LaunchTime: new Date(createdAt), State: { Name: state }, Tags: tagList(tags) }],
    })),
    ...rest,
  };
}

/** Asked for without an owner it would tell of everybody's public ones. */
function describeSnapshots(
  contents: Contents,
  input: DescribeSnapshotsCommandInput,
): Wire<DescribeSnapshotsCommandOutput> {
  const command = "DescribeSnapshotsCommand";
  refuseParameters("EC2", command, input, ["OwnerIds", "SnapshotIds", ...parameters]);
  const { OwnerIds: owners = [] } = input;
  if (owners.length === 0)
    throw new Error("the simulated EC2 does not implement DescribeSnapshotsCommand of all owners");
  const isOwned = ({ owner }: SnapshotRecord) =>
    owners.includes(owner) || (owners.includes("self") && owner === contents.account);
  const asked = { command, ids: input.SnapshotIds, stateFilter: "status" };
  const { items, rest } = pageOf(contents, asked, contents.snapshots, input, isOwned);
  return {
    ...ok,
    Snapshots: items.map(({ id, volumeId, createdAt, state, owner, description, keyArn, tags }) => ({
      ...{ SnapshotId: id, VolumeId: volumeId, StartTime: new Date(createdAt), State: state, OwnerId: owner },
      ...{ Description: description, Encrypted: keyArn !== null, ...stated("KmsKeyId", keyArn), Tags: tagList(tags) },
    })),
    ...rest,
  };
}

// Source: API reference, MaxResults of each of them.
const leastResults = 5;
const mostResults = 1000;

function pageOf<Item extends Ec2Record>(
  { seam }: Contents,
  { command, ids, stateFilter }: { command: string; ids: string[] | undefined; stateFilter: string },
  listing: Listing<Item>,
  input: { MaxResults?: number | undefined; NextToken?: string | undefined; Filters?: Filter[] | undefined },
  isWanted: (item: Item) => boolean = () => true,
): { items: Item[]; rest: { NextToken?: string } } {
  const { MaxResults: size = mostResults, NextToken: token, Filters: filters = [] } = input;
  if (!Number.isInteger(size) || size < leastResults || size > mostResults) {
    throw refusal("InvalidParameterValue", `Value ( ${size} ) for parameter maxResults is invalid.`);
  }
  if (ids !== undefined && input.MaxResults !== undefined) {
    throw refusal("InvalidParameterCombination", "The parameter ids cannot be used with the parameter maxResults");
  }
  const fits = (item: Item) =>
    (ids === undefined || ids.includes(item.id)) &&
    isWanted(item) &&
    filters.every((filter) => passes(item, filter, stateFilter));
  const page = listing.page({ size: seam.pageSize(command, size), token, fits });
  if (page === undefined) throw refusal("InvalidNextToken", "The token is invalid");
  const absent = ids?.find((id) => !listing.items.some((item) => item.id === id));
  if (absent !== undefined) throw refusal(notFoundOf(absent), `The ID '${absent}' does not exist`);
  return { items: page.items, rest: page.next === undefined ? {} : { NextToken: page.next } };
}

function notFoundOf(id: string): string {
  if (id.startsWith("vol-")) return "InvalidVolume.NotFound";
  return id.startsWith("i-") ? "InvalidInstanceID.NotFound" : "InvalidSnapshot.NotFound";
}

function passes(item: Ec2Record, { Name = "", Values = [] }: Filter, stateFilter: string): boolean {
  if (Name === stateFilter) return Values.includes(item.state);
  if (Name === "volume-id" && "volumeId" in item) return Values.includes(String(item.volumeId));
  if (Name === "tag-key") return Values.some((key) => Object.hasOwn(item.tags, key));
  if (Name.startsWith("tag:")) return Values.includes(item.tags[Name.slice("tag:".length)] ?? "\0");
  throw new Error(`the simulated EC2 does not implement the filter ${Name}`);
}

/** The service's client has no classes of errors: callers look at the name. */
function refusal(name: string, message: string): EC2ServiceException {
  return new EC2ServiceException({ name, message, $fault: "client", ...refused });
}
