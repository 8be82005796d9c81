import { type Failure, failure, isFailure } from "../../failure.ts";
import { cacheUserCheck } from "../../granted.ts";
import { newPassword } from "../../password.ts";
import { readStage } from "../../reading.ts";
import type { Rotation, Strategy, Versions } from "../../strategy.ts";
import type { Value } from "../../value.ts";
import { type CacheUser, cacheUserOf, describeUser, letIn } from "./users.ts";

/** A user of ElastiCache, which may have two passwords: for the grace both are valid. */
export const strategy: Strategy = {
  name: "elasticache-user",
  summary: "gives an ElastiCache user a second password, and takes the first away after the grace",
  cost: null,
  steps: (rotation, current) => {
    const user = cacheUserOf(rotation, current);
    if (isFailure(user)) return user;
    return {
      createSecret: "makes a new password",
      setSecret: `lets ${user.id} in with the new password and the current one, and waits until that is so`,
      testSecret: `looks that ${user.id} is active and has two passwords`,
      finishSecret: "makes the new password the current one; both are valid",
      retire: `leaves ${user.id} the current password alone`,
    };
  },
  create: async (rotation, current) => {
    const user = cacheUserOf(rotation, current);
    if (isFailure(user)) return user;
    const described = await describeUser(rotation, user);
    if (isFailure(described)) return described;
    // Two passwords are the sign by which a pending one is known to be set.
    if (described.passwords > 1) return notRetired;
    return { text: JSON.stringify({ ...user.fields, password: newPassword(rotation.outside.random) }) };
  },
  set: async (rotation, versions) => {
    const pair = pairOf(rotation, versions.pending, versions.current);
    return isFailure(pair) ? pair : await letIn(rotation, pair.one, [pair.one.password, pair.other.password]);
  },
  test,
  login,
  retire: async (rotation, dead, current) => await only(rotation, current, dead),
  abandon: async (rotation, pending, current) => (pending === null ? null : await only(rotation, current, pending)),
  preflight: async (rotation, current) => {
    const user = cacheUserOf(rotation, current);
    if (isFailure(user)) return [{ what: "value", failure: user, seen: "no user that could be changed" }];
    const described = await describeUser(rotation, user);
    if (isFailure(described)) return [{ what: "user", failure: described, seen: "the user could not be read" }];
    const { isActive, passwords, arn } = described;
    const busy = isActive ? null : failure("service", "the user is being changed", "wait until it is active");
    const known = { what: "user", failure: busy, seen: `${passwords} of 2 passwords` };
    return [known, await cacheUserCheck(rotation.outside, arn)];
  },
};

const notRetired = failure(
  "policy",
  "the user has a second password, which is not retired yet",
  "wait until heal-rotations has retired it, or take it away by hand",
);

async function test(rotation: Rotation, { current, pending }: Versions): Promise<Failure | null> {
  const pair = pairOf(rotation, pending, current);
  if (isFailure(pair)) return pair;
  const described = await describeUser(rotation, pair.one);
  if (isFailure(described)) return described;
  if (!described.isActive) return failure("service", "the user is being changed", "nothing; it is tried again");
  if (described.passwords === 2) return null;
  return failure("policy", "the user does not have the two passwords that it was given", "start the rotation again");
}

/**
 * Which passwords a user has, ElastiCache tells nobody, only how many. The current one is among them; any other version's is where
 * there are two: `set` gave both, and after the grace one is left.
 */
async function login(rotation: Rotation, value: Value): Promise<Failure | null> {
  const user = cacheUserOf(rotation, value);
  if (isFailure(user)) return user;
  const current = await readStage(rotation.outside, rotation.secret.arn, "AWSCURRENT");
  if (isFailure(current)) return current;
  const described = await describeUser(rotation, user);
  if (isFailure(described)) return described;
  const needed = current?.version === value.version ? 1 : 2;
  if (described.passwords >= needed) return null;
  const remedy = "start a rotation, which gives the user its passwords anew";
  return failure("authentication", `the user has fewer passwords than ${needed}`, remedy);
}

async function only(rotation: Rotation, kept: Value, other: Value): Promise<Failure | null> {
  const pair = pairOf(rotation, kept, other);
  return isFailure(pair) ? pair : await letIn(rotation, pair.one, [pair.one.password]);
}

/** Two versions of one secret: the same user, and another password. */
function pairOf(rotation: Rotation, a: Value, b: Value): { one: CacheUser; other: CacheUser } | Failure {
  const [one, other] = [cacheUserOf(rotation, a), cacheUserOf(rotation, b)];
  if (isFailure(one)) return one;
  if (isFailure(other)) return other;
  if (one.password !== other.password) return { one, other };
  return failure("policy", "both versions hold the same password", "start a rotation");
}
