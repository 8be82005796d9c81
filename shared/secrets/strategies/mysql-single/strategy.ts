import { changerOf, type Entry, entriesOfOneUser, entryOf, renewed, unproven } from "../../databases/entry.ts";
import { within } from "../../databases/mysql.ts";
import { native, quoted } from "../../databases/mysql-account.ts";
import { nativeHash } from "../../databases/mysql-hash.ts";
import { preflightOf } from "../../databases/mysql-preflight.ts";
import { identifiedBy, type Seen, seen, tryLogin } from "../../databases/mysql-target.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { Rotation, Strategy } from "../../strategy.ts";

// One user with one password. For where neither two passwords nor two users are possible.

const engines = ["mysql", "mariadb"] as const;

export const strategy: Strategy = {
  name: "mysql-single",
  summary: "One MySQL or MariaDB user with one password, which is replaced at once.",
  cost: "From setSecret until readers have fetched the new version, every new connection with the old password is refused.",

  steps(_rotation, current) {
    const entry = entryOf(current, engines);
    if (isFailure(entry)) return entry;
    const { user, host } = entry.target;
    return {
      createSecret: `make a password of 40 characters for ${user}`,
      setSecret: `replace the password of ${user} on ${host}: the current one is refused from then on`,
      testSecret: `log in as ${user} with the new password`,
      finishSecret: "promote the new version",
      retire: "see that the old password is refused",
    };
  },

  async create({ outside }, current) {
    const entry = entryOf(current, engines);
    return isFailure(entry) ? entry : renewed(entry, outside.random);
  },

  async set(rotation, versions) {
    const entries = entriesOfOneUser(versions, engines);
    if (isFailure(entries)) return entries;
    const replaced = await replace(rotation, entries.current, entries.pending.target.password);
    if (replaced === null || replaced.failed !== "authentication") return replaced;
    // Refused: either it was done before, or the secret is wrong.
    const done = await tryLogin(rotation, versions.pending, engines);
    return done?.failed === "authentication" ? replaced : done;
  },

  test(rotation, { pending }) {
    return tryLogin(rotation, pending, engines);
  },

  login(rotation, value) {
    return tryLogin(rotation, value, engines);
  },

  async retire(rotation, dead, current) {
    const entries = entriesOfOneUser({ current, pending: dead }, engines);
    if (isFailure(entries)) return entries;
    if (entries.current.target.password === entries.pending.target.password) return null;
    const refused = await tryLogin(rotation, dead, engines);
    if (refused !== null) return refused.failed === "authentication" ? null : refused;
    // It was given two passwords by another strategy.
    return await replace(rotation, entries.current, entries.current.target.password);
  },

  async abandon(rotation, pending, current) {
    if (pending === null) return null;
    const entries = entriesOfOneUser({ current, pending }, engines);
    if (isFailure(entries)) return entries;
    if (entries.current.target.password === entries.pending.target.password) return null;
    const restored = await replace(rotation, entries.pending, entries.current.target.password);
    return restored?.failed === "authentication" ? null : restored;
  },

  async preflight(rotation, current) {
    const entry = entryOf(current, engines);
    const isAlone = !isFailure(entry) && !Object.hasOwn(entry.fields, "masterarn");
    return await preflightOf(rotation, entry, {
      account: (own) => {
        if (isAlone)
          return ownStatement(own, nativeHash("")) === null ? needsAdministrator : "changes its own password";
        const identified = identifiedBy("", own, rotation.outside.random);
        return isFailure(identified) ? identified : "one password, which the administrator changes";
      },
      needed: isAlone ? [] : ["CREATE USER"],
      mayChangeItself: true,
    });
  },
};

/** Enters as `entry`, which proves that it works, and has `password` alone work from then on. */
async function replace(rotation: Rotation, entry: Entry, password: string): Promise<Failure | null> {
  const { mysql, random } = rotation.outside;
  const isAlone = !Object.hasOwn(entry.fields, "masterarn");
  const own = await within(mysql, entry.target, async (session) => {
    const own = await seen(session);
    if (!isAlone) return own;
    const statement = ownStatement(own, nativeHash(password));
    if (statement === null) return needsAdministrator;
    await session.query(statement);
    return null;
  });
  if (own === null) return null;
  if (isFailure(own)) return own.failed === "authentication" ? unproven(own) : own;
  const identified = identifiedBy(password, own, random);
  if (isFailure(identified)) return identified;
  const administrator = await changerOf(rotation, entry);
  if (isFailure(administrator)) return administrator;
  return await within<null>(mysql, administrator, async (session) => {
    await session.query(`ALTER USER ${quoted(own.account)} ${identified}`);
    // Where there is a second password, it would work on.
    if (hasSecond(own)) await session.query(`ALTER USER ${quoted(own.account)} DISCARD OLD PASSWORD`);
    return null;
  });
}

/**
 * By which anybody may change their own password, telling the hash alone: of MariaDB, and where there is one password. With two it
 * would replace the first, and leave the other one working.
 */
function ownStatement({ version, definition }: Seen, hash: string): string | null {
  const [method, second] = definition.methods;
  if (!version.isMariaDb || method?.plugin !== native || second !== undefined) return null;
  return ["SET", `PASSWORD = '${hash}'`].join(" ");
}

function hasSecond({ version }: Seen): boolean {
  return !version.isMariaDb && version.number >= 8_00_14;
}

const needsAdministrator: Failure = failure(
  "malformed",
  "the user cannot change its own password without telling it to the server",
  "add masterarn: the ARN of the administrator's secret",
);
