import {
  GetBucketNotificationConfigurationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  ListBucketsCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Continuous, Resource } from "../../shared/backups/types.ts";
import type { Observers, Place } from "./observers.ts";
import { tagsOf } from "./source-rds.ts";
import { whyUnread } from "./why-unread.ts";

type S3 = Pick<S3Client, "send">;

/** Every bucket of the region. S3 tells no instant to which one can be restored, only what must be so for its documented bound. */
export async function* buckets({ s3 }: Observers, place: Place): AsyncGenerator<Resource[]> {
  let token: string | undefined;
  do {
    const { Buckets = [], ContinuationToken } = await s3.send(
      new ListBucketsCommand({
        BucketRegion: place.region,
        MaxBuckets: 1_000,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    const page: Resource[] = [];
    for (const { Name } of Buckets) if (Name !== undefined) page.push(await bucketNamed(s3, Name, place));
    yield page;
    token = ContinuationToken;
  } while (token !== undefined);
}

async function bucketNamed(s3: S3, name: string, { partition, account, region }: Place): Promise<Resource> {
  const shared = { arn: `arn:${partition}:s3:::${name}`, type: "S3", region, account, name } as const;
  try {
    return { ...shared, tags: await tagsOfBucket(s3, name), continuous: await continuousOf(s3, name), unknown: null };
  } catch (error) {
    return { ...shared, tags: null, continuous: null, unknown: `it could not be asked: ${whyUnread(error)}` };
  }
}

async function tagsOfBucket(s3: S3, Bucket: string): Promise<Record<string, string>> {
  try {
    return tagsOf((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet);
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchTagSet") return {};
    throw error;
  }
}

/** Continuous backup of a bucket is at most so much behind, as long as the bucket is versioned and tells EventBridge of its changes. */
const lagSeconds = 15 * 60;

async function continuousOf(s3: S3, Bucket: string): Promise<Continuous | null> {
  const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
  if (Status !== "Enabled") return null;
  const { EventBridgeConfiguration } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  return EventBridgeConfiguration === undefined ? null : { mechanism: "continuous backup", latestAt: null, lagSeconds };
}
