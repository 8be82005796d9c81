import { administratorGranted, administratorOf } from "../../databases/administrator.ts";
import type { Entry } from "../../databases/entry.ts";
import { asAdministrator, postgresEntry } from "../../databases/postgres-credentials.ts";
import { currentChecks } from "../../databases/postgres-preflight.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { Check, Rotation } from "../../strategy.ts";
import type { Value } from "../../value.ts";
import { alternateOf, baseOf } from "./names.ts";
import { look, obstacle, type Sight } from "./roles.ts";
import { settingsObstacle } from "./settings.ts";

/** Looks at all that a rotation would need, and only looks: what the administrator asks, it asks in a read-only transaction. */
export async function preflight({ outside }: Rotation, value: Value): Promise<Check[]> {
  const entry = postgresEntry(value, "the current credential");
  if (isFailure(entry)) return [{ what: "secret", failure: entry, seen: "cannot be read" }];
  const { target: current } = entry;
  const alternate = alternateOf(current.user);
  const checks: Check[] = [
    { what: "secret", failure: null, seen: "names a PostgreSQL server and a user" },
    isFailure(alternate)
      ? { what: "name", failure: alternate, seen: "too long" }
      : { what: "name", failure: null, seen: "leaves room for its alternate" },
    ...(await currentChecks(outside, current)),
  ];
  // As in setSecret: no administrator for whoever is not let in.
  const granted = await administratorGranted(outside, entry.fields);
  if (isFailure(alternate) || checks.some((check) => check.failure !== null)) return [...checks, ...granted];
  return [...checks, ...granted, ...(await administratorChecks(outside, entry, alternate))];
}

async function administratorChecks(
  outside: Rotation["outside"],
  { fields, target: current }: Entry,
  alternate: string,
): Promise<Check[]> {
  const administrator = await administratorOf({ outside }, fields, current);
  if (isFailure(administrator)) return [{ what: "administrator", failure: administrator, seen: "cannot be used" }];
  const base = baseOf(current.user);
  const isClone = alternate !== base;
  const looked = await asAdministrator(outside, administrator, "READ ONLY", async (session) => {
    const sight = await look(session, base, alternate);
    const settings = isClone ? await settingsObstacle(session, sight, { base, clone: alternate }) : null;
    // What is found wrong is no failure of looking.
    return { sight, problem: obstacle(sight) ?? settings };
  });
  if (isFailure(looked)) return [{ what: "administrator", failure: looked, seen: "cannot look" }];
  const { sight, problem } = looked;
  return [
    { what: "administrator", failure: null, seen: "logs in" },
    {
      what: "privileges",
      failure: problem,
      seen: problem === null ? `suffice on PostgreSQL ${Math.floor(sight.version / 10_000)}` : "do not suffice",
    },
    ownership(sight, isClone),
  ];
}

/** What a clone has made as itself, because others let it act so, the base role cannot use. */
function ownership({ user }: Sight, isClone: boolean): Check {
  const owned = isClone ? (user?.owned ?? 0) : 0;
  return {
    what: "ownership",
    failure: owned === 0 ? null : notTheBases(owned),
    seen: !isClone
      ? "the alternate is the base role"
      : user === null
        ? "the clone is not there yet"
        : `the clone owns ${owned} objects`,
  };
}

function notTheBases(owned: number): Failure {
  return failure(
    "privilege",
    `the alternate user owns ${owned} objects that the base role cannot alter`,
    "in each database: REASSIGN OWNED BY the user with _clone TO the user without it",
  );
}
