import { afterAll, beforeAll } from "vitest";
import { connectMysql } from "../../shared/secrets/databases/mysql.ts";
import type { Session } from "../../shared/secrets/outside.ts";
import { type MariaDb, missingMariaDb, startMariaDb } from "./mariadb-server.ts";
import { saysMissing } from "./missing.ts";

/** Whether there can be no MariaDB here; then it says why, in a line, for the suite that is skipped. */
export function withoutMariaDb(name: string): boolean {
  return saysMissing(name, "MariaDB", missingMariaDb());
}

/** A real MariaDB for the suite in which it is called, prepared by whoever may do everything there. */
export function runningMariaDb(prepare: (server: MariaDb, root: Session) => Promise<void>): void {
  let server: MariaDb | undefined;
  let root: Session | undefined;
  beforeAll(async () => {
    server = await startMariaDb();
    root = await connectMysql(server.root);
    await prepare(server, root);
  });
  afterAll(async () => {
    await root?.end();
    await server?.stop();
  });
}
