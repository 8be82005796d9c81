import { type Instant, iso } from "../instant.ts";
import { type Failure, failure, isFailure } from "./failure.ts";
import { type Fields, fieldsOf, textField, type Value } from "./value.ts";

// A secret that holds a key to sign with, and for a while the one before it. A version of a secret never changes, so the time
// at which the older key stops counting stands in the value beside it, and whoever verifies honours it.

export interface SigningKey {
  id: string;
  key: string;
  createdAt: Instant;
}

/** `current` signs. What `previous` has signed is accepted until then. */
export interface SigningKeys {
  current: SigningKey;
  previous: (SigningKey & { acceptedUntil: Instant }) | null;
}

/** The keys with which a signature may have been made, the likelier first. For whoever verifies, with a clock of their own. */
export function acceptedKeys({ current, previous }: SigningKeys, now: Instant): SigningKey[] {
  return previous !== null && now < previous.acceptedUntil ? [current, previous] : [current];
}

/** Reads `{ "current": { "id", "key", "createdAt" }, "previous": null or the same with "acceptedUntil" }`; times are ISO 8601. */
export function signingKeysOf(value: Pick<Value, "text">): SigningKeys | Failure {
  const fields = fieldsOf(value);
  if (isFailure(fields)) return fields;
  const current = keyOf(fields, "current");
  if (isFailure(current)) return current;
  if ((fields.previous ?? null) === null) return { current, previous: null };
  const previous = keyOf(fields, "previous");
  if (isFailure(previous)) return previous;
  const acceptedUntil = timeOf(fields, "previous", "acceptedUntil");
  return isFailure(acceptedUntil) ? acceptedUntil : { current, previous: { ...previous, acceptedUntil } };
}

/** The text of a secret that goes on holding what else it held. */
export function withSigningKeys(fields: Fields, { current, previous }: SigningKeys): string {
  const written = ({ id, key, createdAt }: SigningKey) => ({ id, key, createdAt: iso(createdAt) });
  return JSON.stringify({
    ...fields,
    current: written(current),
    previous: previous === null ? null : { ...written(previous), acceptedUntil: iso(previous.acceptedUntil) },
  });
}

function keyOf(fields: Fields, name: string): SigningKey | Failure {
  const inner = innerOf(fields, name);
  if (isFailure(inner)) return inner;
  const id = textField(inner, "id");
  if (isFailure(id)) return within(name, id);
  const key = textField(inner, "key");
  if (isFailure(key)) return within(name, key);
  const createdAt = timeOf(fields, name, "createdAt");
  return isFailure(createdAt) ? createdAt : { id, key, createdAt };
}

function innerOf(fields: Fields, name: string): Fields | Failure {
  const inner = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (typeof inner === "object" && inner !== null && !Array.isArray(inner)) return { ...inner };
  return failure("malformed", `its field ${name} is no object`, `store {"${name}": {"id", "key", "createdAt"}}`);
}

function timeOf(fields: Fields, name: string, field: string): Instant | Failure {
  const inner = innerOf(fields, name);
  if (isFailure(inner)) return inner;
  const text = textField(inner, field);
  if (isFailure(text)) return within(name, text);
  const at = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(at)) return at;
  const remedy = "state it as ISO 8601 in UTC, for example 2027-01-31T00:00:00Z";
  return failure("malformed", `its field ${name}.${field} is no time`, remedy);
}

function within(name: string, { failed, message, remedy }: Failure): Failure {
  return failure(failed, `in ${name}: ${message}`, remedy);
}
