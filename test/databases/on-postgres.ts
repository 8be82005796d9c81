import { afterAll, beforeAll } from "vitest";
import { saysMissing } from "./missing.ts";
import { missingPostgres, type PostgresServer, startPostgres } from "./postgres-server.ts";

/** Whether there can be no PostgreSQL here; then it says why, in a line, for the suite that is skipped. */
export function withoutPostgres(name: string): boolean {
  return saysMissing(name, "PostgreSQL", missingPostgres());
}

/** A real PostgreSQL for the suite in which it is called. */
export function runningPostgres(): () => PostgresServer {
  let running: PostgresServer | undefined;
  beforeAll(async () => {
    running = await startPostgres();
  });
  afterAll(async () => {
    await running?.stop();
  });
  return () => {
    if (running === undefined) throw new Error("PostgreSQL did not start");
    return running;
  };
}
