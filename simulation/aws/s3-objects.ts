import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  type DeleteObjectCommandInput,
  type DeleteObjectCommandOutput,
  type GetObjectCommandInput,
  type GetObjectCommandOutput,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  NoSuchKey,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
} from "@aws-sdk/client-s3";
import { day, type Instant } from "../../shared/instant.ts";
import { refuseParameters } from "../commands.ts";
import {
  type BucketRecord,
  bucketNamed,
  type Endpoint,
  invalidRequest,
  refusal,
  type VersionRecord,
} from "./s3-records.ts";
import { dated, ok, stated, type Wire } from "./wire.ts";

const lock = ["ObjectLockMode", "ObjectLockRetainUntilDate"];
const ours = ["Bucket", "Key", "Body", "ContentType", "Metadata", "IfNoneMatch", "ExpectedBucketOwner"];
const sums = ["ChecksumSHA256", "ChecksumAlgorithm"];

export function putObject(endpoint: Endpoint, input: PutObjectCommandInput): Wire<PutObjectCommandOutput> {
  refuseParameters("S3", "PutObjectCommand", input, [...ours, ...lock, ...sums]);
  const bucket = bucketNamed(endpoint, input.Bucket);
  const { Key: key = "", ChecksumSHA256: claimed, IfNoneMatch: unless, Metadata: metadata = {} } = input;
  const body = bytesOf(input.Body);
  const sha256 = createHash("sha256").update(body).digest("base64");
  if (claimed !== undefined && claimed !== sha256) {
    throw refusal("BadDigest", "The SHA256 you specified did not match the calculated checksum.");
  }
  if (unless !== undefined && unless !== "*") throw new Error("the simulated S3 implements IfNoneMatch of * only");
  const versions = bucket.objects.get(key) ?? [];
  const newest = versions.at(-1);
  if (unless === "*" && newest !== undefined && newest.body !== null) {
    throw refusal("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
  }
  const version: VersionRecord = {
    ...{ id: bucket.versioning === "Enabled" ? endpoint.nextVersion() : "null", key, body, metadata },
    ...{ etag: `"${createHash("md5").update(body).digest("hex")}"`, createdAt: endpoint.now() },
    sha256: claimed !== undefined || input.ChecksumAlgorithm === "SHA256" ? sha256 : null,
    ...{ contentType: input.ContentType ?? "application/octet-stream", ...retentionOf(endpoint.now(), bucket, input) },
  };
  bucket.objects.set(key, [...versions.filter(({ id }) => id !== version.id), version]);
  return { ...ok, ETag: version.etag, ...stated("ChecksumSHA256", version.sha256), ...versionIdOf(version) };
}

function bytesOf(body: PutObjectCommandInput["Body"]): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === "string" || body instanceof Uint8Array) return Buffer.from(body);
  throw new Error("the simulated S3 does not implement a stream as a Body");
}

type Retention = Pick<VersionRecord, "lockMode" | "retainUntil">;

/** What the bucket says, unless the object says something else: that needs a bucket with Object Lock, both parts, and time to come. */
function retentionOf(now: Instant, bucket: BucketRecord, input: PutObjectCommandInput): Retention {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = input;
  const { hasObjectLock, defaultRetention } = bucket;
  if (mode === undefined && until === undefined) {
    if (!hasObjectLock || defaultRetention === null) return { lockMode: null, retainUntil: null };
    return { lockMode: defaultRetention.mode, retainUntil: now + defaultRetention.days * day };
  }
  if (mode === undefined || until === undefined) {
    const names = "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode";
    throw refusal("InvalidArgument", `${names} must both be supplied`);
  }
  if (!hasObjectLock) throw invalidRequest("Bucket is missing Object Lock Configuration");
  if (mode !== "GOVERNANCE" && mode !== "COMPLIANCE") throw refusal("InvalidArgument", "Unknown wormMode directive.");
  if (until.getTime() <= now) throw refusal("InvalidArgument", "The retain until date must be in the future!");
  return { lockMode: mode, retainUntil: until.getTime() };
}

function versionIdOf({ id }: VersionRecord): { VersionId?: string } {
  return id === "null" ? {} : { VersionId: id };
}

