import { BackupClient } from "@aws-sdk/client-backup";
import { ConfigServiceClient } from "@aws-sdk/client-config-service";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EFSClient } from "@aws-sdk/client-efs";
import { FSxClient } from "@aws-sdk/client-fsx";
import { KMSClient } from "@aws-sdk/client-kms";
import { RDSClient } from "@aws-sdk/client-rds";
import { ResourceExplorer2Client } from "@aws-sdk/client-resource-explorer-2";
import { S3Client } from "@aws-sdk/client-s3";
import type { clientOptions } from "../runtime.ts";

/** Clients to look with, in one region: what is done with them changes nothing. */
export function observersIn(options: typeof clientOptions, region: string) {
  const there = { ...options, region };
  return {
    backup: new BackupClient(there),
    rds: new RDSClient(there),
    dynamodb: new DynamoDBClient(there),
    s3: new S3Client({ ...there, forcePathStyle: true }),
    ec2: new EC2Client(there),
    efs: new EFSClient(there),
    fsx: new FSxClient(there),
    config: new ConfigServiceClient(there),
    explorer: new ResourceExplorer2Client(there),
    kms: new KMSClient(there),
  };
}

/** One set of clients for each region that is asked for, and by how much our clock is ahead of AWS's. */
export function observersFor(options: typeof clientOptions) {
  const byRegion = new Map<string, ReturnType<typeof observersIn>>();
  return {
    observersIn(region: string) {
      const known = byRegion.get(region) ?? observersIn(options, region);
      byRegion.set(region, known);
      return known;
    },
    // The SDK corrects its own clock by what AWS's answers say: by so much ours is behind.
    clockSkewMs() {
      const [first] = byRegion.values();
      return -(first?.backup.config.systemClockOffset ?? 0);
    },
  };
}
