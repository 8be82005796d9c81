import { codeOf, socketReason } from "./databases/sockets.ts";
import { type Failure, type FailureReason, failure } from "./failure.ts";
import { isKeyProblem } from "./reading.ts";

// What AWS's SDK throws, as a failure. By the error's name, status and code alone: its message may repeat what was sent.

/** Null for what is nobody's refusal but a mistake of ours. */
export function failureOf(error: unknown, service: string): Failure | null {
  const name = errorName(error);
  switch (reasonOf(error)) {
    case "kms":
      return failure("kms", `${service} cannot use the encryption key`, "let the function's role use the secret's key");
    case "privilege":
      return failure(
        "privilege",
        `${service} does not allow it (${name})`,
        "compare the role's permissions with docs/rotation.md",
      );
    case "throttle":
      return failure("throttle", `${service} is asked too often (${name})`, "it is tried again by itself");
    case "network":
      return failure("network", `${service} does not answer (${name})`, reachable);
    case "service":
      return name === unreadable
        ? failure("service", `${service} answers with what cannot be read`, "it is tried again by itself")
        : failure("service", `${service} refuses it (${name})`, `look up ${name} of ${service}`);
    default:
      return null;
  }
}

const reachable =
  "look whether its endpoint can be reached from where the function stands: VPC endpoint, NAT, security group";

/** The same of one action, whose name is known. Throws what is a surprise, and what AWS refuses for a reason that no caller expects. */
export function refusedBy(service: string, action: string, error: unknown): Failure {
  const status = statusOf(error);
  const what = `${service} did not do ${action}`;
  switch (reasonOf(error)) {
    case "kms":
    case "privilege":
      return failure("privilege", `${what}: the function's role may not`, `allow the function's role ${action}`);
    case "throttle":
      return failure("throttle", `${what}: too many requests`, "nothing; it is tried again");
    case "network":
      return failure(
        "network",
        `${service} did not answer`,
        `let the function reach ${service}: an endpoint, or a NAT`,
      );
    default:
      if (status === null || status < 500) throw error;
      return failure("service", `${what}: it failed itself (${status})`, "nothing; it is tried again");
  }
}

/** Acts, and makes a failure of what a service refuses meanwhile; a mistake of our own comes through. */
export async function typed<Result>(service: string, act: () => Promise<Result>): Promise<Result | Failure> {
  try {
    return await act();
  } catch (error) {
    const failed = failureOf(error, service);
    if (failed === null) throw error;
    return failed;
  }
}

/** The name by which a service tells its errors apart. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

function reasonOf(error: unknown): FailureReason | null {
  if (!(error instanceof Error)) return null;
  const { name } = error;
  if (isKeyProblem(error)) return "kms";
  if (denials.test(name)) return "privilege";
  const status = statusOf(error);
  if (throttles.test(name) || status === 429) return "throttle";
  if (silences.test(name) || socketReason(codeOf(error) ?? "") === "network") return "network";
  return name === unreadable || "$fault" in error || (status ?? 0) >= 500 ? "service" : null;
}

const denials = /^(AccessDenied|UnauthorizedOperation|NotAuthorized)/;
const throttles = /Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughput/;
const silences = /^(TimeoutError|NetworkingError|AbortError|ECONN)/;
/** An answer that is no JSON: the parser quotes what it could not read, and that may be a value. */
const unreadable = "SyntaxError";

function statusOf(error: unknown): number | null {
  const metadata: unknown = Object(error).$metadata;
  const status: unknown = Object(metadata).httpStatusCode;
  return typeof status === "number" ? status : null;
}
