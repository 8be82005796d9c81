import { type Failure, failure } from "../failure.ts";
import type { Outside } from "../outside.ts";

/** One request, complete. */
export interface Asked {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  /** None when it is empty. */
  body: string;
  timeoutMs: number;
}

export interface Answered {
  status: number;
  /** As text; 64 KiB at most. */
  body: string;
}

/**
 * Sends one request and reads all of the answer, within one time and one size. Follows no redirect: it would carry a credential to
 * a place that the configuration does not name. A status of whatever kind is an answer.
 */
export async function send({ http }: Pick<Outside, "http">, asked: Asked): Promise<Answered | Failure> {
  const { method, url, headers, body, timeoutMs } = asked;
  if (Object.values(headers).some((value) => !/^[\t\x20-\x7e]*$/.test(value))) {
    return failure("malformed", "a header would hold what no header can", "look what the secret's fields hold");
  }
  const request = new Request(url, {
    ...{ method, headers: { ...headers }, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) },
    ...(body === "" ? {} : { body }),
  });
  try {
    const response = await http(request);
    const text = await readBounded(response);
    if (text !== null) return { status: response.status, body: text };
    const remedy = `let it answer less than ${maximumBytes} bytes`;
    return failure("service", `${placeOf(url)} answers more than ${maximumBytes} bytes`, remedy);
  } catch (error) {
    return unanswered(error, placeOf(url));
  }
}

const maximumBytes = 65_536;

/** Null where it is too long. */
async function readBounded({ body }: Response): Promise<string | null> {
  if (body === null) return "";
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts).toString("utf8");
    size += value.byteLength;
    if (size > maximumBytes) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
  }
}

/** The host alone: paths and parameters may hold what is nobody's business. */
export function placeOf(url: string): string {
  return new URL(url).host;
}

function unanswered(error: unknown, place: string): Failure {
  if (isTimeout(error)) return failure("network", `${place} did not answer in time`, "look whether it is reachable");
  if (!(error instanceof TypeError)) throw error;
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
  if (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO)/.test(code)) {
    return failure("tls", `the certificate or protocol of ${place} is not to be trusted`, "renew or correct it");
  }
  return failure("network", `${place} did not answer`, "look whether its name is right and the function reaches it");
}

/** Ours, and any other that ends a request. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
}
