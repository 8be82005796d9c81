import { administratorOf } from "../../databases/administrator.ts";
import {
  type Entry,
  entriesOf,
  entriesOfOneUser,
  entryOf,
  otherUser,
  renewed,
  unproven,
} from "../../databases/entry.ts";
import { within } from "../../databases/mysql.ts";
import { quoted, tooOld } from "../../databases/mysql-account.ts";
import { isCachingSha2Of, nativeHash } from "../../databases/mysql-hash.ts";
import { noAdministrator, preflightOf } from "../../databases/mysql-preflight.ts";
import { identifiedBy, type Seen, seen, tryLogin } from "../../databases/mysql-target.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { Rotation, Strategy } from "../../strategy.ts";

// MySQL (8.0.14 and later) keeps a second password beside the first. Changing the first one with RETAIN makes the one before the
// second, and throws the second one away: so it is done only while the current password is the first, and never twice. This has
// not been run on a MySQL server; MySQL's own grammar and WL#11540 allow RETAIN CURRENT PASSWORD after IDENTIFIED WITH … AS.
// https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords

const engines = ["mysql"] as const;

export const strategy: Strategy = {
  name: "mysql-dual",
  summary: "One MySQL user with two passwords: the new one is added, and the old one discarded after the grace.",
  cost: null,

  steps(_rotation, current) {
    const entry = entryOf(current, engines);
    if (isFailure(entry)) return entry;
    const { user, host } = entry.target;
    return {
      createSecret: `make a password of 40 characters for ${user}`,
      setSecret: `change the password of ${user} on ${host} with RETAIN CURRENT PASSWORD`,
      testSecret: `log in as ${user} with the new password, to the same account`,
      finishSecret: "promote the new version; the old password works on until the grace ends",
      retire: `have ${user} DISCARD OLD PASSWORD`,
    };
  },

  async create({ outside }, current) {
    const entry = entryOf(current, engines);
    if (isFailure(entry)) return entry;
    return Object.hasOwn(entry.fields, "masterarn") ? renewed(entry, outside.random) : noAdministrator;
  },

  async set(rotation, versions) {
    const entries = entriesOfOneUser(versions, engines);
    if (isFailure(entries)) return entries;
    const { current, pending } = entries;
    return await change(rotation, current, (own) => {
      if (isFirst(own, pending.target.password)) return [];
      if (!isFirst(own, current.target.password)) return notFirst;
      const identified = identifiedBy(pending.target.password, own, rotation.outside.random);
      return isFailure(identified) ? identified : [`${identified} RETAIN CURRENT PASSWORD`];
    });
  },

  async test(rotation, versions) {
    const entries = entriesOf(versions, engines);
    if (isFailure(entries)) return entries;
    const accounts: string[] = [];
    for (const { target } of [entries.pending, entries.current]) {
      const own = await within(rotation.outside.mysql, target, async (session) => await seen(session));
      if (isFailure(own)) return own;
      accounts.push(quoted(own.account));
    }
    return accounts[0] === accounts[1] ? null : otherUser;
  },

  login(rotation, value) {
    return tryLogin(rotation, value, engines);
  },

  async retire(rotation, dead, current) {
    const entries = entriesOfOneUser({ current, pending: dead }, engines);
    if (isFailure(entries)) return entries;
    if (entries.current.target.password === entries.pending.target.password) return null;
    return await change(rotation, entries.current, (own) =>
      isFirst(own, entries.current.target.password) ? [discard] : notFirst,
    );
  },

  async abandon(rotation, pending, current) {
    if (pending === null) return null;
    const entries = entriesOfOneUser({ current, pending }, engines);
    if (isFailure(entries)) return entries;
    const kept = entries.current.target.password;
    const gone = entries.pending.target.password;
    return await change(rotation, entries.current, (own) => {
      if (kept === gone || !isFirst(own, gone)) return [];
      // The current one, which is the second, becomes the first as well; only then may the second go.
      const identified = identifiedBy(kept, own, rotation.outside.random);
      return isFailure(identified) ? identified : [identified, discard];
    });
  },

  async preflight(rotation, current) {
    const entry = entryOf(current, engines);
    return await preflightOf(rotation, entry, {
      account: (own) => {
        const problem = unsuitable(own) ?? identifiedBy("", own, rotation.outside.random);
        if (isFailure(problem)) return problem;
        if (isFailure(entry)) return entry;
        return isFirst(own, entry.target.password) ? "the current password is the first" : notFirst;
      },
      needed: ["CREATE USER"],
      mayChangeItself: false,
    });
  },
};

const discard = "DISCARD OLD PASSWORD";

/** Enters as `entry`, which proves that it works, and has the administrator change its account: one statement for each clause. */
async function change(
  rotation: Rotation,
  entry: Entry,
  decide: (own: Seen) => readonly string[] | Failure,
): Promise<Failure | null> {
  const { mysql } = rotation.outside;
  const own = await within(mysql, entry.target, async (session) => await seen(session));
  if (isFailure(own)) return own.failed === "authentication" ? unproven(own) : own;
  const clauses = unsuitable(own) ?? decide(own);
  if (isFailure(clauses)) return clauses;
  if (clauses.length === 0) return null;
  const administrator = await administratorOf(rotation, entry.fields, entry.target);
  if (isFailure(administrator)) return administrator;
  return await within<null>(mysql, administrator, async (session) => {
    for (const clause of clauses) await session.query(`ALTER USER ${quoted(own.account)} ${clause}`);
    return null;
  });
}

function unsuitable({ version }: Seen): Failure | null {
  return version.isMariaDb || version.number < 8_00_14 ? tooOld("MySQL 8.0.14 or later", version) : null;
}

/** Whether a password is the account's first: SHOW CREATE USER tells of no other. */
function isFirst({ definition }: Seen, password: string): boolean {
  return definition.methods.some(({ hash }) => hash === nativeHash(password) || isCachingSha2Of(hash, password));
}

const notFirst: Failure = failure(
  "policy",
  "the current password is not the first of the account's two",
  "abandon what is pending, or give the account the current password anew",
);
