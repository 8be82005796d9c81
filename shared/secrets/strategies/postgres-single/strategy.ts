import { administratorGranted, administratorOf } from "../../databases/administrator.ts";
import { type Entry, renewed, unproven } from "../../databases/entry.ts";
import {
  asAdministrator,
  inPostgres,
  login,
  loginFailure,
  passwordStatement,
  postgresEntry,
  silenced,
} from "../../databases/postgres-credentials.ts";
import { currentChecks } from "../../databases/postgres-preflight.ts";
import type { DatabaseTarget } from "../../databases/target.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { Check, Rotation, Steps, Strategy, Versions } from "../../strategy.ts";
import type { Value } from "../../value.ts";

export const strategy: Strategy = {
  name: "postgres-single",
  summary:
    "One PostgreSQL user gets a new password, by its own hand, or by the administrator's where masterarn names one.",
  cost: "From setSecret to finishSecret whoever connects with the password that the secret still holds is refused; open connections stay.",
  steps,
  async create({ outside }, current) {
    const entry = postgresEntry(current, "the current credential");
    return isFailure(entry) ? entry : renewed(entry, outside.random);
  },
  set,
  async test({ outside }, { current, pending }) {
    const both = oneUser(current, pending);
    return isFailure(both) ? both : loginFailure(outside, both.pending.target, "the pending credential");
  },
  login,
  // A user has one password: with the new one the old one has ended. Another user is from another strategy's time.
  retire: (rotation, dead, current) => silenced(rotation, dead, "the previous credential", current),
  abandon,
  preflight,
};

function steps(_: Rotation, current: Value): Steps | Failure {
  const entry = postgresEntry(current, "the current credential");
  if (isFailure(entry)) return entry;
  return {
    createSecret: "stores a new password for the same user",
    setSecret: "sets the user's password as a SCRAM verifier; from here on the current password is refused",
    testSecret: "logs in with the new password",
    finishSecret: "everybody who reads the secret gets the new password",
    retire: "nothing: the previous password has ended with setSecret",
  };
}

async function set({ outside }: Rotation, versions: Versions): Promise<Failure | null> {
  const both = oneUser(versions.current, versions.pending);
  if (isFailure(both)) return both;
  const { current, pending } = both;
  const refusal = await loginFailure(outside, pending.target, "the pending credential");
  if (refusal?.failed !== "authentication") return refusal;
  const problem = await loginFailure(outside, current.target, "the current credential");
  if (problem !== null) return unproven(problem);
  return changed(outside, current, current.target, pending.target.password);
}

/** Gives the user its current password back. */
async function abandon({ outside }: Rotation, value: Value | null, currentValue: Value): Promise<Failure | null> {
  if (value === null) return null;
  const both = oneUser(currentValue, value);
  if (isFailure(both)) return both;
  const { current, pending } = both;
  const refusal = await loginFailure(outside, pending.target, "the pending credential");
  if (refusal !== null) return refusal.failed === "authentication" ? null : refusal;
  if (pending.target.password === current.target.password) return null;
  return changed(outside, current, pending.target, current.target.password);
}

/** By the administrator if `current` names one, else by the user itself, who is let in as `self`. */
async function changed(
  outside: Rotation["outside"],
  current: Entry,
  self: DatabaseTarget,
  password: string,
): Promise<Failure | null> {
  const statement = passwordStatement(self.user, password, outside.random);
  if (!hasAdministrator(current)) {
    return inPostgres(outside, self, "the current credential", async (session) => {
      await session.query(statement);
      return null;
    });
  }
  const administrator = await administratorOf({ outside }, current.fields, self);
  if (isFailure(administrator)) return administrator;
  return asAdministrator(outside, administrator, "READ WRITE", async (session) => {
    await session.query(statement);
    return null;
  });
}

function hasAdministrator({ fields }: Entry): boolean {
  return Object.hasOwn(fields, "masterarn");
}

async function preflight({ outside }: Rotation, value: Value): Promise<Check[]> {
  const entry = postgresEntry(value, "the current credential");
  if (isFailure(entry)) return [{ what: "secret", failure: entry, seen: "cannot be read" }];
  const checks: Check[] = [
    { what: "secret", failure: null, seen: "names a PostgreSQL server and a user" },
    ...(await currentChecks(outside, entry.target)),
  ];
  const granted = await administratorGranted(outside, entry.fields);
  if (checks.some((check) => check.failure !== null) || !hasAdministrator(entry)) return [...checks, ...granted];
  const administrator = await administratorOf({ outside }, entry.fields, entry.target);
  const problem = isFailure(administrator)
    ? administrator
    : await loginFailure(outside, administrator, "the administrator");
  return [
    ...checks,
    ...granted,
    { what: "administrator", failure: problem, seen: problem === null ? "logs in" : "cannot be used" },
  ];
}

function oneUser(currentValue: Value, pendingValue: Value): { current: Entry; pending: Entry } | Failure {
  const current = postgresEntry(currentValue, "the current credential");
  if (isFailure(current)) return current;
  const pending = postgresEntry(pendingValue, "the pending credential");
  if (isFailure(pending)) return pending;
  const [now, next] = [current.target, pending.target];
  if (next.user === now.user && next.host === now.host && next.port === now.port) return { current, pending };
  return failure(
    "policy",
    "the pending credential is for another user or server than the current one",
    "remove the stage AWSPENDING from that version, and rotate again",
  );
}
