import { createHash, randomBytes } from "node:crypto";
import { connectMysql } from "../../../shared/secrets/databases/mysql.ts";
import { nativeHash } from "../../../shared/secrets/databases/mysql-hash.ts";
import { connectPostgres } from "../../../shared/secrets/databases/postgres.ts";
import { connectRedis } from "../../../shared/secrets/databases/redis.ts";
import { scramVerifier } from "../../../shared/secrets/databases/scram.ts";
import type { Outside, Target } from "../../../shared/secrets/outside.ts";
import type { MariaDb } from "../../databases/mariadb-server.ts";
import type { PostgresServer } from "../../databases/postgres-server.ts";
import type { Redis } from "../../databases/redis-server.ts";
import { textOf } from "../../databases/secret.ts";
import { stage } from "../rotating.ts";
import { marked } from "./marks.ts";
import { tagsOf } from "./scenes.ts";
import type { Scene } from "./walk.ts";

// A marked secret of each strategy of a real server. No password is told to a server by the scene itself: each is given as what
// the server would make of it, so that nothing is in its log by our own hand.

/** What is changed of the secret before it is rotated. */
export interface Broken {
  fields?: Readonly<Record<string, unknown>>;
  administrator?: Readonly<Record<string, unknown>>;
  /** Its administrator may do nothing. */
  isPowerless?: boolean;
  /** Put in the place of the whole text. */
  text?: (text: string) => string;
}

let users = 0;

export async function postgresScene(
  { superuser }: PostgresServer,
  strategy: string,
  broken: Broken = {},
): Promise<Scene> {
  const place = { ...superuser, user: `canary_${++users}`, password: marked("postgres-password") };
  const administrator = { ...superuser, user: `${place.user}_admin`, password: marked("postgres-administrator") };
  const verifier = ({ password }: Target) => scramVerifier(password, randomBytes(16));
  const session = await connectPostgres(superuser);
  const creates = broken.isPowerless === true ? "" : "CREATEROLE";
  await session.query(`CREATE ROLE ${administrator.user} LOGIN ${creates} PASSWORD '${verifier(administrator)}'`);
  if (creates !== "") await session.query(`SET SESSION AUTHORIZATION ${administrator.user}`);
  await session.query(`CREATE ROLE ${place.user} LOGIN PASSWORD '${verifier(place)}'`);
  await session.end();
  const more = { dbname: "postgres", sslservername: "localhost" };
  const own = { engine: "postgres", strategy, place, administrator, more };
  return await keep(own, { postgres: connectPostgres }, broken);
}

export async function mariaDbScene({ root }: MariaDb, strategy: string, broken: Broken = {}): Promise<Scene> {
  const place = { ...root, user: `canary${++users}`, password: marked("mariadb-password") };
  const administrator = { ...root, user: `${place.user}admin`, password: marked("mariadb-administrator") };
  const session = await connectMysql(root);
  for (const { user, password } of [place, administrator]) {
    await session.query(`CREATE USER ${user}@'%' IDENTIFIED VIA mysql_native_password USING '${nativeHash(password)}'`);
  }
  if (broken.isPowerless !== true)
    await session.query(`GRANT ALL PRIVILEGES ON *.* TO ${administrator.user}@'%' WITH GRANT OPTION`);
  await session.end();
  const engine = strategy === "mariadb-dual" ? "mariadb" : "mysql";
  return await keep({ engine, strategy, place, administrator, more: {} }, { mysql: connectMysql }, broken);
}

export async function redisScene({ root }: Redis, strategy: string, broken: Broken = {}): Promise<Scene> {
  const place = { ...root, user: `canary${++users}`, password: marked("redis-password") };
  const administrator = { ...root, user: `${place.user}admin`, password: marked("redis-administrator") };
  const session = await connectRedis(root);
  for (const { user, password } of [place, administrator]) {
    const hash = createHash("sha256").update(password).digest("hex");
    const isLess = broken.isPowerless === true && user === administrator.user;
    await session.command(["ACL", "SETUSER", user, "on", `#${hash}`, isLess ? "+ping" : "+@all", "~*"]);
  }
  await session.end();
  return await keep({ engine: "redis", strategy, place, administrator, more: {} }, { redis: connectRedis }, broken);
}

interface Own {
  engine: string;
  strategy: string;
  place: Target;
  administrator: Target;
  more: Record<string, unknown>;
}

async function keep(
  { engine, strategy, place, administrator, more }: Own,
  outside: Partial<Outside>,
  { fields = {}, administrator: changed = {}, text = (own) => own }: Broken,
): Promise<Scene> {
  const made = await stage(outside);
  const masterarn = await made.keep(textOf(engine, administrator, { ...more, ...changed }), {});
  const own = textOf(engine, place, { ...more, masterarn, ...fields });
  return { stage: made, arn: await made.keep(text(own), tagsOf("database-password", strategy)) };
}
