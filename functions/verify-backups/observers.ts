import type { BackupClient } from "@aws-sdk/client-backup";
import type { ConfigServiceClient } from "@aws-sdk/client-config-service";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { EFSClient } from "@aws-sdk/client-efs";
import type { FSxClient } from "@aws-sdk/client-fsx";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { RDSClient } from "@aws-sdk/client-rds";
import type { ResourceExplorer2Client } from "@aws-sdk/client-resource-explorer-2";
import type { S3Client } from "@aws-sdk/client-s3";

/** What only looks, in one region. */
export interface Observers {
  backup: Pick<BackupClient, "send">;
  rds: Pick<RDSClient, "send">;
  dynamodb: Pick<DynamoDBClient, "send">;
  s3: Pick<S3Client, "send">;
  ec2: Pick<EC2Client, "send">;
  efs: Pick<EFSClient, "send">;
  fsx: Pick<FSxClient, "send">;
  config: Pick<ConfigServiceClient, "send">;
  explorer: Pick<ResourceExplorer2Client, "send">;
  kms: Pick<KMSClient, "send">;
}

export interface Place {
  account: string;
  region: string;
  /** The part of ARNs that says which AWS it is: aws, aws-cn, aws-us-gov. */
  partition: string;
}
