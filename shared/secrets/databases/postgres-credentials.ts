import { type Failure, failure, isFailure } from "../failure.ts";
import type { Outside, Session } from "../outside.ts";
import type { Rotation } from "../strategy.ts";
import type { Value } from "../value.ts";
import { administratorOf } from "./administrator.ts";
import { type Entry, entryOf, unproven } from "./entry.ts";
import { postgresFailure } from "./postgres-failures.ts";
import { identifier, literal } from "./postgres-text.ts";
import { saltBytes, scramVerifier } from "./scram.ts";
import { within } from "./sessions.ts";
import type { DatabaseTarget } from "./target.ts";

// What both strategies of PostgreSQL do with a credential.

/** Of whom a failure speaks. A user's name is part of a secret, so it is never told. */
export type Who =
  | "the credential"
  | "the current credential"
  | "the pending credential"
  | "the previous credential"
  | "the administrator";

export function postgresEntry(value: Value, who: Who): Entry | Failure {
  const entry = entryOf(value, ["postgres"]);
  if (isFailure(entry)) return { ...entry, message: `${who}: ${entry.message}` };
  const { target } = entry;
  // The protocol ends a text there, so that what follows would be read as something else.
  if ([target.user, target.password, target.database].some((text) => text?.includes("\0"))) {
    return failure(
      "malformed",
      `${who}: a field holds a zero character`,
      "store a user, password and dbname without it",
    );
  }
  return entry;
}

/** As `Strategy.login`. */
export async function login({ outside }: Pick<Rotation, "outside">, value: Value): Promise<Failure | null> {
  const entry = postgresEntry(value, "the credential");
  return isFailure(entry) ? entry : loginFailure(outside, entry.target, "the credential");
}

/** Enters with that credential; what the driver throws meanwhile is a failure. */
export function inPostgres<Result>(
  { postgres }: Pick<Outside, "postgres">,
  target: DatabaseTarget,
  who: Who,
  use: (session: Session) => Promise<Result>,
): Promise<Result | Failure> {
  return within(postgres, target, (error) => postgresFailure(error, who), use);
}

/** Null when that credential is let in. */
export function loginFailure(outside: Outside, target: DatabaseTarget, who: Who): Promise<Failure | null> {
  return inPostgres(outside, target, who, async (session) => {
    await session.query("SELECT 1");
    return null;
  });
}

/**
 * One transaction of the administrator's: all of it happens, or nothing. A failure that is returned undoes it. Whatever users
 * have made in schemas of theirs is out of sight, and nothing is waited for longer than the connection would wait.
 */
export function asAdministrator<Result>(
  outside: Outside,
  administrator: DatabaseTarget,
  access: "READ ONLY" | "READ WRITE",
  use: (session: Session) => Promise<Result>,
): Promise<Result | Failure> {
  return inPostgres(outside, administrator, "the administrator", async (session) => {
    await session.query(`BEGIN ${access}`);
    const local = "SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)";
    const timeout = String(administrator.timeoutMs);
    await session.query(`${local}, pg_catalog.set_config('statement_timeout', $1, true)`, [timeout]);
    const result = await use(session);
    // Leaving without a word undoes what was begun.
    if (!isFailure(result)) await session.query("COMMIT");
    return result;
  });
}

/** The password itself is not in it. */
export function passwordStatement(user: string, password: string, random: Outside["random"]): string {
  return `ALTER ROLE ${identifier(user)} PASSWORD ${literal(scramVerifier(password, random(saltBytes)))}`;
}

/**
 * Makes a credential fail for good, by the administrator of `current`, and only if it is let in up to now. Whoever is connected
 * stays so. The user that `current` has is never touched, nor anything while `current` itself is not let in.
 */
export async function silenced(
  { outside }: Pick<Rotation, "outside">,
  value: Value,
  who: Who,
  current: Value,
): Promise<Failure | null> {
  const entry = postgresEntry(value, who);
  if (isFailure(entry)) return entry;
  const living = postgresEntry(current, "the current credential");
  if (isFailure(living)) return living;
  const dead = entry.target;
  const refusal = await loginFailure(outside, dead, who);
  if (refusal !== null) return refusal.failed === "authentication" ? null : refusal;
  if (dead.user === living.target.user && dead.host === living.target.host) return sameUser(who);
  const problem = await loginFailure(outside, living.target, "the current credential");
  if (problem !== null) return unproven(problem);
  const administrator = await administratorOf({ outside }, living.fields, dead);
  if (isFailure(administrator)) return administrator;
  const changed = await asAdministrator(outside, administrator, "READ WRITE", async (session) => {
    await session.query(`ALTER ROLE ${identifier(dead.user)} PASSWORD NULL`);
    return null;
  });
  return changed ?? provenDead(outside, dead, who);
}

async function provenDead(outside: Outside, dead: DatabaseTarget, who: Who): Promise<Failure | null> {
  const refusal = await loginFailure(outside, dead, who);
  if (refusal !== null) return refusal.failed === "authentication" ? null : refusal;
  return failure(
    "policy",
    `${who}: the server lets its user in without asking for the password`,
    "let pg_hba.conf ask this user for scram-sha-256",
  );
}

function sameUser(who: Who): Failure {
  return failure(
    "policy",
    `${who}: its user and password are those of the current one`,
    "rotate the secret: what is current cannot be made to fail",
  );
}
