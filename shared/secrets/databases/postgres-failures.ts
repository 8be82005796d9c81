import { type Failure, type FailureReason, failure } from "../failure.ts";
import { codeOf, socketReason } from "./sockets.ts";

/**
 * What Node, the driver or the server threw, as a failure. Of what they say only codes are repeated. `who` wanted in or asked
 * for something, in a few fixed words.
 *
 * Only one answer counts as evidence that a credential is dead: the server asked for it and did not accept it. That its rules of
 * access (pg_hba.conf) let nobody in from here says nothing of a password, though it has a code of the same class.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function postgresFailure(error: unknown, who: string): Failure {
  const code = repeatable(codeOf(error));
  const trouble = socketReason(code) ?? driverReason(error);
  if (trouble !== null) return trouble === "network" ? unreachable(who, code) : untrusted(who, code);
  if (code === "28000" && routineOf(error) === "InitializeSessionUserId") return refused(who, code);
  if (code === "28P01") return refused(who, code);
  const known = rows.find(([prefix]) => code.startsWith(prefix));
  if (known?.[1] === "network") return unreachable(who, code);
  if (known !== undefined) return saying(known[1], who, known[2], code, known[3]);
  return failure("service", `${who}: the server failed (${code})`, "look at the server's log for this moment");
}

/** A code that looks like one of Node's or of a server's. Whatever else stands in its place might be anything. */
function repeatable(code: string | null): string {
  return code !== null && /^[A-Z][A-Z0-9_]{3,50}$|^[0-9A-Z]{5}$/.test(code) ? code : "no code";
}

function unreachable(who: string, code: string): Failure {
  return saying(
    "network",
    who,
    "the host does not answer, or not in time",
    code,
    "see that the host's name is right, that it runs, and that security groups and routes let the function reach its port",
  );
}

function untrusted(who: string, code: string): Failure {
  return saying(
    "tls",
    who,
    "the server's TLS is not to be trusted as the secret asks",
    code,
    "correct sslmode, sslrootcert (the authority, as PEM) or sslservername (the certificate's name) in the secret, or the server",
  );
}

function saying(failed: FailureReason, who: string, what: string, code: string, remedy: string): Failure {
  return failure(failed, `${who}: ${what} (${code})`, remedy);
}

function refused(who: string, code: string): Failure {
  return saying(
    "authentication",
    who,
    "the server does not accept the user and password",
    code,
    "see that the user exists, may log in (LOGIN, VALID UNTIL), and has the password that the secret holds",
  );
}

// By SQLSTATE, or as much of it as tells the meaning. Those of the network share the words of `unreachable`.
const rows: readonly (readonly [prefix: string, failed: FailureReason, what: string, remedy: string])[] = [
  ["57P0", "network", "", ""],
  ["08", "network", "", ""],
  [
    "53300",
    "throttle",
    "too many connections are open",
    "raise the limit of connections, or close what is not used: it is tried again",
  ],
  [
    "28000",
    "policy",
    "the server's rules do not let it in from here",
    "see pg_hba.conf, rds.force_ssl and the secret's sslmode",
  ],
  [
    "42501",
    "privilege",
    "it may not do what must be done",
    "grant the administrator what docs/rotation.md lists for PostgreSQL",
  ],
  [
    "25006",
    "policy",
    "the server is read-only",
    "state the host of the primary (Aurora: the cluster's own endpoint) in both secrets",
  ],
  ["3D000", "malformed", "there is no such database", "correct the field dbname in the secret"],
  [
    "22023",
    "policy",
    "the server's own rules refuse the password or a setting",
    "see the server's modules that check passwords: they must accept a SCRAM-SHA-256 verifier",
  ],
];

/** The driver's own errors have no code; their texts are its own and constant. */
function driverReason(error: unknown): "network" | "tls" | null {
  if (!(error instanceof Error) || "code" in error) return null;
  return driverTexts.find(([text]) => error.message.startsWith(text))?.[1] ?? null;
}

const driverTexts: readonly (readonly [text: string, reason: "network" | "tls"])[] = [
  ["The server does not support SSL connections", "tls"],
  ["There was an error establishing an SSL connection", "tls"],
  // It does not know what the password's verifier is made of, so it is not the server that the password is for.
  ["SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature", "tls"],
  ["timeout expired", "network"],
  ["Query read timeout", "network"],
  ["Connection terminated", "network"],
  ["Client has encountered a connection error", "network"],
  ["Client was closed", "network"],
];

/** The function of PostgreSQL's source that reported an error: unlike its text it is the same in every language. */
function routineOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "routine" in error ? error.routine : undefined;
}
