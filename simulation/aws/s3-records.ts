import { InvalidRequest, NoSuchBucket, S3ServiceException } from "@aws-sdk/client-s3";
import type { Instant } from "../../shared/instant.ts";
import type { Seam } from "./seam.ts";
import { refused, type Tags } from "./wire.ts";

// What a simulated S3 holds: buckets of one account, wherever they are, and the versions of their objects.

export interface VersionRecord {
  /** `null` in a bucket without versions. */
  readonly id: string;
  readonly key: string;
  /** Null of a mark that says that the object was deleted. */
  readonly body: Buffer | null;
  readonly etag: string;
  /** In Base64, of what was put with one. */
  readonly sha256: string | null;
  readonly contentType: string;
  readonly createdAt: Instant;
  metadata: Tags;
  /** `GOVERNANCE` or `COMPLIANCE`; null of what may be deleted at any time. */
  lockMode: string | null;
  retainUntil: Instant | null;
}

/** A bucket as it stands: changed at will by whoever sets a scene. */
export interface BucketRecord {
  readonly name: string;
  readonly region: string;
  readonly createdAt: Instant;
  tags: Tags;
  /** Null where versions were never kept. */
  versioning: "Enabled" | "Suspended" | null;
  /** Whether it tells EventBridge of everything. */
  tellsEventBridge: boolean;
  hasObjectLock: boolean;
  /** Where no other retention is asked for. */
  defaultRetention: { mode: string; days: number } | null;
  /** The versions of each key, the newest last. */
  objects: Map<string, VersionRecord[]>;
}

/** One region's endpoint, as its commands see it: it knows of every bucket, and serves its own. */
export interface Endpoint {
  now: () => Instant;
  account: string;
  region: string;
  seam: Seam;
  /** Of the whole account, by name. */
  buckets: Map<string, BucketRecord>;
  nextVersion: () => string;
}

export function bucketNamed(endpoint: Endpoint, name: string | undefined): BucketRecord {
  const found = anywhere(endpoint, name);
  if (found.region === endpoint.region) return found;
  const message = "The bucket you are attempting to access must be addressed using the specified endpoint.";
  throw refusal("PermanentRedirect", message, 301);
}

/** Also one that is served by another endpoint. */
export function anywhere({ buckets }: Endpoint, name: string | undefined): BucketRecord {
  const found = buckets.get(name ?? "");
  if (found !== undefined) return found;
  const $metadata = { httpStatusCode: 404 };
  throw new NoSuchBucket({ message: "The specified bucket does not exist", $metadata });
}

/** Of most errors the service's client has no class: callers look at the name. */
export function refusal(name: string, message: string, httpStatusCode = 400): S3ServiceException {
  return new S3ServiceException({ name, message, $fault: "client", $metadata: { httpStatusCode } });
}

export function invalidRequest(message: string): InvalidRequest {
  return new InvalidRequest({ message, ...refused });
}
