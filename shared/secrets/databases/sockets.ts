import { type Failure, failure } from "../failure.ts";
import type { Target } from "../outside.ts";

/** The code of what Node or a driver threw; null when it has none, and is a surprise. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
]);

/** As OpenSSL's verification and Node's check of the name say it. */
const certificateCodes =
  /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$)/;

/** A failure to reach a server, or to trust it; null when it is neither. */
export function socketFailure(code: string, target: Pick<Target, "host" | "port">): Failure | null {
  const at = `${target.host}:${target.port}`;
  if (networkCodes.has(code)) {
    return failure("network", `${at} does not answer (${code})`, "check host and port, security groups and routes");
  }
  if (certificateCodes.test(code)) return tlsFailure(code, target);
  return null;
}

export function tlsFailure(code: string, { host, port }: Pick<Target, "host" | "port">): Failure {
  return failure(
    "tls",
    `${host}:${port} offers no TLS that is to be trusted (${code})`,
    "correct sslmode, sslrootcert (the authority, as PEM) or sslservername (the certificate's name)",
  );
}
