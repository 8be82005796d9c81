// What the simulated S3 claims of buckets, and of objects under a lock.

import { createHash } from "node:crypto";
import {
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListBucketsCommand,
  type ListBucketsCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect } from "vitest";
import { day } from "../../shared/instant.ts";
import { createClaims, type Exceptions } from "./claims.ts";

export interface Bucket {
  tags?: Record<string, string>;
  hasVersions?: boolean;
  tellsEventBridge?: boolean;
  hasObjectLock?: boolean;
}

export interface S3Connection {
  send: S3Client["send"];
  /** In the endpoint's region, eu-west-1; its name. */
  makeBucket(bucket?: Bucket): Promise<string>;
}

export type ConnectS3 = () => Promise<S3Connection>;
type Claim = (name: string, body: () => Promise<void>) => void;

export function s3Contract(name: string, connect: ConnectS3, exceptions: Exceptions = {}): void {
  describe(`${name}: S3`, () => {
    const { claim, end } = createClaims(name, exceptions);
    bucketsContract(connect, claim);
    objectsContract(connect, claim);
    lockContract(connect, claim);
    end();
  });
}

function bucketsContract(connect: ConnectS3, claim: Claim): void {
  claim("lists every bucket once, with its region, in pages of the size that was asked for", async () => {
    const { send, makeBucket } = await connect();
    const made = [await makeBucket(), await makeBucket(), await makeBucket()];
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const rest = token === undefined ? {} : { ContinuationToken: token };
      const page: ListBucketsCommandOutput = await send(new ListBucketsCommand({ MaxBuckets: 2, ...rest }));
      const { Buckets: buckets = [] } = page;
      expect(buckets.length).toBeLessThanOrEqual(2);
      seen.push(...buckets.map(({ Name, BucketRegion }) => `${Name} in ${BucketRegion}`));
      token = page.ContinuationToken;
    } while (token !== undefined);
    const own = made.map((bucket) => `${bucket} in eu-west-1`);
    expect(seen.filter((line) => own.includes(line)).toSorted()).toEqual(own.toSorted());
  });
  claim("tells where a bucket is", async () => {
    const { send, makeBucket } = await connect();
    const Bucket = await makeBucket();
    expect((await send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe("eu-west-1");
  });
  claim("tells the tags of a bucket, and fails where it has none", async () => {
    const { send, makeBucket } = await connect();
    const tagged = await makeBucket({ tags: { team: "shop" } });
    expect((await send(new GetBucketTaggingCommand({ Bucket: tagged }))).TagSet).toEqual([
      { Key: "team", Value: "shop" },
    ]);
    const asked = send(new GetBucketTaggingCommand({ Bucket: await makeBucket() }));
    await expect(asked).rejects.toMatchObject({ name: "NoSuchTagSet" });
  });
  claim("tells whether a bucket keeps versions", async () => {
    const { send, makeBucket } = await connect();
    const ask = async (Bucket: string) => (await send(new GetBucketVersioningCommand({ Bucket }))).Status;
    expect(await ask(await makeBucket())).toBeUndefined();
    expect(await ask(await makeBucket({ hasVersions: true }))).toBe("Enabled");
  });
  claim("tells whether a bucket tells EventBridge", async () => {
    const { send, makeBucket } = await connect();
    const ask = async (Bucket: string) =>
      (await send(new GetBucketNotificationConfigurationCommand({ Bucket }))).EventBridgeConfiguration;
    expect(await ask(await makeBucket())).toBeUndefined();
    expect(await ask(await makeBucket({ tellsEventBridge: true }))).toEqual({});
  });
  claim("does not find a bucket that is not there", async () => {
    const { send } = await connect();
    const asked = send(new GetBucketVersioningCommand({ Bucket: `absent-${crypto.randomUUID()}` }));
    await expect(asked).rejects.toMatchObject({ name: "NoSuchBucket" });
  });
}

function objectsContract(connect: ConnectS3, claim: Claim): void {
  claim("gives what was put", async () => {
    const { send, makeBucket } = await connect();
    const Bucket = await makeBucket();
    await send(new PutObjectCommand({ Bucket, Key: "a.json", Body: "{}", ContentType: "text/plain" }));
    const got = await send(new GetObjectCommand({ Bucket, Key: "a.json" }));
    expect(got).toMatchObject({ ContentType: "text/plain", ContentLength: 2, LastModified: expect.any(Date) });
    expect(await got.Body?.transformToString()).toBe("{}");
  });
  claim("gives the checksum of what was put with one", async () => {
    const { send, makeBucket } = await connect();
    const Bucket = await makeBucket();
    const ChecksumSHA256 = createHash("sha256").update("{}").digest("base64");
    await send(new PutObjectCommand({ Bucket, Key: "a.json", Body: "{}", ChecksumSHA256 }));
    const got = await send(new GetObjectCommand({ Bucket, Key: "a.json", ChecksumMode: "ENABLED" }));
    expect(got).toMatchObject({ ChecksumSHA256 });
  });
  claim("refuses what does not have the checksum that it came with", async () => {
    const { send, makeBucket } = await connect();
    const ChecksumSHA256 = createHash("sha256").update("other").digest("base64");
    const asked = send(new PutObjectCommand({ Bucket: await makeBucket(), Key: "a", Body: "{}", ChecksumSHA256 }));
    await expect(asked).rejects.toMatchObject({ name: "BadDigest" });
  });
  claim("puts nothing where something is, if it was asked to", async () => {
    const { send, makeBucket } = await connect();
    const Bucket = await makeBucket();
    const put = (Body: string) => send(new PutObjectCommand({ Bucket, Key: "a", Body, IfNoneMatch: "*" }));
    await put("first");
    await expect(put("second")).rejects.toMatchObject({ name: "PreconditionFailed" });
    const { Body } = await send(new GetObjectCommand({ Bucket, Key: "a" }));
    expect(await Body?.transformToString()).toBe("first");
  });
  claim("does not find an object that is not there", async () => {
    const { send, makeBucket } = await connect();
    const asked = send(new GetObjectCommand({ Bucket: await makeBucket(), Key: "absent" }));
    await expect(asked).rejects.toMatchObject({ name: "NoSuchKey" });
  });
  claim("lists objects by their prefix, in order, in pages of the size that was asked for", async () => {
    const { send, makeBucket } = await connect();
    const Bucket = await makeBucket();
    for (const Key of ["packs/b", "packs/a", "packs/ä", "other", "packs/c"]) {
      await send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    }
    const pages: unknown[] = [];
    let token: string | undefined;
    do {
      const rest = token === undefined ? {} : { ContinuationToken: token };
      const asked = new ListObjectsV2Command({ Bucket, Prefix: "packs/", MaxKeys: 3, ...rest });
      const page: ListObjectsV2CommandOutput = await send(asked);
      pages.push(page.Contents?.map(({ Key }) => Key));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    expect(pages).toEqual([["packs/a", "packs/b", "packs/c"], ["packs/ä"]]);
    const after = new ListObjectsV2Command({ Bucket, StartAfter: "packs/b" });
    expect((await send(after)).Contents?.map(({ Key }) => Key)).toEqual(["packs/c", "packs/ä"]);
  });
}

function lockContract(connect: ConnectS3, claim: Claim): void {
  const ObjectLockMode = "COMPLIANCE";
  const ObjectLockRetainUntilDate = new Date(Math.ceil(Date.now() / day) * day + day);
  claim("keeps a version that is locked, and tells how long", async () => {
    const { send, makeBucket } = await connect();
    const object = { Bucket: await makeBucket({ hasObjectLock: true }), Key: "a" };
    const { VersionId = "" } = await send(
      new PutObjectCommand({ ...object, Body: "{}", ObjectLockMode, ObjectLockRetainUntilDate }),
    );
    expect(await send(new GetObjectCommand(object))).toMatchObject({
      ObjectLockMode,
      ObjectLockRetainUntilDate,
      VersionId,
    });
    const asked = send(new DeleteObjectCommand({ ...object, VersionId }));
    await expect(asked).rejects.toMatchObject({ name: "AccessDenied" });
    expect(await send(new DeleteObjectCommand(object))).toMatchObject({ DeleteMarker: true });
    const gone = send(new GetObjectCommand(object));
    await expect(gone).rejects.toMatchObject({ name: "NoSuchKey" });
    const { Body } = await send(new GetObjectCommand({ ...object, VersionId }));
    expect(await Body?.transformToString()).toBe("{}");
  });
  claim("refuses a lock in a bucket that has none", async () => {
    const { send, makeBucket } = await connect();
    const object = { Bucket: await makeBucket({ hasVersions: true }), Key: "a", Body: "{}" };
    const asked = send(new PutObjectCommand({ ...object, ObjectLockMode, ObjectLockRetainUntilDate }));
    await expect(asked).rejects.toMatchObject({ name: "InvalidRequest" });
  });
  claim("refuses a lock until an instant that has passed", async () => {
    const { send, makeBucket } = await connect();
    const object = { Bucket: await makeBucket({ hasObjectLock: true }), Key: "a", Body: "{}", ObjectLockMode } as const;
    const asked = send(new PutObjectCommand({ ...object, ObjectLockRetainUntilDate: new Date(Date.now() - day) }));
    await expect(asked).rejects.toMatchObject({ name: "InvalidArgument" });
  });
  claim("refuses a lock of which only half is said", async () => {
    const { send, makeBucket } = await connect();
    const object = { Bucket: await makeBucket({ hasObjectLock: true }), Key: "a", Body: "{}" };
    const asked = send(new PutObjectCommand({ ...object, ObjectLockMode }));
    await expect(asked).rejects.toMatchObject({ name: "InvalidArgument" });
  });
}
