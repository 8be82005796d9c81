import { administratorGranted } from "../../databases/administrator.ts";
import { changerOf, type Entry, entriesOfOneUser, entryOf, renewed, unproven } from "../../databases/entry.ts";
import { withinRedis } from "../../databases/redis.ts";
import { type Failure, isFailure } from "../../failure.ts";
import type { Check, Rotation, Strategy } from "../../strategy.ts";
import type { Value } from "../../value.ts";
import { changerChecks } from "./preflight.ts";
import { hashOf, needsNoPassword, type RedisUser, save, userOf } from "./user.ts";

// A Redis ACL user has a set of passwords. The new one is added as its hash, so that the server never sees it in a command, and the
// old one taken out after the grace.

const engines = ["redis"] as const;

export const strategy: Strategy = {
  name: "redis-dual",
  summary: "One Redis ACL user with two passwords: the new one is added, and the old one taken away after the grace.",
  cost: null,

  steps(_rotation, current) {
    const entry = entryOf(current, engines);
    if (isFailure(entry)) return entry;
    const { user, host } = entry.target;
    return {
      createSecret: `make a password of 40 characters for ${user}`,
      setSecret: `add its SHA-256 to the ACL user ${user} on ${host}, and write the ACL file`,
      testSecret: `log in as ${user} with the new password`,
      finishSecret: "promote the new version; the old password works on until the grace ends",
      retire: `leave ${user} the new password alone, and write the ACL file`,
    };
  },

  async create({ outside }, current) {
    const entry = entryOf(current, engines);
    return isFailure(entry) ? entry : renewed(entry, outside.random);
  },

  async set(rotation, versions) {
    const pair = pairOf(versions.pending, versions.current);
    if (isFailure(pair)) return pair;
    return await change(rotation, pair.current, (user) => {
      const wanted = [pair.kept, pair.other];
      const extra = user.hashes.filter((hash) => !wanted.includes(hash));
      const missing = user.hashes.includes(pair.other) ? [] : [`#${pair.other}`];
      return [...missing, ...extra.map((hash) => `!${hash}`)];
    });
  },

  async test(rotation, { pending, current }) {
    return (await login(rotation, pending)) ?? (await login(rotation, current));
  },

  login,

  async retire(rotation, dead, current) {
    const pair = pairOf(dead, current);
    if (isFailure(pair)) return pair;
    if (pair.kept === pair.other) return null;
    return await change(rotation, pair.current, (user) =>
      user.hashes.filter((hash) => hash !== pair.kept).map((hash) => `!${hash}`),
    );
  },

  async abandon(rotation, pending, current) {
    if (pending === null) return null;
    const pair = pairOf(pending, current);
    if (isFailure(pair)) return pair;
    if (pair.kept === pair.other) return null;
    return await change(rotation, pair.current, (user) => (user.hashes.includes(pair.other) ? [`!${pair.other}`] : []));
  },

  async preflight(rotation, current): Promise<Check[]> {
    const entry = entryOf(current, engines);
    if (isFailure(entry)) return [{ what: "secret", failure: entry, seen: "its value cannot be used" }];
    const { target } = entry;
    const refused = await login(rotation, current);
    const how = target.tls.mode === "disable" ? "without TLS" : `with TLS, ${target.tls.mode}`;
    const entered = { what: "login", failure: refused, seen: `as ${target.user}, ${how}` };
    const granted = await administratorGranted(rotation.outside, entry.fields);
    if (refused !== null) return [entered, ...granted];
    const changer = await changerOf(rotation, entry);
    if (isFailure(changer)) {
      return [entered, ...granted, { what: "administrator", failure: changer, seen: "it cannot be read" }];
    }
    return [entered, ...granted, ...(await changerChecks(rotation, changer, target.user))];
  },
};

async function login({ outside }: Rotation, value: Value): Promise<Failure | null> {
  const entry = entryOf(value, engines);
  if (isFailure(entry)) return entry;
  return await withinRedis<null>(outside.redis, entry.target, async () => null);
}

interface Pair {
  current: Entry;
  /** The current password's hash. */
  kept: string;
  /** The other version's. */
  other: string;
}

function pairOf(value: Value, current: Value): Pair | Failure {
  const entries = entriesOfOneUser({ current, pending: value }, engines);
  if (isFailure(entries)) return entries;
  const { current: entry, pending } = entries;
  return { current: entry, kept: hashOf(entry.target.password), other: hashOf(pending.target.password) };
}

/**
 * Proves that `entry` works, and has its user changed by one command, which holds hashes alone. The ACL file is written also when
 * nothing had to be changed: whoever did it may have died before.
 */
async function change(
  rotation: Rotation,
  entry: Entry,
  decide: (user: RedisUser) => readonly string[],
): Promise<Failure | null> {
  const { redis } = rotation.outside;
  const { user: name, password } = entry.target;
  const refused = await withinRedis<null>(redis, entry.target, async () => null);
  if (refused !== null) return refused.failed === "authentication" ? unproven(refused) : refused;
  const changer = await changerOf(rotation, entry);
  if (isFailure(changer)) return changer;
  return await withinRedis<null>(redis, changer, async (session) => {
    const user = await userOf(session, name);
    if (isFailure(user)) return user;
    // Adding a password to a user who needs none would shut everybody else out.
    if (user.needsNoPassword || !user.hashes.includes(hashOf(password))) return needsNoPassword;
    const rules = decide(user);
    if (rules.length > 0) await session.command(["ACL", "SETUSER", name, ...rules]);
    await save(session);
    return null;
  });
}
