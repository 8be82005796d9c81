import { ApplicationAutoScalingServiceException } from "@aws-sdk/client-application-auto-scaling";
import { AutoScalingServiceException } from "@aws-sdk/client-auto-scaling";
import { CloudWatchServiceException } from "@aws-sdk/client-cloudwatch";
import { DynamoDBServiceException } from "@aws-sdk/client-dynamodb";
import { ECSServiceException } from "@aws-sdk/client-ecs";
import { EventBridgeServiceException } from "@aws-sdk/client-eventbridge";
import { IAMServiceException } from "@aws-sdk/client-iam";
import { ResourceGroupsTaggingAPIServiceException } from "@aws-sdk/client-resource-groups-tagging-api";
import { SecretsManagerServiceException } from "@aws-sdk/client-secrets-manager";
import { ServiceQuotasServiceException } from "@aws-sdk/client-service-quotas";
import { SNSServiceException } from "@aws-sdk/client-sns";
import { SQSServiceException } from "@aws-sdk/client-sqs";
import { STSServiceException } from "@aws-sdk/client-sts";

/** Of everything that a simulated service answers instead of a result. */
const exceptions = [
  ...[DynamoDBServiceException, CloudWatchServiceException, SNSServiceException],
  ...[SecretsManagerServiceException, IAMServiceException, EventBridgeServiceException],
  ...[STSServiceException, ECSServiceException, SQSServiceException, ServiceQuotasServiceException],
  ...[AutoScalingServiceException, ApplicationAutoScalingServiceException, ResourceGroupsTaggingAPIServiceException],
];

/** A command of the SDK, by the name of its class. */
export function commandName(command: unknown): string {
  return typeof command === "object" && command !== null ? command.constructor.name : String(command);
}

/**
 * Refuses a parameter that a simulated service does not know, rather than ignoring it: an ignored parameter is a claim that
 * nobody checked. The error is not the service's, because it is about us.
 */
export function refuseParameters(service: string, command: string, input: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !known.includes(name)) {
      throw new Error(`the simulated ${service} does not implement ${name} of ${command}`);
    }
  }
}

/** A refusal by the service is a reply like any other, and nobody sees it. What is our own mistake comes through. */
export async function executeUnseen(execute: () => Promise<unknown>): Promise<void> {
  try {
    await execute();
  } catch (error) {
    if (!exceptions.some((exception) => error instanceof exception)) throw error;
  }
}
