import { type Failure, type FailureReason, failure } from "../failure.ts";
import { codeOf, socketFailure, tlsFailure } from "./sockets.ts";

type Meaning = readonly [reason: FailureReason, what: string, remedy: string];

const privilege: Meaning = [
  "privilege",
  "may not do what a rotation needs",
  "give it the privileges that docs/rotation.md states for the strategy",
];
const policy: Meaning = [
  "policy",
  "was refused by the server's rules for passwords",
  "let hashes be stored (MariaDB: strict_password_validation=OFF), or take the password's rules off this account",
];
const locked: Meaning = ["policy", "is locked", "unlock the account: ALTER USER … ACCOUNT UNLOCK"];
const expired: Meaning = ["policy", "has a password that has expired", "renew it once by hand, or take the expiry off"];
const busy: Meaning = ["throttle", "was let in no more: too many connections", "wait, or allow more connections"];
const readOnly: Meaning = [
  "policy",
  "was refused: the server runs read-only, or with an option that forbids it",
  "name the writer's endpoint as host; with a password-validation plugin of MariaDB set strict_password_validation=OFF",
];

/**
 * What an error number of the server means. By number: the driver names MariaDB's by MySQL's list. Only 1045 (1698 where the
 * account takes no password) says that the credential is dead: a server that counts connections, or blocks a host or a user
 * after too many errors, says nothing of a password; and a lock, in MariaDB as in MySQL, is told to whoever knows it.
 */
const meanings: Readonly<Record<number, Meaning>> = {
  1045: [
    "authentication",
    "is refused: unknown, or the password is wrong",
    "see which version's credential the account has",
  ],
  1698: ["authentication", "is refused: it takes no password", "let the account log in with a password"],
  1044: privilege,
  1142: privilege,
  1143: privilege,
  1227: privilege,
  1370: privilege,
  1410: privilege,
  1699: privilege,
  3619: privilege,
  1819: policy,
  3638: policy,
  4105: policy,
  1396: ["policy", "could not change the account: it is not there, or a rule for passwords forbids it", policy[2]],
  3118: locked,
  4151: locked,
  3955: ["policy", "is blocked after too many wrong passwords", "unlock the account, or wait until the server does"],
  4150: ["policy", "is blocked after too many wrong passwords", "FLUSH PRIVILEGES, or raise max_password_errors"],
  1820: expired,
  1862: expired,
  1129: ["policy", "comes from a host that is blocked after too many errors", "FLUSH HOSTS"],
  1130: ["policy", "comes from a host that no account names", "let the account's host part fit the function's address"],
  1040: busy,
  1203: busy,
  1226: busy,
  1049: ["malformed", "names a database that is not there", "correct the field dbname"],
  1141: ["malformed", "has no account there", "create the account, or correct the field username"],
  1251: [
    "tls",
    "would have to log in with a method that is not safe here",
    "use mysql_native_password or caching_sha2_password",
  ],
  1524: [
    "service",
    "has a method of authentication that the server has not loaded",
    "load the plugin, or change the account",
  ],
  1290: readOnly,
  1836: readOnly,
  3159: ["tls", "must come with TLS", "state another sslmode than disable"],
  3893: policy,
  3894: ["policy", "has another method of authentication than before", "leave the account's plugin as it is"],
};

const networkCodes = new Set([
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_SEQUENCE_TIMEOUT",
  "PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR",
]);
const clearText = new Set(["MYSQL_CLEAR_PASSWORD_NOT_ENABLED", "AUTH_SWITCH_PLUGIN_ERROR"]);

/** What the driver threw, in words of ours alone: its own repeat users, hosts and statements. Throws again what is a surprise. */
export function mysqlFailure(error: unknown): Failure {
  const code = codeOf(error) ?? (isFatal(error) ? "PROTOCOL_CONNECTION_LOST" : null);
  if (code === null) throw error;
  const number = error instanceof Error && "errno" in error && typeof error.errno === "number" ? error.errno : 0;
  const meaning = number > 0 && Object.hasOwn(meanings, number) ? meanings[number] : undefined;
  const who = "the database's user";
  if (meaning !== undefined) return failure(meaning[0], `${who} ${meaning[1]} (error ${number})`, meaning[2]);
  if (networkCodes.has(code)) {
    return failure("network", `the database broke off (${code})`, "see whether the server runs, and what is between");
  }
  if (code.startsWith("HANDSHAKE_")) return tlsFailure(code);
  if (clearText.has(code)) {
    return failure(
      "policy",
      `${who} would have to log in with a method that is not spoken here (${code})`,
      "use mysql_native_password or caching_sha2_password",
    );
  }
  const reached = socketFailure(code);
  if (reached !== null) return reached;
  if (number <= 0) throw error;
  return failure("service", `${who} got error ${number} of the server`, "see the server's log at that time");
}

/** What is asked on a connection that the driver knows to be closed already has no code, but is marked. */
function isFatal(error: unknown): boolean {
  return error instanceof Error && "fatal" in error && error.fatal === true;
}
