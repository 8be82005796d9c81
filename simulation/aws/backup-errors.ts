import {
  BackupServiceException,
  InvalidParameterValueException,
  MissingParameterValueException,
  ResourceNotFoundException,
} from "@aws-sdk/client-backup";
import { refused } from "./wire.ts";

export function invalid(message: string): InvalidParameterValueException {
  return new InvalidParameterValueException({ message, ...refused });
}

export function missing(name: string): MissingParameterValueException {
  return new MissingParameterValueException({ message: `${name} is required`, ...refused });
}

export function notFound(message: string): ResourceNotFoundException {
  return new ResourceNotFoundException({ message, ...refused });
}

/** The service's client has no class for it: callers look at the name. */
export function accessDenied(message = "Insufficient privileges to perform this action."): BackupServiceException {
  const name = "AccessDeniedException";
  return new BackupServiceException({ name, message, $fault: "client", $metadata: { httpStatusCode: 403 } });
}

/** Nor for this. */
export function throttled(): BackupServiceException {
  return new BackupServiceException({
    name: "ThrottlingException",
    message: "Rate exceeded",
    $fault: "client",
    ...refused,
  });
}
