import { afterAll, beforeAll, describe, test } from "vitest";
import { type MariaDb, missingMariaDb, startMariaDb } from "../databases/mariadb-server.ts";
import { mariaDbScene } from "./database-scenes.ts";
import { holds, onServers, stride } from "./deaths.ts";

const noMariaDb = missingMariaDb();
if (noMariaDb !== undefined) process.stdout.write(`rotations on MariaDB are not tried: ${noMariaDb}\n`);

describe.skipIf(noMariaDb !== undefined)("on a MariaDB", onServers, () => {
  let server: MariaDb;
  beforeAll(async () => {
    server = await startMariaDb();
  });
  afterAll(() => server.stop());
  test("with two passwords", () => holds("mariadb-dual", () => mariaDbScene(server, "mariadb-dual"), stride));
  test("with two users", () => holds("mysql-alternating", () => mariaDbScene(server, "mysql-alternating"), stride));
  test("with one user", () => holds("mysql-single", () => mariaDbScene(server, "mysql-single"), stride));
});
