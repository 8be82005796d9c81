import type { Entry } from "../../databases/entry.ts";
import { postgresEntry } from "../../databases/postgres-credentials.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { Value } from "../../value.ts";

const suffix = "_clone";
/** NAMEDATALEN - 1: PostgreSQL cuts off what is longer, and two names could become one. */
const maximumNameBytes = 63;

/** The user to whom everything belongs: the one without `_clone`. */
export function baseOf(user: string): string {
  return user.endsWith(suffix) && user !== suffix ? user.slice(0, -suffix.length) : user;
}

/** With whom a user takes turns. */
export function alternateOf(user: string): string | Failure {
  const base = baseOf(user);
  if (base !== user) return base;
  const clone = `${user}${suffix}`;
  if (Buffer.byteLength(clone) <= maximumNameBytes) return clone;
  return failure(
    "policy",
    `its user's name is too long to take turns with one that ends in ${suffix}`,
    `use a user whose name has ${maximumNameBytes - suffix.length} bytes at most, or the strategy postgres-single`,
  );
}

export interface Pair {
  current: Entry;
  pending: Entry;
  base: string;
}

/** The two that take turns. What is pending must be the other user of the same server: anything else was changed by hand. */
export function pairOf(current: Value, pending: Value): Pair | Failure {
  const from = postgresEntry(current, "the current credential");
  if (isFailure(from)) return from;
  const to = postgresEntry(pending, "the pending credential");
  if (isFailure(to)) return to;
  const alternate = alternateOf(from.target.user);
  if (isFailure(alternate)) return alternate;
  if (to.target.user !== alternate) {
    return failure("policy", "the pending user is not the one that takes turns with the current one", restart);
  }
  if (to.target.host !== from.target.host || to.target.port !== from.target.port) {
    return failure("policy", "the pending credential is for another server than the current one", restart);
  }
  return { current: from, pending: to, base: baseOf(from.target.user) };
}

const restart = "remove the stage AWSPENDING from that version, and rotate again";
