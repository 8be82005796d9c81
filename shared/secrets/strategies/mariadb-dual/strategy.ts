import { entriesOf, entriesOfOneUser, entryOf, otherUser, renewed } from "../../databases/entry.ts";
import { within } from "../../databases/mysql.ts";
import { nativeHash } from "../../databases/mysql-hash.ts";
import { preflightOf } from "../../databases/mysql-preflight.ts";
import { seen, tryLogin } from "../../databases/mysql-target.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { Rotation, Strategy } from "../../strategy.ts";
import type { Value } from "../../value.ts";
import { changeHashes, hashesOf } from "./hashes.ts";

// MariaDB lets an account have several methods of authentication, and two passwords are two methods. The account stays one, so
// nothing that it owns or may do changes, and both passwords work from setSecret until the old one is retired.

const engines = ["mariadb", "mysql"] as const;

export const strategy: Strategy = {
  name: "mariadb-dual",
  summary: "One MariaDB user with two passwords: the new one is added, and the old one taken away after the grace.",
  cost: null,

  steps(_rotation, current) {
    const entry = entryOf(current, engines);
    if (isFailure(entry)) return entry;
    const { user, host } = entry.target;
    return {
      createSecret: `make a password of 40 characters for ${user}`,
      setSecret: `add its hash to the account of ${user} on ${host}, beside the current one`,
      testSecret: `log in as ${user} with the new password, to the same account`,
      finishSecret: "promote the new version; the old password works on until the grace ends",
      retire: `leave ${user} the new hash alone`,
    };
  },

  async create({ outside }, current) {
    const entry = entryOf(current, engines);
    return isFailure(entry) ? entry : renewed(entry, outside.random);
  },

  async set(rotation, versions) {
    const entries = entriesOfOneUser(versions, engines);
    if (isFailure(entries)) return entries;
    const { current, pending } = entries;
    const old = nativeHash(current.target.password);
    const added = nativeHash(pending.target.password);
    return await changeHashes(rotation, current, (held) => {
      if (!held.includes(old)) return notHeld;
      // Whatever else opens the account is a password that nobody recorded. It goes.
      const isDone = held.includes(added) && held.every((hash) => hash === old || hash === added);
      return isDone ? null : [added, old];
    });
  },

  async test(rotation, versions) {
    const entries = entriesOf(versions, engines);
    if (isFailure(entries)) return entries;
    const { mysql } = rotation.outside;
    const accounts: string[] = [];
    for (const { target } of [entries.pending, entries.current]) {
      const account = await within(mysql, target, async (session) => {
        const own = await seen(session);
        const hashes = hashesOf(own);
        return isFailure(hashes) ? hashes : { ...own.account, count: hashes.length };
      });
      if (isFailure(account)) return account;
      if (account.count > 2) return tooMany;
      accounts.push(JSON.stringify([account.user, account.host]));
    }
    return accounts[0] === accounts[1] ? null : otherUser;
  },

  login(rotation, value) {
    return tryLogin(rotation, value, engines);
  },

  async retire(rotation, dead, current) {
    return await takeAway(rotation, dead, current, (_held, kept) => [kept]);
  },

  async abandon(rotation, pending, current) {
    if (pending === null) return null;
    return await takeAway(rotation, pending, current, (held, _kept, gone) => held.filter((hash) => hash !== gone));
  },

  async preflight(rotation, current) {
    const entry = entryOf(current, engines);
    return await preflightOf(rotation, entry, {
      account: (own) => {
        const hashes = hashesOf(own);
        return isFailure(hashes) ? hashes : `${hashes.length === 1 ? "one password" : `${hashes.length} passwords`}`;
      },
      needed: ["CREATE USER"],
      mayChangeItself: true,
    });
  },
};

/** Takes the password of `gone` away, where the account has it: what is left, `leave` says of the hashes. */
async function takeAway(
  rotation: Rotation,
  gone: Value,
  current: Value,
  leave: (held: readonly string[], kept: string, gone: string) => readonly string[],
): Promise<Failure | null> {
  const entries = entriesOfOneUser({ current, pending: gone }, engines);
  if (isFailure(entries)) return entries;
  const kept = nativeHash(entries.current.target.password);
  const other = nativeHash(entries.pending.target.password);
  if (kept === other) return null;
  return await changeHashes(rotation, entries.current, (held) => {
    if (!held.includes(kept)) return notHeld;
    return held.includes(other) ? leave(held, kept, other) : null;
  });
}

const notHeld: Failure = failure(
  "policy",
  "the account was entered by something else than the current password's hash",
  "let the account have mysql_native_password alone",
);

const tooMany: Failure = failure(
  "policy",
  "the account has more than two passwords",
  "repeat setSecret, which leaves the new one and the current one",
);
