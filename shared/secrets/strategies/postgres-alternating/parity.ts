import { inPostgres } from "../../databases/postgres-credentials.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { Outside, Session } from "../../outside.ts";
import type { Pair } from "./names.ts";

/** What somebody is once the server has let them in. */
interface Being {
  /** As whom they act, which need not be as whom they came. */
  acting: string;
  /** Settings that came from the role. */
  settings: string;
  attributes: string;
}

/**
 * Enters with both, and compares what they may do. The clone must be what the base role is. The base role must be able to do
 * what the clone can, however that was made: it may have been made by others, and act as itself.
 */
export async function parityFailure(outside: Outside, { current, pending, base }: Pair): Promise<Failure | null> {
  const isBase = pending.target.user === base;
  const reference = await inPostgres(outside, current.target, "the current credential", being);
  if (isFailure(reference)) return reference;
  return inPostgres(outside, pending.target, "the pending credential", async (session) => {
    const own = await being(session);
    if (own.acting !== reference.acting) {
      if (!isBase) return unequal("does not act as the current one does");
      const gaps = await gapsTo(session, reference.acting);
      return gaps === "" ? null : unequal(`has not what the current one has: ${gaps}`);
    }
    // What the base role says of itself is right, whatever its clone was given earlier.
    if (isBase) return null;
    if (own.settings !== reference.settings) return unequal("has not the settings that the current one has");
    return own.attributes === reference.attributes
      ? null
      : unequal("has not the connection limit, the end or REPLICATION that the current one has");
  });
}

function unequal(how: string): Failure {
  return failure(
    "privilege",
    `the pending user ${how}`,
    "grant it to the base role (the user without _clone), to which all must belong (REASSIGN OWNED BY the clone), and rotate again",
  );
}

async function being(session: Session): Promise<Being> {
  const [row = {}] = await session.query(
    `SELECT current_user::text AS acting,
            (SELECT coalesce(json_agg(json_build_array(name, setting) ORDER BY name), '[]')::text FROM pg_settings
              WHERE source IN ('user', 'database user') AND name <> 'role') AS settings,
            (SELECT json_build_array(rolconnlimit, nullif(rolvaliduntil, 'infinity'), rolreplication)::text
               FROM pg_roles WHERE rolname = session_user) AS attributes`,
  );
  return { acting: String(row.acting), settings: String(row.settings), attributes: String(row.attributes) };
}

/** How much the other role may that this session may not, in words; empty when it is nothing. */
async function gapsTo(session: Session, other: string): Promise<string> {
  const rows = await session.query(gapQueries.join(" UNION ALL "), [other]);
  return rows
    .filter(({ gaps }) => Number(gaps) > 0)
    .map(({ gaps, kind }) => `${Number(gaps)} ${kind}`)
    .join(", ");
}

const lacking = (kind: string, from: string, privileges: string, has: (who: string) => string) =>
  `SELECT '${kind}' AS kind, count(*) AS gaps FROM ${from}, unnest(ARRAY[${privileges}]) AS p
    WHERE ${has("$1::name")} AND NOT ${has("current_user")}`;

const gapQueries = [
  lacking("of databases", "pg_database o", "'CONNECT', 'CREATE', 'TEMPORARY'", (who) => {
    return `has_database_privilege(${who}, o.oid, p)`;
  }),
  lacking("of schemas", "pg_namespace o", "'USAGE', 'CREATE'", (who) => `has_schema_privilege(${who}, o.oid, p)`),
  lacking(
    "of tables",
    "(SELECT oid FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')) AS o",
    "'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'",
    (who) => `has_table_privilege(${who}, o.oid, p)`,
  ),
  lacking(
    "of columns",
    "(SELECT oid FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')) AS o",
    "'SELECT', 'INSERT', 'UPDATE', 'REFERENCES'",
    (who) => `has_any_column_privilege(${who}, o.oid, p)`,
  ),
  lacking(
    "of sequences",
    "(SELECT oid FROM pg_class WHERE relkind = 'S') AS o",
    "'USAGE', 'SELECT', 'UPDATE'",
    (who) => `has_sequence_privilege(${who}, o.oid, p)`,
  ),
  lacking("of functions", "pg_proc o", "'EXECUTE'", (who) => `has_function_privilege(${who}, o.oid, p)`),
  lacking("of types", "pg_type o", "'USAGE'", (who) => `has_type_privilege(${who}, o.oid, p)`),
  lacking("owned relations", "pg_class o", "'USAGE'", (who) => `pg_has_role(${who}, o.relowner, p)`),
  lacking("owned schemas", "pg_namespace o", "'USAGE'", (who) => `pg_has_role(${who}, o.nspowner, p)`),
  lacking("owned functions", "pg_proc o", "'USAGE'", (who) => `pg_has_role(${who}, o.proowner, p)`),
  lacking(
    "memberships",
    "(SELECT oid FROM pg_roles WHERE rolname <> $1::name) AS o",
    "'MEMBER'",
    (who) => `pg_has_role(${who}, o.oid, p)`,
  ),
  `SELECT 'attributes' AS kind, count(*) AS gaps FROM pg_roles o, pg_roles own,
          unnest(ARRAY[o.rolcreatedb AND NOT own.rolcreatedb, o.rolcreaterole AND NOT own.rolcreaterole,
                       o.rolbypassrls AND NOT own.rolbypassrls, o.rolsuper AND NOT own.rolsuper]) AS gap
    WHERE o.rolname = $1::name AND own.rolname = current_user AND gap`,
];
