import { codeOf, socketReason } from "./databases/sockets.ts";
import { type Failure, failure } from "./failure.ts";
import { isKeyProblem } from "./reading.ts";

/**
 * What AWS's SDK throws, as a failure with its type. By the error's name alone: its message may repeat what was sent. Null for
 * what is nobody's refusal but a mistake of ours.
 */
export function failureOf(error: unknown, service: string): Failure | null {
  if (!(error instanceof Error)) return null;
  const { name } = error;
  if (isKeyProblem(error)) {
    return failure("kms", `${service} cannot use the encryption key`, "let the function's role use the secret's key");
  }
  if (denials.test(name)) {
    return failure(
      "privilege",
      `${service} does not allow it (${name})`,
      "compare the role's permissions with docs/rotation.md",
    );
  }
  if (throttles.test(name))
    return failure("throttle", `${service} is asked too often (${name})`, "it is tried again by itself");
  if (silences.test(name) || socketReason(codeOf(error) ?? "") === "network")
    return failure("network", `${service} does not answer (${name})`, reachable);
  // An answer that is no JSON: the parser quotes what it could not read, and that may be a value.
  if (name === "SyntaxError")
    return failure("service", `${service} answers with what cannot be read`, "it is tried again by itself");
  return "$fault" in error
    ? failure("service", `${service} refuses it (${name})`, `look up ${name} of ${service}`)
    : null;
}

const denials = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|NotAuthorized)/;
const throttles = /Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughput/;
const silences = /^(TimeoutError|NetworkingError|AbortError|ECONN)/;
const reachable =
  "look whether its endpoint can be reached from where the function stands: VPC endpoint, NAT, security group";
