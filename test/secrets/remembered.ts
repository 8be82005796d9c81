import { type FailureReason, failure } from "../../shared/secrets/failure.ts";
import type { Strategy } from "../../shared/secrets/strategy.ts";
import type { Value } from "../../shared/secrets/value.ts";

/** How each external call is made: a test counts them, and lets some of them be the last. */
export type Through = <Answer>(act: () => Promise<Answer>) => Promise<Answer>;

/** A database that lets in whoever knows one of its passwords, and a strategy for it that keeps the interface's promises. */
export function createDatabase(known: readonly string[]) {
  const passwords = new Set<string>(known);
  const database = {
    passwords,
    /** How logins fail that never reach it; null while it answers. */
    silence: null as FailureReason | null,
    /** Passwords whose user may log in, and lacks what the others may. */
    incomplete: new Set<string>(),
    /** Whether what is to be retired or abandoned goes on working, and what is said of it. */
    stubborn: null as FailureReason | null,
    logins: 0,
    /** What the strategy says otherwise than it would. */
    otherwise: {} as Partial<Strategy>,
    strategy: (through: Through): Strategy => strategyOf(database, through),
  };
  return database;
}

type Database = ReturnType<typeof createDatabase>;

function strategyOf(database: Database, through: Through): Strategy {
  const answered = (reason: FailureReason) => failure(reason, `the database: ${reason}`, "look at the database");
  const remove = ({ text }: Value) =>
    through(async () => {
      if (database.silence !== null) return answered(database.silence);
      if (database.stubborn !== null) return answered(database.stubborn);
      database.passwords.delete(text);
      return null;
    });
  return {
    name: "remembered",
    summary: "a password that a test remembers",
    cost: null,
    steps: () => ({ createSecret: "a", setSecret: "b", testSecret: "c", finishSecret: "d", retire: "e" }),
    create: async () => ({ text: "never" }),
    set: async () => null,
    test: async (_, { pending }) =>
      database.incomplete.has(pending.text) ? failure("privilege", "it may read no table", "grant it") : null,
    login: (_, { text }) =>
      through(async () => {
        database.logins++;
        if (database.silence !== null) return answered(database.silence);
        return database.passwords.has(text) ? null : answered("authentication");
      }),
    retire: (_, dead) => remove(dead),
    abandon: async (_, pending) => (pending === null ? null : await remove(pending)),
    preflight: async () => [],
    ...database.otherwise,
  };
}
