import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import type { Item } from "./dynamodb-values.ts";

const metadata = { httpStatusCode: 400 };

/** A request that DynamoDB refuses as malformed. The SDK has no class for it: callers look at its name. */
export function validation(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name: "ValidationException",
    $fault: "client",
    $metadata: metadata,
    message,
  });
}

export function isValidation(error: unknown): error is DynamoDBServiceException {
  return error instanceof DynamoDBServiceException && error.name === "ValidationException";
}

/** `item` is the item as it stood, for a caller that asked to see it. */
export function conditionalCheckFailed(item: Item | undefined): ConditionalCheckFailedException {
  return new ConditionalCheckFailedException({
    message: "The conditional request failed",
    $metadata: metadata,
    Item: item,
  });
}

export function tableNotFound(): ResourceNotFoundException {
  return new ResourceNotFoundException({ message: "Requested resource not found", $metadata: metadata });
}

/**
 * Refuses a parameter that the simulation does not know, rather than ignoring it: an ignored parameter is a claim that
 * nobody checked. The error is not DynamoDB's, because it is about us.
 */
export function refuseUnknownParameters(command: string, input: object, known: ReadonlySet<string>): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !known.has(name)) {
      throw new Error(`the simulated DynamoDB does not implement ${name} of ${command}`);
    }
  }
}
