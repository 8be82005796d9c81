import { administratorOf } from "../../databases/administrator.ts";
import { renewed, unproven } from "../../databases/entry.ts";
import {
  asAdministrator,
  login,
  loginFailure,
  passwordStatement,
  postgresEntry,
  silenced,
} from "../../databases/postgres-credentials.ts";
import { type Failure, isFailure } from "../../failure.ts";
import type { Rotation, Steps, Strategy, Versions } from "../../strategy.ts";
import type { Value } from "../../value.ts";
import { alternateOf, pairOf } from "./names.ts";
import { parityFailure } from "./parity.ts";
import { preflight } from "./preflight.ts";
import { adopt, look, obstacle, taken } from "./roles.ts";
import { settingsObstacle } from "./settings.ts";

export const strategy: Strategy = {
  name: "postgres-alternating",
  summary:
    "Two PostgreSQL users take turns: the one that is not in use gets a new password, and both act as the same role.",
  cost: null,
  steps,
  create,
  set,
  test,
  login,
  retire: (rotation, dead, current) => silenced(rotation, dead, "the previous credential", current),
  // What was set is the alternate's password, and whoever used the alternate before has lost it with its own retirement.
  abandon: async (rotation, pending, current) =>
    pending === null ? null : silenced(rotation, pending, "the pending credential", current),
  preflight,
};

function steps(_: Rotation, current: Value): Steps | Failure {
  const entry = postgresEntry(current, "the current credential");
  if (isFailure(entry)) return entry;
  const alternate = alternateOf(entry.target.user);
  if (isFailure(alternate)) return alternate;
  return {
    createSecret: "stores the name of the user that takes turns with the current one, and a new password",
    setSecret:
      "the administrator creates that user if it is missing, lets it act as the base role with all its settings, and sets its password as a SCRAM verifier",
    testSecret: "logs in as that user, and compares what it may do with what the current one may",
    finishSecret: "everybody who reads the secret gets that user; whoever has the previous one can still log in",
    retire: "the administrator takes the previous user's password away; its open connections stay",
  };
}

async function create({ outside }: Rotation, current: Value): Promise<{ text: string } | Failure> {
  const entry = postgresEntry(current, "the current credential");
  if (isFailure(entry)) return entry;
  const username = alternateOf(entry.target.user);
  return isFailure(username) ? username : renewed(entry, outside.random, username);
}

async function set({ outside }: Rotation, versions: Versions): Promise<Failure | null> {
  const pair = pairOf(versions.current, versions.pending);
  if (isFailure(pair)) return pair;
  const { target: pending } = pair.pending;
  const { target: current } = pair.current;
  const refusal = await loginFailure(outside, pending, "the pending credential");
  if (refusal?.failed !== "authentication") return refusal;
  // Whoever writes a secret must not have the administrator change a user whose password they do not know.
  const problem = await loginFailure(outside, current, "the current credential");
  if (problem !== null) return unproven(problem);
  const administrator = await administratorOf({ outside }, pair.current.fields, current);
  if (isFailure(administrator)) return administrator;
  return asAdministrator(outside, administrator, "READ WRITE", async (session) => {
    const { base } = pair;
    await taken(session, base);
    const sight = await look(session, base, pending.user);
    const names = { base, clone: pending.user };
    const isClone = pending.user !== base;
    const obstructed = obstacle(sight) ?? (isClone ? await settingsObstacle(session, sight, names) : null);
    if (obstructed !== null) return obstructed;
    if (isClone) await adopt(session, sight, names);
    await session.query(passwordStatement(pending.user, pending.password, outside.random));
    return null;
  });
}

async function test({ outside }: Rotation, { current, pending }: Versions): Promise<Failure | null> {
  const pair = pairOf(current, pending);
  return isFailure(pair) ? pair : parityFailure(outside, pair);
}
