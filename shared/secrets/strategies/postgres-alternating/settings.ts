import { identifier, literal } from "../../databases/postgres-text.ts";
import { type Failure, failure } from "../../failure.ts";
import type { Session } from "../../outside.ts";
import type { Names, Sight } from "./roles.ts";

/** One of ALTER ROLE … SET. */
export interface Setting {
  /** Null in all of them. */
  database: string | null;
  name: string;
  /** As pg_db_role_setting holds it. */
  value: string;
}

/** Gives the clone the settings of the base role, and takes from it what the base role has not. */
export async function adoptSettings(session: Session, { base, clone }: Names): Promise<void> {
  const wanted = actingAs(base, await settingsOf(session, base));
  for (const statement of settingStatements(clone, await settingsOf(session, clone), wanted)) {
    await session.query(statement);
  }
}

/** Whether the base role has settings that the administrator may not give to the clone; null when it has none. */
export async function settingsObstacle(
  session: Session,
  { version, superuser }: Sight,
  { base, clone }: Names,
): Promise<Failure | null> {
  if (superuser) return null;
  const wanted = actingAs(base, await settingsOf(session, base));
  const missing = missingFrom(await settingsOf(session, clone), wanted).map(({ name }) => name);
  // pg_settings does not list it, and everybody may set it.
  const asked = missing.filter((name) => name !== "role");
  // What the server does not know is an extension's, or somebody's own: both are a superuser's to give.
  const granted = version >= parameterGrantVersion ? "has_parameter_privilege(one, 'SET')" : "false";
  const [row] = await session.query(
    `SELECT count(*)::int AS forbidden FROM unnest($1::text[]) AS one LEFT JOIN pg_settings ON name = one
      WHERE coalesce(context, 'superuser') = 'superuser' AND NOT ${granted}`,
    [asked],
  );
  if (row?.forbidden === 0) return null;
  return failure(
    "privilege",
    `the base role has settings that only a superuser can give to its clone: ${Number(row?.forbidden)}`,
    "GRANT SET ON PARAMETER to the administrator's user, give the clone these settings by hand, or take them from the base role",
  );
}

/** Since then a superuser can let others set one parameter. */
const parameterGrantVersion = 150_000;

async function settingsOf(session: Session, role: string): Promise<Setting[]> {
  const rows = await session.query(
    `SELECT d.datname AS database, s.setconfig AS settings
       FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
      WHERE r.rolname = $1 ORDER BY 1 NULLS FIRST`,
    [role],
  );
  return rows.flatMap(({ database, settings }) =>
    (Array.isArray(settings) ? settings : []).map((setting) => {
      const text = String(setting);
      const at = text.indexOf("=");
      return {
        database: typeof database === "string" ? database : null,
        name: text.slice(0, at),
        value: text.slice(at + 1),
      };
    }),
  );
}

/** A base role that acts as yet another has said so itself. */
function actingAs(base: string, settings: readonly Setting[]): Setting[] {
  const isSaid = settings.some(({ database, name }) => database === null && name === "role");
  return isSaid ? [...settings] : [...settings, { database: null, name: "role", value: base }];
}

/** What is to be said so that a role with these settings has those. Of what is as it must be, nothing. */
export function settingStatements(role: string, actual: readonly Setting[], wanted: readonly Setting[]): string[] {
  const surplus = actual.filter((setting) => !wanted.some(same(setting)));
  const where = ({ database, name }: Setting, verb: string) => {
    const place = database === null ? "" : ` IN DATABASE ${identifier(database)}`;
    return `ALTER ROLE ${identifier(role)}${place} ${verb} ${identifier(name)}`;
  };
  return [
    ...surplus.map((setting) => where(setting, "RESET")),
    ...missingFrom(actual, wanted).map((setting) => `${where(setting, "SET")} TO ${words(setting)}`),
  ];
}

function missingFrom(actual: readonly Setting[], wanted: readonly Setting[]): Setting[] {
  return wanted.filter((setting) => actual.find(same(setting))?.value !== setting.value);
}

const same = (one: Setting) => (other: Setting) => one.database === other.database && one.name === other.name;

/** A list is kept as the names in it, quoted where they must be: each is a word of its own again. */
function words({ name, value }: Setting): string {
  if (!lists.has(name)) return literal(value);
  const names = [...value.matchAll(/"((?:[^"]|"")*)"|[^\s,"]+/g)];
  return names.map(([word, quoted]) => literal(quoted?.replaceAll('""', '"') ?? word)).join(", ");
}

/** Those that PostgreSQL marks GUC_LIST_QUOTE, as far as a role can have them. */
const lists: ReadonlySet<string> = new Set([
  "search_path",
  "temp_tablespaces",
  "session_preload_libraries",
  "local_preload_libraries",
]);
