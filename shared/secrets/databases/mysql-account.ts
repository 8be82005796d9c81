import { type Failure, failure } from "../failure.ts";
import type { Session } from "../outside.ts";

/** Whom a server means: the same user from other hosts is another account. */
export interface Account {
  user: string;
  host: string;
}

/** As it stands in a statement. Between backticks only a backtick means anything, whatever the sql_mode is. */
export function quoted({ user, host }: Account): string {
  return `${identifier(user)}@${identifier(host)}`;
}

export function identifier(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** The account that let this session in. */
export async function accountOf(session: Session): Promise<Account> {
  const text = await textOf(session, "SELECT CURRENT_USER()");
  const at = text.lastIndexOf("@");
  return { user: text.slice(0, at), host: text.slice(at + 1) };
}

/** The first column of the first row, as text; empty when there is none. */
export async function textOf(session: Session, statement: string): Promise<string> {
  const [row = {}] = await session.query(statement);
  return String(Object.values(row)[0] ?? "");
}

/** A word, a sign, or what stands between quotes, which are taken off. */
export interface Token {
  text: string;
  /** `'`, `"` or a backtick; empty for a word or a sign. */
  quote: string;
}

/** What the server prints of an account, taken apart. */
export function tokensOf(statement: string): Token[] {
  const pattern = /`((?:[^`]|``)*)`|'((?:[^'\\]|\\[\s\S]|'')*)'|"((?:[^"\\]|\\[\s\S]|"")*)"|[\w$.%-]+|\S/g;
  return [...statement.matchAll(pattern)].map(([all, ticked, single, double]) => {
    if (ticked !== undefined) return { text: ticked.replaceAll("``", "`"), quote: "`" };
    if (single !== undefined) return { text: unescaped(single, "'"), quote: "'" };
    if (double !== undefined) return { text: unescaped(double, '"'), quote: '"' };
    return { text: all, quote: "" };
  });
}

function unescaped(text: string, quote: string): string {
  return text.replaceAll(quote + quote, quote).replace(/\\([\s\S])/g, (_, character: string) => {
    return { n: "\n", r: "\r", t: "\t", "0": "\0", Z: "\x1a" }[character] ?? character;
  });
}

/** One way to be let in. */
export interface Method {
  plugin: string;
  hash: string;
}

export interface Definition {
  methods: Method[];
  /** REQUIRE and what follows, as it was printed. */
  require: string;
  /** MAX_QUERIES_PER_HOUR and the like. */
  limits: Readonly<Record<string, string>>;
  /** NEVER, DEFAULT or INTERVAL n DAY; null when nothing is said. */
  expiry: string | null;
  isLocked: boolean;
  /** MySQL prints them here, quoted; MariaDB among the grants. */
  defaultRoles: string[];
}

/** Reads what SHOW CREATE USER prints, on MariaDB or on MySQL. */
export function definitionFrom(printed: string): Definition {
  const tokens = tokensOf(printed);
  const sections = sectionsOf(tokens);
  const limits: Record<string, string> = {};
  const stated = sections.WITH ?? [];
  for (let at = 0; at + 1 < stated.length; at += 2) limits[stated[at]?.text ?? ""] = stated[at + 1]?.text ?? "";
  return {
    methods: methodsFrom(sections.IDENTIFIED ?? []),
    require: (sections.REQUIRE ?? []).map(printedToken).join(" ") || "NONE",
    limits,
    expiry: expiryFrom(sections.PASSWORD ?? []),
    isLocked: sections.ACCOUNT?.[0]?.text === "LOCK",
    defaultRoles: rolesFrom(sections.DEFAULT ?? []),
  };
}

const heads = new Set([
  "IDENTIFIED",
  "DEFAULT",
  "REQUIRE",
  "WITH",
  "PASSWORD",
  "ACCOUNT",
  "FAILED_LOGIN_ATTEMPTS",
  "PASSWORD_LOCK_TIME",
  "COMMENT",
  "ATTRIBUTE",
]);

/** What follows each leading word. MySQL has several that begin with PASSWORD: of those only the expiry is kept. */
function sectionsOf(tokens: readonly Token[]): Partial<Record<string, Token[]>> {
  const sections: Partial<Record<string, Token[]>> = {};
  let section: Token[] = [];
  tokens.forEach((token, index) => {
    const next = tokens[index + 1]?.text;
    if (!isHead(token, tokens[index - 1]?.text, next)) {
      section.push(token);
      return;
    }
    section = [];
    if (token.text !== "PASSWORD" || next === "EXPIRE") sections[token.text] = section;
  });
  return sections;
}

function isHead({ text, quote }: Token, before: string | undefined, next: string | undefined): boolean {
  if (quote !== "" || !heads.has(text)) return false;
  if (text === "DEFAULT") return next === "ROLE";
  if (text === "WITH") return before !== "IDENTIFIED";
  if (text === "PASSWORD") return before !== "BY";
  return text !== "REQUIRE" || before !== "PASSWORD";
}

/** BY PASSWORD 'hash'; VIA plugin USING 'hash' OR …; WITH 'plugin' AS 'hash'. */
function methodsFrom(tokens: readonly Token[]): Method[] {
  const [first, second, third] = tokens;
  if (first?.text === "BY" && second?.text === "PASSWORD") return [{ plugin: native, hash: third?.text ?? "" }];
  const methods: Method[] = [];
  tokens.forEach(({ text, quote }, index) => {
    const isLead = quote === "" && (text === "VIA" || text === "WITH" || text === "OR");
    const plugin = tokens[index + 1]?.text;
    if (!isLead || plugin === undefined) return;
    const joint = tokens[index + 2];
    const hasHash = joint?.quote === "" && (joint.text === "USING" || joint.text === "AS");
    methods.push({ plugin, hash: hasHash ? (tokens[index + 3]?.text ?? "") : "" });
  });
  return methods;
}

function expiryFrom([, ...rest]: readonly Token[]): string | null {
  const [word, count, unit] = rest.map(({ text }) => text);
  if (word === "NEVER" || word === "DEFAULT") return word;
  return word === "INTERVAL" && /^\d+$/.test(count ?? "") && unit === "DAY" ? `INTERVAL ${count} DAY` : null;
}

function rolesFrom([, ...tokens]: readonly Token[]): string[] {
  const text = tokens.map(printedToken).join("");
  return text === "" ? [] : text.split(/,(?=`)/);
}

export function printedToken({ text, quote }: Token): string {
  if (quote === "`") return identifier(text);
  return quote === "" ? text : `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

export const native = "mysql_native_password";
export const cachingSha2 = "caching_sha2_password";

export interface ServerVersion {
  isMariaDb: boolean;
  /** 10.11.6 as 101106. */
  number: number;
  text: string;
}

export async function versionOf(session: Session): Promise<ServerVersion> {
  const text = await textOf(session, "SELECT VERSION()");
  const [, major = "0", minor = "0", patch = "0"] = /^(\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  const number = Number(major) * 10_000 + Number(minor) * 100 + Number(patch);
  return { isMariaDb: /mariadb/i.test(text), number, text: `${major}.${minor}.${patch}` };
}

export function tooOld(what: string, { text }: ServerVersion): Failure {
  return failure(
    "policy",
    `the server's version ${text} is not ${what}`,
    "choose another strategy by the tag nightshift:strategy",
  );
}
