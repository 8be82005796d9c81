// An S3 that lives in memory: the buckets of an account, what they say of themselves, and objects, as far as a bucket with Object Lock
// needs them. What it claims is a suite in test/contract, to which MiniStack and moto are held as well.

import {
  DeleteObjectCommand,
  GetBucketLocationCommand,
  type GetBucketLocationCommandInput,
  type GetBucketLocationCommandOutput,
  GetBucketNotificationConfigurationCommand,
  type GetBucketNotificationConfigurationCommandInput,
  type GetBucketNotificationConfigurationCommandOutput,
  GetBucketTaggingCommand,
  type GetBucketTaggingCommandInput,
  type GetBucketTaggingCommandOutput,
  GetBucketVersioningCommand,
  type GetBucketVersioningCommandInput,
  type GetBucketVersioningCommandOutput,
  GetObjectCommand,
  ListBucketsCommand,
  type ListBucketsCommandInput,
  type ListBucketsCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Broken } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";
import { isPageSize, pageOf } from "./pages.ts";
import { deleteObject, getObject, listObjects, putObject } from "./s3-objects.ts";
import { anywhere, type BucketRecord, bucketNamed, type Endpoint, refusal } from "./s3-records.ts";
import { openSeam, type Seam, throughSeam } from "./seam.ts";
import { ok, stated, tagList, type Wire } from "./wire.ts";

export interface SimulatedS3 {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: S3Client["send"];
  readonly seam: Seam;
  /** Of the endpoint's region, without versions, tags, lock and events, unless stated otherwise. With Object Lock versions are kept. */
  put(name: string, change?: Partial<Omit<BucketRecord, "name">>): BucketRecord;
  remove(name: string): void;
  /** Throws Broken for an unknown one. */
  bucket(name: string): BucketRecord;
}

export interface SimulatedS3Account {
  /** The endpoint of a region. Each of them lists all buckets, and serves only those of its region. */
  in(region: string): SimulatedS3;
}

export function createS3Account({ now, account }: { now: () => Instant; account: string }): SimulatedS3Account {
  const endpoints = new Map<string, SimulatedS3>();
  const buckets = new Map<string, BucketRecord>();
  let sequence = 0;
  const nextVersion = () => `version-${(++sequence).toString().padStart(8, "0")}`;
  return {
    in(region) {
      const found = endpoints.get(region);
      if (found !== undefined) return found;
      const opened = endpointOf({ now, account, region, seam: openSeam(), buckets, nextVersion });
      endpoints.set(region, opened);
      return opened;
    },
  };
}

function endpointOf(endpoint: Endpoint): SimulatedS3 {
  const { now, region, seam, buckets } = endpoint;
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: throughSeam(seam, (command) => answer(endpoint, command)) as S3Client["send"],
    seam,
    put(name, change = {}) {
      const record: BucketRecord = {
        ...{ name, region, createdAt: now(), tags: {}, tellsEventBridge: false, hasObjectLock: false },
        ...{ versioning: change.hasObjectLock ? "Enabled" : null, defaultRetention: null, objects: new Map() },
        ...change,
      };
      buckets.set(name, record);
      return record;
    },
    remove: (name) => void buckets.delete(name),
    bucket(name) {
      const found = buckets.get(name);
      if (found === undefined) throw new Broken(`there is no bucket ${name}`);
      return found;
    },
  };
}

function answer(endpoint: Endpoint, command: unknown): object {
  if (command instanceof ListBucketsCommand) return listBuckets(endpoint, command.input);
  if (command instanceof GetBucketLocationCommand) return getLocation(endpoint, command.input);
  if (command instanceof GetBucketTaggingCommand) return getTagging(endpoint, command.input);
  if (command instanceof GetBucketVersioningCommand) return getVersioning(endpoint, command.input);
  if (command instanceof GetBucketNotificationConfigurationCommand) return getNotification(endpoint, command.input);
  if (command instanceof PutObjectCommand) return putObject(endpoint, command.input);
  if (command instanceof GetObjectCommand) return getObject(endpoint, command.input);
  if (command instanceof ListObjectsV2Command) return listObjects(endpoint, command.input);
  if (command instanceof DeleteObjectCommand) return deleteObject(endpoint, command.input);
  throw new Error(`the simulated S3 does not implement ${commandName(command)}`);
}

