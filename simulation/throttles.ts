import {
  type ApplicationAutoScalingClient,
  ApplicationAutoScalingServiceException,
} from "@aws-sdk/client-application-auto-scaling";
import { type AutoScalingClient, AutoScalingServiceException } from "@aws-sdk/client-auto-scaling";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import {
  type DynamoDBClient,
  ProvisionedThroughputExceededException,
  ThrottlingException,
} from "@aws-sdk/client-dynamodb";
import { type ECSClient, ECSServiceException } from "@aws-sdk/client-ecs";
import { type EventBridgeClient, EventBridgeServiceException } from "@aws-sdk/client-eventbridge";
import { type IAMClient, IAMServiceException } from "@aws-sdk/client-iam";
import { type ResourceGroupsTaggingAPIClient, ThrottledException } from "@aws-sdk/client-resource-groups-tagging-api";
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
}

export interface RetryableError extends Error {
  $metadata?: object;
}

export interface Service {
  throttled(chance: Chance): RetryableError;
}

const throttling = { message: "Rate exceeded", $metadata: { httpStatusCode: 400 } };
const throttlingByName = { ...throttling, name: "ThrottlingException", $fault: "client" } as const;

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
};
