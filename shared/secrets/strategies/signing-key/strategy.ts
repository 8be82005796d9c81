import { hour, iso } from "../../../instant.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import { readStage } from "../../reading.ts";
import { type SigningKeys, signingKeysOf, withSigningKeys } from "../../signing-keys.ts";
import type { Rotation, Strategy } from "../../strategy.ts";
import { fieldsOf } from "../../value.ts";

/** A key that signs, and the one before it, which verifies for as long as the grace. */
export const strategy: Strategy = {
  name: "signing-key",
  summary: "makes a new key to sign with; what the one before has signed is accepted until the grace is over",
  cost: "Nobody loses a login where verifiers accept the previous key until the time in the value; one that knows a single key refuses what the other one signed.",
  // Nobody is asked: what the value says of its keys is all that there is.
  provesDeath: false,
  steps: (rotation, current) => {
    const keys = signingKeysOf(current);
    if (isFailure(keys)) return keys;
    return {
      createSecret: `makes a new key; the present one verifies for ${rotation.graceHours} h more, which the value says`,
      setSecret: "nothing: whoever signs or verifies reads the secret",
      testSecret: "proves that the new value's previous key is the present one, and is accepted for long enough",
      finishSecret: "makes the new key the one that signs",
      retire: "proves that the previous key is accepted no longer",
    };
  },
  create: async (rotation, current) => {
    const fields = fieldsOf(current);
    if (isFailure(fields)) return fields;
    const keys = signingKeysOf(current);
    if (isFailure(keys)) return keys;
    const { outside, now, graceHours } = rotation;
    const made = { id: encoded(outside.random(9)), key: encoded(outside.random(keyBytes)), createdAt: now() };
    const previous = { ...keys.current, acceptedUntil: now() + graceHours * hour };
    return { text: withSigningKeys(fields, { current: made, previous }) };
  },
  set: async () => null,
  test: async (rotation, { current, pending }) => {
    const [before, after] = [signingKeysOf(current), signingKeysOf(pending)];
    if (isFailure(before)) return before;
    if (isFailure(after)) return after;
    return orderProblem(before, after) ?? overlapProblem(rotation, after);
  },
  login: async (rotation, value) => {
    const keys = signingKeysOf(value);
    if (isFailure(keys)) return keys;
    if (value.version !== rotation.token) return null;
    const current = await readStage(rotation.outside, rotation.secret.arn, "AWSCURRENT");
    if (isFailure(current)) return current;
    // Only of a version that is not promoted: of the current one the overlap is meant to end.
    return current === null || current.version === value.version ? null : overlapProblem(rotation, keys);
  },
  retire: async ({ now }, dead, current) => {
    const [before, after] = [signingKeysOf(dead), signingKeysOf(current)];
    if (isFailure(before)) return before;
    if (isFailure(after)) return after;
    const { id, key } = before.current;
    if (after.current.id === id || after.current.key === key) {
      return failure("policy", "the key to be retired is the one that signs", "start a rotation");
    }
    const { previous } = after;
    if (previous === null || previous.key !== key || previous.acceptedUntil <= now()) return null;
    return failure(
      "policy",
      `its previous key is accepted until ${iso(previous.acceptedUntil)}`,
      "nothing; it ends then",
    );
  },
  abandon: async () => null,
  preflight: async (_, current) => {
    const keys = signingKeysOf(current);
    return [{ what: "value", failure: isFailure(keys) ? keys : null, seen: isFailure(keys) ? "no keys" : "its keys" }];
  },
};

/** As many as the longest of HMAC-SHA256, -384 and -512 asks for. https://www.rfc-editor.org/rfc/rfc7518#section-3.2 */
const keyBytes = 64;

function encoded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

function orderProblem(before: SigningKeys, after: SigningKeys): Failure | null {
  const follows = after.previous?.id === before.current.id && after.previous.key === before.current.key;
  const isNew = after.current.key !== before.current.key && after.current.id !== before.current.id;
  if (follows && isNew) return null;
  return failure("policy", "the new value does not follow the current one", "start the rotation again");
}

/**
 * A rotation that lay for long would be promoted when the older key counts no more, and everything that it signed would be refused
 * at once. So such a version proves that it does not work.
 */
function overlapProblem({ now, graceHours }: Pick<Rotation, "now" | "graceHours">, keys: SigningKeys): Failure | null {
  const least = now() + (graceHours * hour) / 2;
  if (keys.previous === null || keys.previous.acceptedUntil >= least) return null;
  const message = "more than half of the time is over in which its previous key is accepted";
  return failure("authentication", message, "start the rotation again");
}
