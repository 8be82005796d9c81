import { randomBytes } from "node:crypto";
import { connectMysql } from "../../../shared/secrets/databases/mysql.ts";
import { connectPostgres } from "../../../shared/secrets/databases/postgres.ts";
import { scramVerifier } from "../../../shared/secrets/databases/scram.ts";
import type { Connect, Outside, Target } from "../../../shared/secrets/outside.ts";
import { type Stage, stage } from "../../secrets/rotating.ts";
import type { MariaDb } from "../mariadb-server.ts";
import type { PostgresServer } from "../postgres-server.ts";
import { textOf } from "../secret.ts";
import { targetIn } from "./clients.ts";

/** A secret whose user is on a real server, and the way in there. */
export interface Kept {
  stage: Stage;
  arn: string;
  enter: (text: string) => Promise<void>;
}

let users = 0;

/** A user of PostgreSQL, and an administrator who may create roles and no more: no superuser, as on RDS. */
export async function keptOnPostgres({ superuser }: PostgresServer, strategy: string): Promise<Kept> {
  const user = `load_${++users}`;
  const administrator = { ...superuser, user: `${user}_admin`, password: newPassword() };
  const place = { ...superuser, user, password: newPassword() };
  const session = await connectPostgres(superuser);
  const verifier = (password: string) => scramVerifier(password, randomBytes(16));
  await session.query(
    `CREATE ROLE ${administrator.user} LOGIN CREATEROLE PASSWORD '${verifier(administrator.password)}'`,
  );
  await session.query(`SET SESSION AUTHORIZATION ${administrator.user}`);
  await session.query(`CREATE ROLE ${user} LOGIN PASSWORD '${verifier(place.password)}'`);
  await session.end();
  const more = { dbname: "postgres", sslservername: "localhost" };
  return await keep({ engine: "postgres", strategy, administrator, place, more }, { postgres: connectPostgres });
}

/** A user of MariaDB, and an administrator who may do everything. */
export async function keptOnMariaDb({ root }: MariaDb, strategy: string): Promise<Kept> {
  const place = { ...root, user: `load${++users}`, password: newPassword() };
  const session = await connectMysql(root);
  await session.query(`CREATE USER ${place.user}@'%' IDENTIFIED BY '${place.password}'`);
  await session.end();
  const engine = strategy === "mariadb-dual" ? "mariadb" : "mysql";
  return await keep({ engine, strategy, administrator: root, place, more: {} }, { mysql: connectMysql });
}

interface Wanted {
  engine: string;
  strategy: string;
  administrator: Target;
  place: Target;
  more: Record<string, unknown>;
}

async function keep(
  { engine, strategy, administrator, place, more }: Wanted,
  way: Pick<Outside, "postgres"> | Pick<Outside, "mysql">,
): Promise<Kept> {
  const made = await stage(way);
  const tags = { "nightshift:administrator": administrator.host };
  const masterarn = await made.keep(textOf(engine, administrator, more), tags);
  const arn = await made.keep(textOf(engine, place, { ...more, masterarn }), {
    "nightshift:kind": "database-password",
    "nightshift:strategy": strategy,
  });
  const connect: Connect = "postgres" in way ? way.postgres : way.mysql;
  const enter = async (text: string): Promise<void> => {
    const session = await connect(targetIn(place, text));
    try {
      await session.query("SELECT 1");
    } finally {
      await session.end();
    }
  };
  return { stage: made, arn, enter };
}

const newPassword = () => randomBytes(16).toString("hex");
