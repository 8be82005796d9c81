import { describe, expect, test } from "vitest";
import { postgresFailure } from "../../shared/secrets/databases/postgres-failures.ts";
import type { FailureReason } from "../../shared/secrets/failure.ts";

/** What the server reports, in the driver's shape. */
const reported = (code: string, routine = "any") =>
  Object.assign(new Error("the user said hunter2"), { code, routine, severity: "FATAL" });
const thrown = (code: string) => Object.assign(new Error("connect hunter2"), { code });

const table: readonly (readonly [string, unknown, FailureReason])[] = [
  ["nobody listens", thrown("ECONNREFUSED"), "network"],
  ["no such host", thrown("ENOTFOUND"), "network"],
  ["the names are not answered for now", thrown("EAI_AGAIN"), "network"],
  ["no answer", thrown("ETIMEDOUT"), "network"],
  ["no way there", thrown("EHOSTUNREACH"), "network"],
  ["the connection breaks", thrown("ECONNRESET"), "network"],
  ["all its addresses refuse", Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }), "network"],
  ["the driver waits too long to connect", new Error("timeout expired"), "network"],
  ["the driver waits too long for an answer", new Error("Query read timeout"), "network"],
  ["it hangs up", new Error("Connection terminated unexpectedly"), "network"],
  ["it starts up", reported("57P03"), "network"],
  ["it shuts down", reported("57P01"), "network"],
  ["its connection failed", reported("08006"), "network"],
  ["it has no TLS", new Error("The server does not support SSL connections"), "tls"],
  ["it answers TLS with nonsense", new Error("There was an error establishing an SSL connection"), "tls"],
  ["an unknown authority", thrown("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "tls"],
  ["a certificate of its own", thrown("DEPTH_ZERO_SELF_SIGNED_CERT"), "tls"],
  ["an authority of its own", thrown("SELF_SIGNED_CERT_IN_CHAIN"), "tls"],
  ["a certificate that has ended", thrown("CERT_HAS_EXPIRED"), "tls"],
  ["another name", thrown("ERR_TLS_CERT_ALTNAME_INVALID"), "tls"],
  ["no common version", thrown("ERR_SSL_UNSUPPORTED_PROTOCOL"), "tls"],
  ["no common version, as the system says it", thrown("EPROTO"), "tls"],
  [
    "it cannot prove that it knows the verifier",
    new Error("SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature does not match"),
    "tls",
  ],
  ["a wrong password", reported("28P01", "auth_failed"), "authentication"],
  ["a role that may not log in", reported("28000", "InitializeSessionUserId"), "authentication"],
  ["no entry in pg_hba.conf", reported("28000", "ClientAuthentication"), "policy"],
  ["a directory that refuses", reported("28000", "auth_failed"), "policy"],
  ["too many connections", reported("53300"), "throttle"],
  ["no permission", reported("42501"), "privilege"],
  ["a standby", reported("25006"), "policy"],
  ["no such database", reported("3D000"), "malformed"],
  ["a rule for passwords", reported("22023"), "policy"],
  ["two at once", reported("XX000"), "service"],
  ["no room left", reported("53100"), "service"],
  ["a question that took too long", reported("57014"), "service"],
  ["another error of the driver", new Error("hunter2"), "service"],
  ["something that is no error", "hunter2", "service"],
  ["nothing", undefined, "service"],
];

describe("what went wrong with PostgreSQL", () => {
  test.each(table)("%s", (_, error, reason) => {
    const failure = postgresFailure(error, "the administrator");
    expect(failure.failed).toBe(reason);
    expect(failure.message).toMatch(/^the administrator: .+\(.+\)$/);
    expect(failure.remedy).not.toBe("");
  });

  test.each(table)("%s: nothing of what was said is repeated", (_, error) => {
    expect(JSON.stringify(postgresFailure(error, "x"))).not.toContain("hunter2");
  });

  test("a code that looks like none is not repeated", () => {
    expect(JSON.stringify(postgresFailure(thrown("hunter2-AA"), "x"))).not.toContain("hunter2");
  });

  test("only one thing is evidence that a credential is dead", () => {
    const evidence = table.filter(([, error]) => postgresFailure(error, "x").failed === "authentication");
    expect(evidence.map(([name]) => name)).toEqual(["a wrong password", "a role that may not log in"]);
  });
});
