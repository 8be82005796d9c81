import { withinRedis } from "../../databases/redis.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { RedisSession, Target } from "../../outside.ts";
import type { Check, Rotation } from "../../strategy.ts";
import { needsNoPassword, userOf } from "./user.ts";

/** What whoever changes the user finds, with ACL GETUSER, CONFIG GET and INFO alone. */
export async function changerChecks(rotation: Rotation, changer: Target, name: string): Promise<Check[]> {
  const checks = await withinRedis(rotation.outside.redis, changer, async (session) => {
    const user = await userOf(session, name);
    if (isFailure(user)) return [{ what: "user", failure: user, seen: "it is not there" }];
    const count = user.hashes.length;
    return [
      { what: "administrator", failure: null, seen: `logs in as ${changer.user}` },
      user.needsNoPassword
        ? { what: "user", failure: needsNoPassword, seen: "nopass" }
        : { what: "user", failure: null, seen: count === 1 ? "one password" : `${count} passwords` },
      ...(await Promise.all([fileCheck(session), nodesCheck(session)])),
    ];
  });
  return isFailure(checks) ? [{ what: "administrator", failure: checks, seen: `as ${changer.user}` }] : checks;
}

/** Without an ACL file what is changed is lost at a restart, and the password that was stored in redis.conf is back. */
async function fileCheck(session: RedisSession): Promise<Check> {
  const reply = await asked(session, ["CONFIG", "GET", "aclfile"]);
  if (reply === null)
    return { what: "ACL file", failure: null, seen: "not known: CONFIG GET is not allowed", isUnknown: true };
  const [, file] = Array.isArray(reply) ? reply : [];
  if (typeof file === "string" && file !== "") return { what: "ACL file", failure: null, seen: "there is one" };
  const problem = "the server has no ACL file: a restart would bring the old password back";
  return { what: "ACL file", failure: failure("policy", problem, "set aclfile in redis.conf"), seen: "there is none" };
}

/** Redis does not replicate its users: each node has its own. */
async function nodesCheck(session: RedisSession): Promise<Check> {
  const info = await asked(session, ["INFO"]);
  if (typeof info !== "string")
    return { what: "nodes", failure: null, seen: "not known: INFO is not allowed", isUnknown: true };
  const isAlone = /^role:master\r?$/m.test(info) && /^connected_slaves:0\r?$/m.test(info);
  if (isAlone && !/^cluster_enabled:1\r?$/m.test(info)) return { what: "nodes", failure: null, seen: "one" };
  return { what: "nodes", failure: severalNodes, seen: "there are replicas, or a cluster" };
}

const severalNodes: Failure = failure(
  "policy",
  "the server is one of several, and Redis does not replicate its users",
  "let one ACL file be distributed to all nodes, or use a managed service whose users are one",
);

/** Null where it is not allowed. */
async function asked(session: RedisSession, words: readonly string[]): Promise<unknown> {
  const { ErrorReply } = await import("@redis/client");
  try {
    return await session.command(words);
  } catch (error) {
    if (error instanceof ErrorReply && error.message.startsWith("NOPERM")) return null;
    throw error;
  }
}
