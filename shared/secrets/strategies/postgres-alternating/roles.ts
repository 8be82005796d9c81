import { identifier, literal } from "../../databases/postgres-text.ts";
import { type Failure, failure } from "../../failure.ts";
import type { Session } from "../../outside.ts";
import { adoptSettings } from "./settings.ts";

/** What the administrator sees of the users that take turns, and of itself. */
export interface Sight {
  version: number;
  standby: boolean;
  /** Of the administrator. */
  superuser: boolean;
  creates: boolean;
  replicates: boolean;
  /** Of the base role; null when it is not there. */
  base: Role | null;
  /** Of the user that is to be changed; null when it is not there. */
  user: Role | null;
}

export interface Role {
  superuser: boolean;
  replication: boolean;
  connectionLimit: number;
  /** Null for ever. */
  validUntil: string | null;
  /** Whether the administrator has it with ADMIN OPTION. */
  administered: boolean;
  /** How many things it owns, in all databases of the server. */
  owned: number;
}

export async function look(session: Session, base: string, user: string): Promise<Sight> {
  const [{ version, ...me } = {}] = await session.query(
    `SELECT current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS standby,
            rolsuper, rolcreaterole, rolreplication
       FROM pg_roles WHERE rolname = current_user`,
  );
  const rows = await session.query(
    `SELECT rolname, rolsuper, rolreplication, rolconnlimit,
            nullif(rolvaliduntil, 'infinity')::text AS until,
            pg_has_role(oid, 'MEMBER WITH ADMIN OPTION') AS administered,
            (SELECT count(*)::int FROM pg_shdepend
              WHERE refclassid = 'pg_authid'::regclass AND refobjid = pg_roles.oid AND deptype = 'o') AS owned
       FROM pg_roles WHERE rolname IN ($1, $2)`,
    [base, user],
  );
  const roleNamed = (name: string) => {
    const row = rows.find(({ rolname }) => rolname === name);
    return row === undefined ? null : roleFrom(row);
  };
  return {
    version: Number(version),
    standby: me.standby === true,
    superuser: me.rolsuper === true,
    creates: me.rolsuper === true || me.rolcreaterole === true,
    replicates: me.rolsuper === true || (Number(version) >= adminOptionVersion && me.rolreplication === true),
    base: roleNamed(base),
    user: roleNamed(user),
  };
}

function roleFrom(row: Readonly<Record<string, unknown>>): Role {
  return {
    superuser: row.rolsuper === true,
    replication: row.rolreplication === true,
    connectionLimit: Number(row.rolconnlimit),
    validUntil: typeof row.until === "string" ? row.until : null,
    administered: row.administered === true,
    owned: Number(row.owned),
  };
}

/**
 * Since then whoever may create roles may change only those that it has WITH ADMIN OPTION, and give only what it has itself.
 * Before, it may change all but superusers, and what only those can give is theirs alone.
 */
const adminOptionVersion = 160_000;

/** Why the administrator cannot give the user its turn; null when it can. */
export function obstacle({ version, standby, superuser, creates, replicates, base, user }: Sight): Failure | null {
  if (standby) {
    return failure(
      "policy",
      "the server is a standby, where no role can be changed",
      "state the host of the primary (Aurora: the cluster's own endpoint) in both secrets",
    );
  }
  if (base === null) {
    return failure(
      "policy",
      "the base role (the user without _clone) does not exist",
      "create it, with all that it needs",
    );
  }
  if (base.superuser || user?.superuser === true) {
    return failure("policy", "a superuser takes no turns", "use a user that is none, or the strategy postgres-single");
  }
  if (!creates) {
    return failure("privilege", "the administrator may create no roles", "ALTER ROLE its user CREATEROLE");
  }
  if (!superuser && version >= adminOptionVersion) {
    const missing = !base.administered ? "the base role" : user?.administered === false ? "the alternate user" : null;
    if (missing !== null) {
      return failure(
        "privilege",
        `the administrator may not change ${missing}: it has it without ADMIN OPTION`,
        `as whoever created it: GRANT it TO the administrator's user WITH ADMIN OPTION`,
      );
    }
  }
  if (base.replication !== (user?.replication ?? false) && !replicates) {
    return failure(
      "privilege",
      "the base role has REPLICATION, which the administrator cannot give",
      "ALTER ROLE the administrator's user REPLICATION, or take it from the base role",
    );
  }
  return null;
}

/** Lets one finish before the other begins, when two do the same. Within a transaction. */
export async function taken(session: Session, base: string): Promise<void> {
  await session.query("SELECT pg_advisory_xact_lock(hashtext($1))", [`nightshift ${base}`]);
}

/**
 * Makes the clone a user that is the base role in everything but its name and password. Whoever it lets in acts as the base role
 * from the first statement on, so that what it creates belongs to the base role and both may use it.
 */
export async function adopt(session: Session, { version, base, user }: Sight, names: Names): Promise<void> {
  const clone = identifier(names.clone);
  if (user === null) await session.query(`CREATE ROLE ${clone}`);
  if (base !== null) await session.query(`ALTER ROLE ${clone} ${attributes(base, user)}`);
  const options = version >= adminOptionVersion ? " WITH INHERIT TRUE, SET TRUE" : "";
  await session.query(`GRANT ${identifier(names.base)} TO ${clone}${options}`);
  await adoptSettings(session, names);
}

export interface Names {
  base: string;
  clone: string;
}

/** Those that count when somebody logs in. The others are the base role's, as whom it acts. */
function attributes(base: Role, user: Role | null): string {
  const words = ["LOGIN", "INHERIT", `CONNECTION LIMIT ${base.connectionLimit}`];
  if (base.validUntil !== (user?.validUntil ?? null))
    words.push(`VALID UNTIL ${literal(base.validUntil ?? "infinity")}`);
  // Whoever has it not may not even say that another has it not.
  if (base.replication !== (user?.replication ?? false)) words.push(base.replication ? "REPLICATION" : "NOREPLICATION");
  return words.join(" ");
}
