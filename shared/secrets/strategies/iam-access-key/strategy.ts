import { type Failure, failure, isFailure } from "../../failure.ts";
import { userCheck } from "../../granted.ts";
import type { Check, Rotation, Strategy } from "../../strategy.ts";
import type { Value } from "../../value.ts";
import { abandonKey, createKey } from "./create.ts";
import { deactivate, identityFailure, listKeys, type UserKey, userKeyOf } from "./keys.ts";

/** The access key of an IAM user, which may have two: for the grace both work. */
export const strategy: Strategy = {
  name: "iam-access-key",
  summary: "makes a second access key for the same IAM user, and deactivates the first after the grace",
  cost: null,
  steps: (_, current) => {
    const own = userKeyOf(current);
    if (isFailure(own)) return own;
    return {
      createSecret: "deletes the key that was retired last, if nobody used it since, and makes a new key for the user",
      setSecret: "nothing: a new key works from the start",
      testSecret: "asks AWS who the new key is, until it is known everywhere",
      finishSecret: "makes the new key the current one; both work",
      retire: "deactivates the previous key; the next rotation deletes it",
    };
  },
  create: async (rotation, current) => {
    const own = userKeyOf(current);
    if (isFailure(own)) return own;
    const made = await createKey(rotation, own);
    if (isFailure(made)) return made;
    const fields = { ...made.fields, accessKeyId: made.id, secretAccessKey: made.secret };
    return { text: JSON.stringify(fields) };
  },
  set: async () => null,
  test: async ({ outside }, { current, pending }) => {
    const [before, after] = [userKeyOf(current), userKeyOf(pending)];
    if (isFailure(before)) return before;
    if (isFailure(after)) return after;
    return differenceOf(before, after) ?? (await identityFailure(outside, after, testAttempts));
  },
  login: async ({ outside }, value) => {
    const key = userKeyOf(value);
    return isFailure(key) ? key : await identityFailure(outside, key, loginAttempts);
  },
  retire: async ({ outside }, dead, current) => {
    const [before, after] = [userKeyOf(dead), userKeyOf(current)];
    if (isFailure(before)) return before;
    if (isFailure(after)) return after;
    return differenceOf(after, before) ?? (await deactivate(outside, before.user, before.id));
  },
  abandon: async (rotation, pending, current) => {
    const own = userKeyOf(current);
    if (isFailure(own)) return own;
    if (pending === null) return await abandonKey(rotation, own, null);
    const made = userKeyOf(pending);
    if (isFailure(made)) return made;
    return made.user === own.user ? await abandonKey(rotation, own, made.id) : differenceOf(own, made);
  },
  preflight,
};

// A key is known everywhere after some ten seconds; `pause` waits less than half a second each time.
const testAttempts = 60;
const loginAttempts = 5;

/** Of two versions of one secret: the same user, and another key. */
function differenceOf(one: UserKey, other: UserKey): Failure | null {
  if (one.user !== other.user) {
    return failure("policy", "its versions name different IAM users", "store one user in all versions");
  }
  if (one.id !== other.id) return null;
  return failure("policy", "both versions hold the same access key", "start a rotation");
}

async function preflight({ outside }: Rotation, current: Value): Promise<Check[]> {
  const own = userKeyOf(current);
  if (isFailure(own)) return [{ what: "value", failure: own, seen: "no access key" }];
  const stranger = await identityFailure(outside, own, 1);
  const login = { what: "login", failure: stranger, seen: stranger === null ? "the key works" : "it does not" };
  const listed = await listKeys(outside, own.user);
  if (isFailure(listed)) return [login, { what: "keys", failure: listed, seen: "they could not be listed" }];
  const isThere = listed.some(({ id, isActive }) => id === own.id && isActive);
  const remedy = "store the key that is used";
  const problem = isThere ? null : failure("policy", "its access key is not an active one of its user", remedy);
  const keys = { what: "keys", failure: problem, seen: `${listed.length} of 2` };
  return [login, keys, await userCheck(outside, own.user)];
}
