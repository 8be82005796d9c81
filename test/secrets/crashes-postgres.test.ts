import { describe, test } from "vitest";
import { runningPostgres, withoutPostgres } from "../databases/on-postgres.ts";
import { postgresScene } from "./database-scenes.ts";
import { holds, onServers, stride } from "./deaths.ts";

describe.skipIf(withoutPostgres("deaths"))("on a PostgreSQL", onServers, () => {
  const server = runningPostgres();
  test("with two users", () =>
    holds("postgres-alternating", () => postgresScene(server(), "postgres-alternating"), stride));
  test("with one user", () => holds("postgres-single", () => postgresScene(server(), "postgres-single"), stride));
});
