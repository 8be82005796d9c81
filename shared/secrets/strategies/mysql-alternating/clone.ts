import { type Entry, unproven } from "../../databases/entry.ts";
import { within } from "../../databases/mysql.ts";
import { type Account, type Definition, quoted } from "../../databases/mysql-account.ts";
import { alignment, differences, type Grants, grantsOf } from "../../databases/mysql-grants.ts";
import { identifiedBy, type Seen, seen } from "../../databases/mysql-target.ts";
import type { DatabaseTarget } from "../../databases/target.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { Session } from "../../outside.ts";
import type { Rotation } from "../../strategy.ts";

/** An account as it sees itself, with what it may do. */
export interface Original extends Seen {
  grants: Grants;
}

/** Enters as `entry`, which proves that it works, and reads what its account is. */
export async function originalOf(rotation: Rotation, { target }: Entry): Promise<Original | Failure> {
  const original = await within(rotation.outside.mysql, target, async (session) => {
    const own = await seen(session);
    const grants = await grantsOf(session, null);
    // MySQL tells them with the account, MariaDB with the grants.
    const defaultRoles = own.version.isMariaDb ? grants.defaultRoles : own.definition.defaultRoles.toSorted();
    return { ...own, grants: { ...grants, defaultRoles } };
  });
  return isFailure(original) && original.failed === "authentication" ? unproven(original) : original;
}

/** What the two users of a secret may be called. MariaDB has room for 80 characters, MySQL for 32. */
export function otherUser({ target }: Entry): string | Failure {
  const { user, engine } = target;
  const other = user.endsWith(suffix) ? user.slice(0, -suffix.length) : `${user}${suffix}`;
  const room = engine === "mariadb" ? 80 : 32;
  if (other !== "" && [...other].length <= room) return other;
  const problem = `the second user's name would not fit: ${room} characters at most, and not none`;
  return failure("policy", problem, "give the user a shorter name, or choose another strategy");
}

const suffix = "_clone";

/**
 * Makes the other account, or makes it anew, with the pending password, and with all that the original one has: TLS, limits,
 * expiry, privileges, roles. It is of the same host part. Whatever was done already is not done twice.
 */
export async function copyAccount(
  rotation: Rotation,
  administrator: DatabaseTarget,
  original: Original,
  pending: DatabaseTarget,
  isKnown: boolean,
): Promise<Failure | null> {
  if (original.grants.unread > 0) return partlyRevoked;
  const { mysql, random } = rotation.outside;
  const account: Account = { user: pending.user, host: original.account.host };
  const identified = identifiedBy(pending.password, original, random);
  if (isFailure(identified)) return identified;
  const before = await within(mysql, administrator, async (session) => ({ grants: await existing(session, account) }));
  if (isFailure(before)) return before;
  const isOurs =
    isKnown || before.grants === null || differences(before.grants, original.grants).length === 0
      ? null
      : await provenOurs(rotation, pending);
  if (isOurs !== null) return isOurs;
  return await within<null>(mysql, administrator, async (session) => {
    const verb = before.grants === null ? "CREATE USER" : "ALTER USER";
    await session.query(`${verb} ${quoted(account)} ${identified} ${attributes(original)}`);
    const grants = (await existing(session, account)) ?? none;
    const defaultRoles = original.version.isMariaDb ? grants.defaultRoles : await defaultRolesOf(session, account);
    const statements = alignment(account, { ...grants, defaultRoles }, original.grants, original.version.isMariaDb);
    for (const statement of statements) await session.query(statement);
    return null;
  });
}

const none: Grants = { privileges: new Map(), roles: new Map(), defaultRoles: [], unread: 0 };

const partlyRevoked = failure(
  "policy",
  "the user has privileges that are partly revoked, which are not copied",
  "grant what it needs database by database, or choose another strategy",
);

/** An account of that name that may do more, and does not know the pending password, is somebody else's. */
async function provenOurs(rotation: Rotation, pending: DatabaseTarget): Promise<Failure | null> {
  const entered = await within<null>(rotation.outside.mysql, pending, async () => null);
  if (entered === null || entered.failed !== "authentication") return entered;
  return failure(
    "policy",
    "there is a second user of that name already, which may do what the current one may not",
    "drop it if nobody needs it, or give the secret's user another name",
  );
}

async function existing(session: Session, account: Account): Promise<Grants | null> {
  try {
    return await grantsOf(session, account);
  } catch (error) {
    if (error instanceof Error && "errno" in error && error.errno === noSuchGrant) return null;
    throw error;
  }
}

const noSuchGrant = 1141;

/** Of MySQL alone. */
async function defaultRolesOf(session: Session, { user, host }: Account): Promise<string[]> {
  const rows = await session.query(
    "SELECT DEFAULT_ROLE_USER AS user, DEFAULT_ROLE_HOST AS host FROM mysql.default_roles WHERE USER = ? AND HOST = ?",
    [user, host],
  );
  return rows.map((row) => quoted({ user: String(row.user), host: String(row.host) })).toSorted();
}

function attributes({ definition, version }: Original): string {
  const { require, expiry } = definition;
  const limits = Object.entries(limitsOf(definition, version.isMariaDb)).map(([name, value]) => `${name} ${value}`);
  return [`REQUIRE ${require}`, `WITH ${limits.join(" ")}`, `PASSWORD EXPIRE ${expiry ?? "DEFAULT"}`].join(" ");
}

/** Each is said, so that one that the original no longer has is taken off. */
export function limitsOf({ limits }: Definition, isMariaDb: boolean): Record<string, string> {
  const names = [
    "MAX_QUERIES_PER_HOUR",
    "MAX_UPDATES_PER_HOUR",
    "MAX_CONNECTIONS_PER_HOUR",
    "MAX_USER_CONNECTIONS",
    ...(isMariaDb ? ["MAX_STATEMENT_TIME"] : []),
  ];
  return Object.fromEntries(names.map((name) => [name, limits[name] ?? "0"]));
}