const mostBuckets = 10_000;

/** It says of a bucket where it is only to who asks for anything in particular. */
function listBuckets(endpoint: Endpoint, input: ListBucketsCommandInput): Wire<ListBucketsCommandOutput> {
  const command = "ListBucketsCommand";
  refuseParameters("S3", command, input, ["MaxBuckets", "ContinuationToken", "Prefix", "BucketRegion"]);
  const { MaxBuckets = mostBuckets, ContinuationToken: token, Prefix = "", BucketRegion: region } = input;
  if (!isPageSize(MaxBuckets, mostBuckets)) {
    throw refusal("InvalidArgument", `Argument max-buckets must be an integer between 1 and ${mostBuckets}`);
  }
  if (region !== undefined && region !== endpoint.region) {
    throw refusal("InvalidArgument", `Argument value ${region} is not a valid AWS Region for this endpoint`);
  }
  const all = [...endpoint.buckets.values()].filter(
    (bucket) => bucket.name.startsWith(Prefix) && (region === undefined || bucket.region === region),
  );
  const isParticular = [input.MaxBuckets, token, input.Prefix, region].some((value) => value !== undefined);
  const page = pageOf(all, ({ name }) => name, {
    size: Math.max(1, endpoint.seam.pageSize(command, MaxBuckets)),
    token,
  });
  if (page === undefined) throw refusal("InvalidArgument", "The continuation token provided is incorrect");
  return {
    ...ok,
    Buckets: page.items.map(({ name, createdAt, region: BucketRegion }) => ({
      ...{ Name: name, CreationDate: new Date(createdAt), ...(isParticular ? { BucketRegion } : {}) },
    })),
    Owner: { ID: endpoint.account },
    ...stated("ContinuationToken", page.next ?? null),
    ...stated("Prefix", input.Prefix ?? null),
  };
}

const parameters = ["Bucket", "ExpectedBucketOwner"];

/** Every endpoint knows; the oldest region has no name there. */
function getLocation(endpoint: Endpoint, input: GetBucketLocationCommandInput): Wire<GetBucketLocationCommandOutput> {
  refuseParameters("S3", "GetBucketLocationCommand", input, parameters);
  const { region } = anywhere(endpoint, input.Bucket);
  return { ...ok, ...(region === "us-east-1" ? {} : { LocationConstraint: region }) };
}

/** Without a tag there is not an empty set, but none. */
function getTagging(endpoint: Endpoint, input: GetBucketTaggingCommandInput): GetBucketTaggingCommandOutput {
  refuseParameters("S3", "GetBucketTaggingCommand", input, parameters);
  const TagSet = tagList(bucketNamed(endpoint, input.Bucket).tags);
  if (TagSet.length === 0) throw refusal("NoSuchTagSet", "The TagSet does not exist", 404);
  return { ...ok, TagSet };
}

function getVersioning(
  endpoint: Endpoint,
  input: GetBucketVersioningCommandInput,
): Wire<GetBucketVersioningCommandOutput> {
  refuseParameters("S3", "GetBucketVersioningCommand", input, parameters);
  return { ...ok, ...stated("Status", bucketNamed(endpoint, input.Bucket).versioning) };
}

function getNotification(
  endpoint: Endpoint,
  input: GetBucketNotificationConfigurationCommandInput,
): GetBucketNotificationConfigurationCommandOutput {
  refuseParameters("S3", "GetBucketNotificationConfigurationCommand", input, parameters);
  const { tellsEventBridge } = bucketNamed(endpoint, input.Bucket);
  return { ...ok, ...(tellsEventBridge ? { EventBridgeConfiguration: {} } : {}) };
}
