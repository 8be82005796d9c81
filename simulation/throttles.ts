import {
  type ApplicationAutoScalingClient,
  ApplicationAutoScalingServiceException,
} from "@aws-sdk/client-application-auto-scaling";
import { type AutoScalingClient, AutoScalingServiceException } from "@aws-sdk/client-auto-scaling";
import type { BackupClient } from "@aws-sdk/client-backup";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ConfigServiceClient } from "@aws-sdk/client-config-service";
import {
  type DynamoDBClient,
  ProvisionedThroughputExceededException,
  ThrottlingException,
} from "@aws-sdk/client-dynamodb";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { type ECSClient, ECSServiceException } from "@aws-sdk/client-ecs";
import type { EFSClient } from "@aws-sdk/client-efs";
import { type EventBridgeClient, EventBridgeServiceException } from "@aws-sdk/client-eventbridge";
import type { FSxClient } from "@aws-sdk/client-fsx";
import { type IAMClient, IAMServiceException } from "@aws-sdk/client-iam";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { RDSClient } from "@aws-sdk/client-rds";
import type { ResourceExplorer2Client } from "@aws-sdk/client-resource-explorer-2";
import { type ResourceGroupsTaggingAPIClient, ThrottledException } from "@aws-sdk/client-resource-groups-tagging-api";
import type { S3Client } from "@aws-sdk/client-s3";
import { type SecretsManagerClient, SecretsManagerServiceException } from "@aws-sdk/client-secrets-manager";
import { type ServiceQuotasClient, TooManyRequestsException } from "@aws-sdk/client-service-quotas";
import { type SNSClient, SNSServiceException } from "@aws-sdk/client-sns";
import { RequestThrottled, type SQSClient } from "@aws-sdk/client-sqs";
import { type STSClient, STSServiceException } from "@aws-sdk/client-sts";
import { throttling as cloudWatchThrottling } from "./aws/cloudwatch-errors.ts";
import type { Chance } from "./chance.ts";

/** The `send` of each client that faults can be put around. */
export interface Sends {
  dynamodb: DynamoDBClient["send"];
  cloudwatch: CloudWatchClient["send"];
  sns: SNSClient["send"];
  secrets: SecretsManagerClient["send"];
  iam: IAMClient["send"];
  events: EventBridgeClient["send"];
  sts: STSClient["send"];
  ecs: ECSClient["send"];
  autoscaling: AutoScalingClient["send"];
  applicationAutoScaling: ApplicationAutoScalingClient["send"];
  quotas: ServiceQuotasClient["send"];
  tagging: ResourceGroupsTaggingAPIClient["send"];
  sqs: SQSClient["send"];
  backup: BackupClient["send"];
  rds: RDSClient["send"];
  s3: S3Client["send"];
  ec2: EC2Client["send"];
  efs: EFSClient["send"];
  fsx: FSxClient["send"];
  config: ConfigServiceClient["send"];
  explorer: ResourceExplorer2Client["send"];
  kms: KMSClient["send"];
}

export interface RetryableError extends Error {
  $metadata?: object;
}

export interface Service {
  throttled(chance: Chance): RetryableError;
}

const throttling = { message: "Rate exceeded", $metadata: { httpStatusCode: 400 } };
const throttlingByName = { ...throttling, name: "ThrottlingException", $fault: "client" } as const;

/**
 * Without the class of the client: callers look at the name, and loading these clients would take every simulation a second that has
 * nothing to do with them.
 */
function named(name: string, httpStatusCode = 400): Service {
  const metadata = { $fault: "client", $metadata: { httpStatusCode } };
  return { throttled: () => Object.assign(new Error("Rate exceeded"), { name, ...metadata }) };
}

/** What each service says when it is asked too often. */
export const services: Record<keyof Sends, Service> = {
  dynamodb: {
    throttled: (chance) => {
      const Throttled = chance.pick([ThrottlingException, ProvisionedThroughputExceededException]);
      return new Throttled(throttling);
    },
  },
  // These clients have no class for it: callers look at the name.
  cloudwatch: {
    throttled: cloudWatchThrottling,
  },
  sns: {
    throttled: () => new SNSServiceException(throttlingByName),
  },
  secrets: {
    throttled: () => new SecretsManagerServiceException(throttlingByName),
  },
  iam: {
    throttled: () => new IAMServiceException({ ...throttlingByName, name: "Throttling" }),
  },
  events: {
    throttled: () => new EventBridgeServiceException(throttlingByName),
  },
  sts: {
    throttled: () => new STSServiceException(throttlingByName),
  },
  ecs: {
    throttled: () => new ECSServiceException(throttlingByName),
  },
  autoscaling: {
    throttled: () => new AutoScalingServiceException({ ...throttlingByName, name: "Throttling" }),
  },
  applicationAutoScaling: {
    throttled: () => new ApplicationAutoScalingServiceException(throttlingByName),
  },
  // And these have.
  quotas: {
    throttled: () => new TooManyRequestsException(throttling),
  },
  tagging: {
    throttled: () => new ThrottledException(throttling),
  },
  sqs: {
    throttled: () => new RequestThrottled(throttling),
  },
  backup: named("ThrottlingException"),
  rds: named("Throttling"),
  s3: named("SlowDown", 503),
  ec2: named("RequestLimitExceeded", 503),
  efs: named("ThrottlingException", 429),
  fsx: named("ThrottlingException"),
  config: named("ThrottlingException"),
  explorer: named("ThrottlingException", 429),
  kms: named("ThrottlingException"),
};
