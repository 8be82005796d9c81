import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { createS3Account } from "../../simulation/aws/s3.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectS3, S3Connection } from "./s3.contract.ts";

const region = "eu-west-1";
const newName = () => `contract-${crypto.randomUUID()}`;

export async function connectSimulatedS3(): Promise<S3Connection> {
  const s3 = createS3Account({ now: Date.now, account: "111122223333" }).in(region);
  return {
    send: s3.send,
    async makeBucket({ hasVersions, ...bucket } = {}) {
      return s3.put(newName(), { ...bucket, ...(hasVersions ? { versioning: "Enabled" } : {}) }).name;
    },
  };
}

export function connectS3(endpoint: () => Promise<string>): ConnectS3 {
  return async () => {
    const settings = { endpoint: await endpoint(), region, credentials, maxAttempts: 1, forcePathStyle: true };
    const client = new S3Client(settings);
    return {
      send: client.send.bind(client),
      async makeBucket({ tags = {}, hasVersions = false, tellsEventBridge = false, hasObjectLock = false } = {}) {
        const Bucket = newName();
        const CreateBucketConfiguration = { LocationConstraint: region } as const;
        const made = { Bucket, CreateBucketConfiguration, ObjectLockEnabledForBucket: hasObjectLock };
        await client.send(new CreateBucketCommand(made));
        const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        if (TagSet.length > 0) await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
        const VersioningConfiguration = { Status: "Enabled" } as const;
        if (hasVersions) await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
        const NotificationConfiguration = { EventBridgeConfiguration: {} };
        if (tellsEventBridge) {
          await client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
        }
        return Bucket;
      },
    };
  };
}
