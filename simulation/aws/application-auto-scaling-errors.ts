import { InvalidNextTokenException, ValidationException } from "@aws-sdk/client-application-auto-scaling";

export const refused = { $metadata: { httpStatusCode: 400 } };

export function invalid(message: string): ValidationException {
  return new ValidationException({ message: `1 validation error detected: ${message}`, ...refused });
}

export function invalidToken(): InvalidNextTokenException {
  return new InvalidNextTokenException({ message: "The NextToken value is not valid.", ...refused });
}
