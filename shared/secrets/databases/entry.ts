import { type Failure, failure, isFailure } from "../failure.ts";
import { newPassword } from "../password.ts";
import type { Rotation } from "../strategy.ts";
import { type Fields, fieldsOf, type Value } from "../value.ts";
import { administratorOf } from "./administrator.ts";
import { type DatabaseTarget, type Engine, targetOf } from "./target.ts";

/** What a version of a database's secret says. */
export interface Entry {
  fields: Fields;
  target: DatabaseTarget;
}

export function entryOf(value: Value, engines: readonly Engine[]): Entry | Failure {
  const fields = fieldsOf(value);
  if (isFailure(fields)) return fields;
  const target = targetOf(fields);
  if (isFailure(target)) return target;
  if (engines.includes(target.engine)) return { fields, target };
  const problem = `the strategy is not one for the engine ${target.engine}`;
  return failure("malformed", problem, "correct the tag nightshift:strategy, or the field engine");
}

/** Both versions, which must be of one server. */
export function entriesOf(
  { current, pending }: { current: Value; pending: Value },
  engines: readonly Engine[],
): { current: Entry; pending: Entry } | Failure {
  const now = entryOf(current, engines);
  if (isFailure(now)) return now;
  const next = entryOf(pending, engines);
  if (isFailure(next)) return next;
  const isSameServer = now.target.host === next.target.host && now.target.port === next.target.port;
  if (isSameServer) return { current: now, pending: next };
  return failure("malformed", "the pending version is for another server", "let the rotation make the pending version");
}

/** Both versions, which must be of one user. */
export function entriesOfOneUser(
  versions: { current: Value; pending: Value },
  engines: readonly Engine[],
): { current: Entry; pending: Entry } | Failure {
  const entries = entriesOf(versions, engines);
  if (isFailure(entries)) return entries;
  return entries.current.target.user === entries.pending.target.user ? entries : otherUser;
}

export const otherUser: Failure = failure(
  "malformed",
  "the versions are of different users, which this strategy never makes",
  "let both have the same username, or choose the strategy that made them",
);

/** The secret's text with another password, and another user if it is said. */
export function renewed({ fields }: Entry, random: Rotation["outside"]["random"], user?: string): { text: string } {
  const changed = { ...fields, ...(user === undefined ? {} : { username: user }), password: newPassword(random) };
  return { text: JSON.stringify(changed) };
}

/** Who changes accounts: the administrator, or the user itself where none is named and the strategy allows it. */
export function changerOf(rotation: Rotation, { fields, target }: Entry): Promise<DatabaseTarget | Failure> {
  return Object.hasOwn(fields, "masterarn") ? administratorOf(rotation, fields, target) : Promise.resolve(target);
}

/** The current credential must have been let in before an administrator's is used: whoever wrote the secret must know what it is for. */
export function unproven(problem: Failure): Failure {
  return {
    ...problem,
    message: `the current credential does not log in, so nothing is changed: ${problem.message}`,
  };
}
