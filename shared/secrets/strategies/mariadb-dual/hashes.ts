import { changerOf, type Entry, unproven } from "../../databases/entry.ts";
import { within } from "../../databases/mysql.ts";
import { native, quoted, tooOld } from "../../databases/mysql-account.ts";
import { type Seen, seen } from "../../databases/mysql-target.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { Session } from "../../outside.ts";
import type { Rotation } from "../../strategy.ts";

/** From the hashes that an account has to those that it shall have; null when it has them. */
export type Decide = (held: readonly string[]) => readonly string[] | Failure | null;

/**
 * Enters as `entry`, which proves that it works, reads which hashes its account has, and changes them to what `decide` says: as
 * the administrator, or as the user itself. Everything else of the account stays: TLS, limits, expiry, lock.
 */
export async function changeHashes(rotation: Rotation, entry: Entry, decide: Decide): Promise<Failure | null> {
  const { mysql } = rotation.outside;
  const isAlone = !Object.hasOwn(entry.fields, "masterarn");
  const statement = await within(mysql, entry.target, async (session) => {
    const wanted = await wantedStatement(session, decide);
    if (wanted === null || isFailure(wanted) || !isAlone) return wanted;
    await session.query(wanted);
    return null;
  });
  if (statement === null) return null;
  if (isFailure(statement)) return statement.failed === "authentication" ? unproven(statement) : statement;
  const administrator = await changerOf(rotation, entry);
  if (isFailure(administrator)) return administrator;
  return await within<null>(mysql, administrator, async (session) => {
    await session.query(statement);
    return null;
  });
}

async function wantedStatement(session: Session, decide: Decide): Promise<string | Failure | null> {
  const own = await seen(session);
  const held = hashesOf(own);
  if (isFailure(held)) return held;
  const wanted = decide(held);
  if (wanted === null || isFailure(wanted)) return wanted;
  const methods = wanted.map((hash) => `${native} USING '${hash}'`);
  return `ALTER USER ${quoted(own.account)} IDENTIFIED VIA ${methods.join(" OR ")}`;
}

/** The hashes that open an account of which we may know everything. */
export function hashesOf({ version, definition }: Pick<Seen, "version" | "definition">): string[] | Failure {
  if (!version.isMariaDb || version.number < 10_04_00) return tooOld("MariaDB 10.4 or later", version);
  const others = definition.methods.filter(({ plugin }) => plugin !== native);
  if (others.length > 0) {
    return failure(
      "policy",
      "the account has another method of authentication, which this strategy would take away",
      `let it have ${native} alone, or choose another strategy by the tag nightshift:strategy`,
    );
  }
  return definition.methods.map(({ hash }) => hash).filter((hash) => /^\*[0-9A-F]{40}$/.test(hash));
}
