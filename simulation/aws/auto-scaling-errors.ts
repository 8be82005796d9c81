import { AutoScalingServiceException, InvalidNextToken } from "@aws-sdk/client-auto-scaling";

export const refused = { $metadata: { httpStatusCode: 400 } };

/** The client has no class for it: callers look at the name, which is the query protocol's. */
export function invalid(message: string): AutoScalingServiceException {
  return new AutoScalingServiceException({ ...refused, name: "ValidationError", $fault: "client", message });
}

export function invalidToken(): InvalidNextToken {
  return new InvalidNextToken({ message: "The NextToken value is not valid.", ...refused });
}
