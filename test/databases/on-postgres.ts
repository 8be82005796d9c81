import { afterAll, beforeAll } from "vitest";
import { missingPostgres, type PostgresServer, startPostgres } from "./postgres-server.ts";

/** Whether there can be no PostgreSQL here; then it says why, in a line, for the suite that is skipped. */
export function withoutPostgres(name: string): boolean {
  const missing = missingPostgres();
  if (missing !== undefined) process.stdout.write(`${name}: not tried on PostgreSQL: ${missing}\n`);
  return missing !== undefined;
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
