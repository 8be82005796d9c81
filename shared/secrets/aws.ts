import { type Failure, failure } from "./failure.ts";

/**
 * What AWS answered instead of a result, as a failure that holds no word of its message. Throws what is no answer of AWS and no
 * missing one: that is a surprise.
 */
export function refusedBy(service: string, action: string, error: unknown): Failure {
  const { name, status, code } = facts(error);
  const what = `${service} did not do ${action}`;
  if (/^AccessDenied|^UnauthorizedOperation$|^NotAuthorized$/.test(name)) {
    return failure("privilege", `${what}: the function's role may not`, `allow the function's role ${action}`);
  }
  if (/Thrott|^TooManyRequests|^RequestLimitExceeded$/.test(name) || status === 429) {
    return failure("throttle", `${what}: too many requests`, "nothing; it is tried again");
  }
  if (status !== null && status >= 500) {
    return failure("service", `${what}: it failed itself (${status})`, "nothing; it is tried again");
  }
  if (status === null && (name === "TimeoutError" || networkCodes.has(code))) {
    return failure("network", `${service} did not answer`, `let the function reach ${service}: an endpoint, or a NAT`);
  }
  throw error;
}

const networkCodes = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE"]);

function facts(error: unknown): { name: string; status: number | null; code: string } {
  if (!(error instanceof Error)) return { name: "", status: null, code: "" };
  const metadata = "$metadata" in error ? error.$metadata : undefined;
  const isRead = typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata;
  const status = isRead && typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : null;
  return { name: error.name, status, code: "code" in error && typeof error.code === "string" ? error.code : "" };
}

/** The name by which a service tells its errors apart. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
