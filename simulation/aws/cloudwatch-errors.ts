import {
  CloudWatchServiceException,
  InvalidNextToken,
  InvalidParameterValueException,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch";

/** A parameter out of its bounds. The SDK's ValidationException is another thing: this is named as the query API does. */
export function validation(message: string): CloudWatchServiceException {
  return validationOf(`1 validation error detected: ${message}`);
}

/** The same, in the words of the metrics' side. */
export function validationOf(message: string): CloudWatchServiceException {
  return new CloudWatchServiceException({ ...refused, name: "ValidationError", message });
}

/** The client has no class for it: callers look at the name. */
export function throttling(): CloudWatchServiceException {
  return new CloudWatchServiceException({ ...refused, name: "ThrottlingException", message: "Rate exceeded" });
}

export function invalidValue(message: string): InvalidParameterValueException {
  return new InvalidParameterValueException({ ...refused, message });
}

const refused = { $fault: "client", $metadata: { httpStatusCode: 400 } } as const;

/** The name of an alarm or of a mute rule has 1 to 255 characters; one that has not fails the whole call. */
export function checkName(parameter: string, ...names: readonly string[]): void {
  if (names.every((name) => name.length >= 1 && name.length <= 255)) return;
  throw validation(`Value at '${parameter}' failed to satisfy constraint: length between 1 and 255`);
}

export function invalidNextToken(): InvalidNextToken {
  return new InvalidNextToken({ message: "The next token is not valid", $metadata: { httpStatusCode: 400 } });
}

export function resourceNotFound(type: string, id: string): ResourceNotFoundException {
  return new ResourceNotFoundException({
    message: `${type} ${id} does not exist`,
    ResourceType: type,
    ResourceId: id,
    $metadata: { httpStatusCode: 404 },
  });
}

/**
 * Refuses a parameter that the simulation does not know, rather than ignoring it: an ignored parameter is a claim that
 * nobody checked. The error is not CloudWatch's, because it is about us.
 */
export function refuseUnknownParameters(command: string, input: object, known: ReadonlySet<string>): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !known.has(name)) {
      throw new Error(`the simulated CloudWatch does not implement ${name} of ${command}`);
    }
  }
}
