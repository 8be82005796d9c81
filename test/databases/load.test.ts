// Clients that log in as fast as they can while their secret is rotated: what is lost with each strategy. Beside those that
// lose nothing stand the two that do as AWS's template for a single user does: it changes the one password in setSecret, and
// whoever has read the secret before finishSecret is refused.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientCount, openClients } from "./load/clients.ts";
import { type Load, rotateUnder } from "./load/rotations.ts";
import { type Kept, keptOnMariaDb, keptOnPostgres } from "./load/secrets.ts";
import { type MariaDb, missingMariaDb, startMariaDb } from "./mariadb-server.ts";
import { missingPostgres, type PostgresServer, startPostgres } from "./postgres-server.ts";

/** With NIGHTSHIFT_DATABASES=1 a database that cannot be started is a failure, and there are as many rotations as in years. */
const isWhole = process.env.NIGHTSHIFT_DATABASES === "1";
const rotations = isWhole ? 100 : 5;
const rotationsWithLosses = isWhole ? 10 : 1;

const table: string[][] = [
  ["strategy", "rotations", "retired", "logins", "failed", "seconds", "by the server's codes"],
];

async function under({ stage, arn, enter }: Kept, strategy: string, times: number): Promise<Load> {
  const clients = openClients({ secrets: stage.outside.secrets, arn, enter });
  const load = await rotateUnder(clients, stage, arn, times).finally(() => clients.stop());
  const counts = [load.rotations, load.retired, load.logins, load.failed, load.seconds.toFixed(1)];
  table.push([strategy, ...counts.map(String), load.codes]);
  return load;
}

async function losesNothing(strategy: string, kept: Kept, times = rotations): Promise<void> {
  const load = await under(kept, strategy, times);
  expect(load.codes).toBe("");
  expect(load).toMatchObject({ rotations: times, retired: times, failed: 0 });
  // Some logins between each step and the next, and five of each client until it has read anew.
  expect(load.logins).toBeGreaterThan(times * clientCount * 5);
}

/** Only refusals count, and of those only the server's own: a broken connection would prove nothing. */
async function losesLogins(strategy: string, kept: Kept, code: string): Promise<void> {
  const load = await under(kept, strategy, rotationsWithLosses);
  expect(load.codes).toMatch(new RegExp(`^${code} × \\d+$`));
  expect(load.failed).toBeGreaterThan(0);
}

function on(name: string, missing: string | undefined, suite: () => void): void {
  if (missing === undefined) {
    describe(name, { timeout: 400_000 }, suite);
    return;
  }
  if (!isWhole) process.stdout.write(`rotations under load are not tried on ${name}: ${missing}\n`);
  test.skipIf(!isWhole)(`${name} can be started`, () => expect(missing).toBeUndefined());
}

on("PostgreSQL", missingPostgres(), () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  test("two users who take turns lose no login", async () => {
    const name = "postgres-alternating";
    await losesNothing(name, await keptOnPostgres(server, name));
  });
  test("one user loses logins", async () => {
    const name = "postgres-single";
    await losesLogins(name, await keptOnPostgres(server, name), "28P01");
  });
});

on("MariaDB", missingMariaDb(), () => {
  let server: MariaDb;
  beforeAll(async () => {
    server = await startMariaDb();
  });
  afterAll(() => server.stop());
  test("one user with two passwords loses no login", async () => {
    const name = "mariadb-dual";
    await losesNothing(name, await keptOnMariaDb(server, name));
  });
  test("two users who take turns lose no login", async () => {
    const name = "mysql-alternating";
    await losesNothing(name, await keptOnMariaDb(server, name), isWhole ? rotations / 10 : rotations);
  });
  test("one user loses logins", async () => {
    const name = "mysql-single";
    await losesLogins(name, await keptOnMariaDb(server, name), "ER_ACCESS_DENIED_ERROR");
  });
});

afterAll(() => {
  if (table.length === 1) return;
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length))) ?? [];
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  process.stdout.write(`${clientCount} clients log in while their secret is rotated:\n${lines.join("\n")}\n`);
});
