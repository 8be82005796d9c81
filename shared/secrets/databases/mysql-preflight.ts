import { type Failure, failure, isFailure } from "../failure.ts";
import type { Session } from "../outside.ts";
import type { Check, Rotation } from "../strategy.ts";
import { administratorGranted } from "./administrator.ts";
import { changerOf, type Entry } from "./entry.ts";
import { within } from "./mysql.ts";
import { textOf, versionOf } from "./mysql-account.ts";
import { type Grants, grantsFrom } from "./mysql-grants.ts";
import { type Seen, seen } from "./mysql-target.ts";

export interface Wanted {
  /** What is looked at of the account itself: what was seen, or what is wrong with it. */
  account: (own: Seen) => string | Failure;
  /** What whoever changes the account must be allowed on everything. */
  needed: readonly string[];
  mayChangeItself: boolean;
}

/** What would fail, asked with SELECT and SHOW alone. */
export async function preflightOf(rotation: Rotation, entry: Entry | Failure, wanted: Wanted): Promise<Check[]> {
  if (isFailure(entry)) return [{ what: "secret", failure: entry, seen: "its value cannot be used" }];
  const { mysql } = rotation.outside;
  const { target } = entry;
  const own = await within(mysql, target, async (session) => await seen(session));
  const encryption = target.tls.mode === "disable" ? "without TLS" : `with TLS, ${target.tls.mode}`;
  const granted = await administratorGranted(rotation.outside, entry.fields);
  if (isFailure(own)) return [{ what: "login", failure: own, seen: `as ${target.user}, ${encryption}` }, ...granted];
  const account = wanted.account(own);
  return [
    { what: "login", failure: null, seen: `as ${own.account.user}@${own.account.host}, ${encryption}` },
    { what: "server", failure: null, seen: `${own.version.isMariaDb ? "MariaDB" : "MySQL"} ${own.version.text}` },
    isFailure(account)
      ? { what: "account", failure: account, seen: "it does not suit the strategy" }
      : { what: "account", failure: null, seen: account },
    ...granted,
    ...(await changerChecks(rotation, entry, wanted)),
  ];
}

async function changerChecks(rotation: Rotation, entry: Entry, wanted: Wanted): Promise<Check[]> {
  if (!wanted.mayChangeItself && !Object.hasOwn(entry.fields, "masterarn")) {
    return [{ what: "administrator", failure: noAdministrator, seen: "none is named" }];
  }
  const changer = await changerOf(rotation, entry);
  if (isFailure(changer)) return [{ what: "administrator", failure: changer, seen: "it cannot be read" }];
  const checks = await within(rotation.outside.mysql, changer, async (session) => [
    { what: "administrator", failure: null, seen: `logs in as ${changer.user}` },
    await privilegeCheck(session, wanted.needed),
    await rulesCheck(session),
    await writableCheck(session),
  ]);
  return isFailure(checks) ? [{ what: "administrator", failure: checks, seen: `as ${changer.user}` }] : checks;
}

export const noAdministrator = failure(
  "malformed",
  "its value has no field masterarn",
  "add masterarn: the ARN of the administrator's secret",
);

async function privilegeCheck(session: Session, needed: readonly string[]): Promise<Check> {
  const rows = await session.query("SHOW GRANTS");
  // Each line alone, so that what enabled roles allow counts as well.
  const grants = rows.map((row) => grantsFrom([String(Object.values(row)[0] ?? "")]));
  const missing = needed.filter((each) => !grants.some((one) => allows(one, each)));
  if (missing.length === 0) return { what: "privileges", failure: null, seen: needed.join(", ") };
  const remedy = `grant it to whoever changes the account: ${missing.join("; ")}`;
  return {
    what: "privileges",
    failure: failure("privilege", `privileges are missing: ${missing.join("; ")}`, remedy),
    seen: `${missing.length} of ${needed.length} are missing`,
  };
}

/** `needed` is a privilege on everything, or `SELECT ON mysql.*`. */
function allows({ privileges }: Grants, needed: string): boolean {
  const [privilege = "", on = "*.*"] = needed.split(" ON ");
  const targets = ["*.*", on.replace(/^(\w+)\./, "`$1`.")];
  return targets.some((target) => {
    const held = privileges.get(target);
    return held !== undefined && (held.has(privilege) || held.has("ALL PRIVILEGES"));
  });
}

async function rulesCheck(session: Session): Promise<Check> {
  const { isMariaDb } = await versionOf(session);
  const plugins = isMariaDb ? await session.query(validationPlugins) : [];
  const strict = await session.query("SHOW VARIABLES LIKE 'strict_password_validation'");
  if (plugins.length === 0 || strict[0]?.Value !== "ON") {
    return { what: "rules for passwords", failure: null, seen: "hashes may be stored" };
  }
  const remedy = "strict_password_validation=OFF: the passwords that are made here have 40 characters of four classes";
  return {
    what: "rules for passwords",
    failure: failure("policy", "a password-validation plugin forbids to store hashes", remedy),
    seen: "strict_password_validation is ON",
  };
}

const validationPlugins =
  "SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_TYPE = 'PASSWORD VALIDATION' AND PLUGIN_STATUS = 'ACTIVE'";

async function writableCheck(session: Session): Promise<Check> {
  const isReadOnly = (await textOf(session, "SELECT @@GLOBAL.read_only")) !== "0";
  if (!isReadOnly) return { what: "host", failure: null, seen: "it is written to" };
  const problem = failure("policy", "the server is read-only", "name the writer's endpoint as host");
  return { what: "host", failure: problem, seen: "read_only is ON" };
}
