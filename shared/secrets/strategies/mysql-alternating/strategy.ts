import { administratorOf } from "../../databases/administrator.ts";
import { type Entry, entriesOf, entryOf, renewed } from "../../databases/entry.ts";
import { within } from "../../databases/mysql.ts";
import { quoted } from "../../databases/mysql-account.ts";
import { differences } from "../../databases/mysql-grants.ts";
import { noAdministrator, preflightOf } from "../../databases/mysql-preflight.ts";
import { identifiedBy, type Seen, seen, tryLogin } from "../../databases/mysql-target.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import { newPassword } from "../../password.ts";
import type { Rotation, Strategy } from "../../strategy.ts";
import type { Value } from "../../value.ts";
import { copyAccount, limitsOf, originalOf, otherUser } from "./clone.ts";

// Two users who may do the same, by turns: while one is used the other one gets a new password. Neither is ever dropped, because
// views and routines may be DEFINED by either of them.

const engines = ["mysql", "mariadb"] as const;

export const strategy: Strategy = {
  name: "mysql-alternating",
  summary: "Two MySQL or MariaDB users who may do the same, by turns; the one before is shut out after the grace.",
  cost: null,

  steps(_rotation, current) {
    const entry = entryOf(current, engines);
    if (isFailure(entry)) return entry;
    const other = otherUser(entry);
    if (isFailure(other)) return other;
    const { user, host } = entry.target;
    return {
      createSecret: `make a password of 40 characters for ${other}`,
      setSecret: `make ${other} on ${host} anew: its password, and everything that ${user} has and may do`,
      testSecret: `log in as ${other}, and compare what it may do with what ${user} may do`,
      finishSecret: `promote the version with ${other}; ${user} works on until the grace ends`,
      retire: `give ${user} a password that nobody knows`,
    };
  },

  async create({ outside }, current) {
    const entry = entryOf(current, engines);
    if (isFailure(entry)) return entry;
    if (!Object.hasOwn(entry.fields, "masterarn")) return noAdministrator;
    const other = otherUser(entry);
    return isFailure(other) ? other : renewed(entry, outside.random, other);
  },

  async set(rotation, versions) {
    const entries = entriesOf(versions, engines);
    if (isFailure(entries)) return entries;
    const { current, pending } = entries;
    const other = otherUser(current);
    if (isFailure(other)) return other;
    if (pending.target.user !== other) return sameUser;
    const original = await originalOf(rotation, current);
    if (isFailure(original)) return original;
    const administrator = await administratorOf(rotation, current.fields, current.target);
    if (isFailure(administrator)) return administrator;
    const previous = versions.previous === null ? null : entryOf(versions.previous, engines);
    const isKnown = previous !== null && !isFailure(previous) && previous.target.user === other;
    return await copyAccount(rotation, administrator, original, pending.target, isKnown);
  },

  async test(rotation, versions) {
    const entries = entriesOf(versions, engines);
    if (isFailure(entries)) return entries;
    const copy = await originalOf(rotation, entries.pending);
    if (isFailure(copy)) return copy;
    const original = await originalOf(rotation, entries.current);
    if (isFailure(original)) return original;
    if (copy.account.host !== original.account.host) {
      const problem = "the two users are let in by accounts of different host parts";
      return failure("policy", problem, "drop the account of the other host part, or choose another strategy");
    }
    const lacking = differences(original.grants, copy.grants).length;
    const surplus = differences(copy.grants, original.grants).length;
    const unlike = [
      ...(lacking === 0 ? [] : [`it lacks ${lacking} grants`]),
      ...(surplus === 0 ? [] : [`it has ${surplus} more`]),
      ...(settings(original) === settings(copy) ? [] : ["it has other TLS requirements, limits or expiry"]),
    ];
    if (unlike.length === 0) return null;
    const problem = `the second user is not as the first is: ${unlike.join("; ")}`;
    return failure("privilege", problem, "repeat setSecret; what was granted meanwhile is copied as well");
  },

  login(rotation, value) {
    return tryLogin(rotation, value, engines);
  },

  async retire(rotation, dead, current) {
    return await shutOut(rotation, dead, current);
  },

  async abandon(rotation, pending, current) {
    return pending === null ? null : await shutOut(rotation, pending, current);
  },

  async preflight(rotation, current) {
    const entry = entryOf(current, engines);
    return await preflightOf(rotation, entry, {
      account: (own) => {
        const other = isFailure(entry) ? entry : otherUser(entry);
        if (isFailure(other)) return other;
        const identified = identifiedBy("", own, rotation.outside.random);
        return isFailure(identified) ? identified : `alternates with ${other}`;
      },
      needed: ["CREATE USER", "SELECT ON mysql.*"],
      mayChangeItself: false,
    });
  },
};

/** Gives the user of `value` a password that nobody knows, if it is let in still. Never the one that `current` is of. */
async function shutOut(rotation: Rotation, value: Value, current: Value): Promise<Failure | null> {
  const entries = entriesOf({ current, pending: value }, engines);
  if (isFailure(entries)) return entries;
  const { current: kept, pending: gone } = entries;
  if (gone.target.user === kept.target.user) {
    return gone.target.password === kept.target.password ? null : sameUser;
  }
  const working = await originalOf(rotation, kept);
  if (isFailure(working)) return working;
  const own = await within(rotation.outside.mysql, gone.target, async (session) => await seen(session));
  if (isFailure(own)) return own.failed === "authentication" ? null : own;
  if (quoted(own.account) === quoted(working.account)) return sameUser;
  return await scramble(rotation, kept, own);
}

async function scramble(rotation: Rotation, kept: Entry, own: Seen): Promise<Failure | null> {
  const { mysql, random } = rotation.outside;
  const identified = identifiedBy(newPassword(random), own, random);
  if (isFailure(identified)) return identified;
  const administrator = await administratorOf(rotation, kept.fields, kept.target);
  if (isFailure(administrator)) return administrator;
  return await within<null>(mysql, administrator, async (session) => {
    await session.query(`ALTER USER ${quoted(own.account)} ${identified}`);
    return null;
  });
}

function settings({ definition, version }: Seen): string {
  const { require, expiry } = definition;
  return JSON.stringify([require, expiry ?? "DEFAULT", limitsOf(definition, version.isMariaDb)]);
}

const sameUser: Failure = failure(
  "malformed",
  "the versions are not of the two users who alternate",
  "let the rotation make the versions, or choose the strategy that made them",
);
