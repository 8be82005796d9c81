import type { Session } from "../outside.ts";
import { type Account, printedToken, quoted, type Token, tokensOf } from "./mysql-account.ts";

/** What an account may do, so that two accounts can be held against each other. */
export interface Grants {
  /** By what they are on, as it is printed: `db`.*, PROCEDURE `db`.`p`, … */
  privileges: ReadonlyMap<string, ReadonlySet<string>>;
  /** Each role, as printed; true with ADMIN OPTION. */
  roles: ReadonlyMap<string, boolean>;
  defaultRoles: readonly string[];
  /** Lines that say something else: partial revokes of MySQL. */
  unread: number;
}

const option = "GRANT OPTION";

/** Those of the session's own account, which anybody may see, or of another one. */
export async function grantsOf(session: Session, account: Account | null): Promise<Grants> {
  const rows = await session.query(account === null ? "SHOW GRANTS" : `SHOW GRANTS FOR ${quoted(account)}`);
  return grantsFrom(rows.map((row) => String(Object.values(row)[0] ?? "")));
}

/** Reads what SHOW GRANTS prints. What it says of the password, of TLS and of limits belongs to the account, and is left out. */
export function grantsFrom(lines: readonly string[]): Grants {
  const privileges = new Map<string, Set<string>>();
  const roles = new Map<string, boolean>();
  const defaultRoles: string[] = [];
  let unread = 0;
  let grantee: string | null = null;
  for (const line of lines) {
    const tokens = tokensOf(line);
    const words = tokens.map(({ text, quote }) => (quote === "" ? text : ""));
    const on = words.indexOf("ON");
    const to = words.lastIndexOf("TO");
    if (words[0] === "SET" && words[1] === "DEFAULT")
      defaultRoles.push(...listed(tokens.slice(3, words.indexOf("FOR"))));
    else if (words[0] !== "GRANT" || to === -1) unread++;
    else {
      const receiver = receiverOf(tokens.slice(to + 1));
      grantee ??= receiver;
      // MariaDB adds what the enabled roles may do: it is theirs.
      if (receiver !== grantee) continue;
      const ending = words.slice(to + 1).join(" ");
      if (on === -1 || on > to) {
        for (const role of listed(tokens.slice(1, to))) roles.set(role, ending.includes("ADMIN OPTION"));
        continue;
      }
      const target = tokens
        .slice(on + 1, to)
        .map(printedToken)
        .join("")
        .replace(/^(TABLE|FUNCTION|PROCEDURE|PACKAGEBODY|PACKAGE)(?=`)/, "$1 ");
      const held = privileges.get(target) ?? new Set();
      for (const each of listed(tokens.slice(1, on))) if (each !== "USAGE") held.add(each);
      if (ending.includes(option)) held.add(option);
      if (held.size > 0) privileges.set(target, held);
    }
  }
  return { privileges, roles, defaultRoles: defaultRoles.toSorted(), unread };
}

function receiverOf([user, at, host]: readonly Token[]): string {
  return at?.text === "@" ? `${user?.text}@${host?.text}` : String(user?.text);
}

/** What commas separate outside of brackets; a list of columns in an order of its own is put in ours. */
function listed(tokens: readonly Token[]): string[] {
  const items: string[] = [];
  let item: string[] = [];
  let columns: string[] | null = null;
  for (const token of tokens) {
    const sign = token.quote === "" ? token.text : "";
    if (sign === "(") columns = [];
    else if (sign === ")") {
      item.push(`(${(columns ?? []).toSorted().join(", ")})`);
      columns = null;
    } else if (sign === "," && columns === null) {
      items.push(item.join(" "));
      item = [];
    } else if (columns !== null) {
      if (sign !== ",") columns.push(printedToken(token));
    } else item.push(printedToken(token));
  }
  items.push(item.join(" "));
  return items.map((each) => each.replace(/ @ /g, "@")).filter((each) => each !== "");
}

/** Whether both may do the same. */
export function isSame(one: Grants, other: Grants): boolean {
  return differences(one, other).length === 0 && differences(other, one).length === 0;
}

/** What `one` may that `other` may not, in words that name no value. */
export function differences(one: Grants, other: Grants): string[] {
  const missing: string[] = [];
  for (const [target, held] of one.privileges) {
    for (const each of held) if (!other.privileges.get(target)?.has(each)) missing.push(`${each} ON ${target}`);
  }
  for (const [role, isAdmin] of one.roles) {
    if (!other.roles.has(role) || (isAdmin && other.roles.get(role) !== true)) missing.push(`role ${role}`);
  }
  for (const role of one.defaultRoles) if (!other.defaultRoles.includes(role)) missing.push(`default role ${role}`);
  return missing;
}

/** The statements after which `account`, which now has `before`, may do exactly what `wanted` says. None when it does already. */
export function alignment(account: Account, before: Grants, wanted: Grants, isMariaDb: boolean): string[] {
  const name = quoted(account);
  const statements: string[] = [];
  for (const [target, held] of before.privileges) {
    const extra = [...held].filter((each) => !wanted.privileges.get(target)?.has(each));
    for (const each of extra) statements.push(`REVOKE ${each} ON ${target} FROM ${name}`);
  }
  for (const [role, isAdmin] of before.roles) {
    if (!wanted.roles.has(role)) statements.push(`REVOKE ${role} FROM ${name}`);
    else if (isAdmin && wanted.roles.get(role) !== true)
      statements.push(`REVOKE ADMIN OPTION FOR ${role} FROM ${name}`);
  }
  for (const [target, held] of wanted.privileges) {
    const missing = [...held].filter((each) => !before.privileges.get(target)?.has(each));
    if (missing.length === 0) continue;
    // A privilege that REVOKE took together with another is given again: giving what is there changes nothing.
    const given = [...held].filter((each) => each !== option);
    statements.push(
      `GRANT ${given.join(", ") || "USAGE"} ON ${target} TO ${name}${held.has(option) ? ` WITH ${option}` : ""}`,
    );
  }
  for (const [role, isAdmin] of wanted.roles) {
    const had = before.roles.get(role);
    if (had === undefined || (isAdmin && !had))
      statements.push(`GRANT ${role} TO ${name}${isAdmin ? " WITH ADMIN OPTION" : ""}`);
  }
  if (before.defaultRoles.join() !== wanted.defaultRoles.join()) {
    const roles = wanted.defaultRoles.join(", ") || "NONE";
    statements.push(
      isMariaDb ? ["SET", "DEFAULT ROLE", roles, "FOR", name].join(" ") : `ALTER USER ${name} DEFAULT ROLE ${roles}`,
    );
  }
  return statements;
}