/** The body can be read once, as a stream, or by the ways that the SDK adds to it. */
export function getObject(
  endpoint: Endpoint,
  input: GetObjectCommandInput,
): Wire<Omit<GetObjectCommandOutput, "Body">> & { Body: Readable } {
  refuseParameters("S3", "GetObjectCommand", input, [
    "Bucket",
    "Key",
    "VersionId",
    "ChecksumMode",
    "ExpectedBucketOwner",
  ]);
  const bucket = bucketNamed(endpoint, input.Bucket);
  const { Key: key = "", VersionId: wanted } = input;
  const versions = bucket.objects.get(key) ?? [];
  const found = wanted === undefined ? versions.at(-1) : versions.find(({ id }) => id === wanted);
  if (found === undefined && wanted !== undefined) {
    throw refusal("NoSuchVersion", "The specified version does not exist.", 404);
  }
  if (found === undefined || found.body === null) {
    throw new NoSuchKey({ message: "The specified key does not exist.", $metadata: { httpStatusCode: 404 } });
  }
  return {
    ...ok,
    ...{ Body: streamOf(found.body), ContentLength: found.body.length, ETag: found.etag },
    ...{ ContentType: found.contentType, LastModified: new Date(found.createdAt), Metadata: found.metadata },
    ...stated("ChecksumSHA256", input.ChecksumMode === "ENABLED" ? found.sha256 : null),
    ...stated("ObjectLockMode", found.lockMode),
    ...dated("ObjectLockRetainUntilDate", found.retainUntil),
    ...versionIdOf(found),
  };
}

function streamOf(body: Buffer): Readable {
  return Object.assign(Readable.from([body]), {
    transformToString: async (encoding?: BufferEncoding) => body.toString(encoding),
    transformToByteArray: async () => new Uint8Array(body),
  });
}

const mostKeys = 1000;

/** In the order of their bytes. Of an object that was deleted nothing is told. */
export function listObjects(endpoint: Endpoint, input: ListObjectsV2CommandInput): Wire<ListObjectsV2CommandOutput> {
  const command = "ListObjectsV2Command";
  const known = ["Bucket", "Prefix", "MaxKeys", "ContinuationToken", "StartAfter", "ExpectedBucketOwner"];
  refuseParameters("S3", command, input, known);
  const { Prefix = "", MaxKeys = mostKeys, ContinuationToken: token, StartAfter } = input;
  const bucket = bucketNamed(endpoint, input.Bucket);
  const after = token === undefined ? StartAfter : Buffer.from(token, "base64url").toString();
  const newest = [...bucket.objects.values()].flatMap((versions) => versions.at(-1) ?? []);
  const rest = newest
    .filter(({ key, body }) => body !== null && key.startsWith(Prefix) && (after === undefined || isBefore(after, key)))
    .toSorted((left, right) => (isBefore(left.key, right.key) ? -1 : 1));
  const shown = rest.slice(0, endpoint.seam.pageSize(command, Math.min(MaxKeys, mostKeys)));
  const isLast = shown.length === rest.length;
  const next = Buffer.from(shown.at(-1)?.key ?? after ?? "").toString("base64url");
  return {
    ...ok,
    ...{ Name: bucket.name, Prefix, MaxKeys, KeyCount: shown.length, IsTruncated: !isLast },
    Contents: shown.map(({ key, body, etag, createdAt }) => ({
      ...{ Key: key, Size: body?.length ?? 0, ETag: etag, LastModified: new Date(createdAt), StorageClass: "STANDARD" },
    })),
    ...stated("NextContinuationToken", isLast ? null : next),
    ...stated("ContinuationToken", token ?? null),
  };
}

function isBefore(left: string, right: string): boolean {
  return Buffer.compare(Buffer.from(left), Buffer.from(right)) < 0;
}

/** With versions, only a mark is put over the object, whatever its lock; a version that is named is gone, unless it is locked. */
export function deleteObject(endpoint: Endpoint, input: DeleteObjectCommandInput): Wire<DeleteObjectCommandOutput> {
  const known = ["Bucket", "Key", "VersionId", "BypassGovernanceRetention", "ExpectedBucketOwner"];
  refuseParameters("S3", "DeleteObjectCommand", input, known);
  const bucket = bucketNamed(endpoint, input.Bucket);
  const { Key: key = "", VersionId: wanted, BypassGovernanceRetention: bypasses = false } = input;
  const versions = bucket.objects.get(key) ?? [];
  const now = endpoint.now();
  if (wanted === undefined && bucket.versioning === "Enabled") {
    const empty = { etag: "", sha256: null, contentType: "", metadata: {}, lockMode: null, retainUntil: null };
    const mark: VersionRecord = { id: endpoint.nextVersion(), key, body: null, createdAt: now, ...empty };
    bucket.objects.set(key, [...versions, mark]);
    return { ...ok, DeleteMarker: true, VersionId: mark.id };
  }
  const found = versions.find(({ id }) => id === (wanted ?? "null"));
  const isLocked = (found?.retainUntil ?? now) > now && !(found?.lockMode === "GOVERNANCE" && bypasses);
  if (isLocked) throw refusal("AccessDenied", "Access Denied because object protected by object lock.", 403);
  const left = versions.filter((version) => version !== found);
  if (left.length === 0) bucket.objects.delete(key);
  else bucket.objects.set(key, left);
  return { ...ok, ...stated("VersionId", wanted ?? null) };
}
