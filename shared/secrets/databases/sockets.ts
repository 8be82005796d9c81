import { type Failure, failure } from "../failure.ts";

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
  "ERR_SOCKET_CLOSED",
  "ERR_STREAM_DESTROYED",
]);

/** As OpenSSL's verification and Node's check of the name say it. */
const certificateCodes =
  /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$)/;

/** Whether a code says that a server was not reached, or not trusted; null when it is neither. */
export function socketReason(code: string): "network" | "tls" | null {
  if (networkCodes.has(code)) return "network";
  return certificateCodes.test(code) ? "tls" : null;
}

/** A failure to reach a server, or to trust it; null when it is neither. */
export function socketFailure(code: string): Failure | null {
  switch (socketReason(code)) {
    case "network":
      return failure(
        "network",
        `the database does not answer (${code})`,
        "check host and port, security groups and routes",
      );
    case "tls":
      return tlsFailure(code);
    default:
      return null;
  }
}

export function tlsFailure(code: string): Failure {
  return failure(
    "tls",
    `the database offers no TLS that is to be trusted (${code})`,
    "correct sslmode, sslrootcert (the authority, as PEM) or sslservername (the certificate's name)",
  );
}
