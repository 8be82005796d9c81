import { createHash } from "node:crypto";
import { connectMysql } from "../../shared/secrets/databases/mysql.ts";
import { cachingSha2Hash, newSalt } from "../../shared/secrets/databases/mysql-hash.ts";
import { connectPostgres } from "../../shared/secrets/databases/postgres.ts";
import { connectRedis } from "../../shared/secrets/databases/redis.ts";
import type { Session, Target } from "../../shared/secrets/outside.ts";
import type { MariaDb } from "../databases/mariadb-server.ts";
import type { PostgresServer } from "../databases/postgres-server.ts";
import type { Redis } from "../databases/redis-server.ts";
import { textOf } from "../databases/secret.ts";
import { toldMysql } from "../databases/told-mysql.ts";
import type { Scene } from "./crash-matrix.ts";
import { as, estateOn } from "./postgres-estate.ts";
import { stage } from "./rotating.ts";

// A secret of each strategy of databases about to be rotated, with what it opens.

export async function postgresScene(
  server: PostgresServer,
  strategy: "postgres-alternating" | "postgres-single",
): Promise<Scene> {
  const made = await stage({ postgres: connectPostgres });
  const { base, clone, administrator, current, lent } = await estateOn(server);
  const masterarn = await made.keep(lent.text, { "nightshift:administrator": administrator.host });
  const text = JSON.stringify({ ...JSON.parse(current.text), masterarn });
  const arn = await made.keep(text, { "nightshift:kind": "database-password", "nightshift:strategy": strategy });
  const leftovers = async () => {
    const rows = await as(server.superuser, ({ query }) =>
      query("SELECT rolname FROM pg_roles WHERE rolname LIKE $1", [`${base}%`]),
    );
    const others = rows.map(({ rolname }) => String(rolname)).filter((name) => ![base, clone].includes(name));
    return others.map((name) => `the role ${name}`);
  };
  // Each look at privileges looks at every role that there is.
  const end = () =>
    as(server.superuser, async ({ query }) => {
      await query(`DROP SCHEMA ${base} CASCADE`);
      for (const role of [clone, base, administrator.user]) await query(`DROP ROLE IF EXISTS ${role}`);
    });
  const gap = strategy === "postgres-single" ? { hasGap: true as const } : {};
  return { stage: made, arn, strategy, leftovers, end, ...gap };
}

let users = 0;

export async function mariaDbScene(
  server: MariaDb,
  strategy: "mariadb-dual" | "mysql-alternating" | "mysql-single",
): Promise<Scene> {
  const made = await stage({ mysql: connectMysql });
  const user = `app${++users}`;
  const root = await connectMysql(server.root);
  await root.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'first'`);
  await root.query(`GRANT SELECT ON mysql.help_topic TO ${user}@'%'`);
  const engine = strategy === "mariadb-dual" ? "mariadb" : "mysql";
  const masterarn = await made.keep(textOf(engine, server.root), { "nightshift:administrator": server.root.host });
  const text = textOf(engine, { ...server.root, user, password: "first" }, { masterarn });
  const arn = await made.keep(text, { "nightshift:kind": "database-password", "nightshift:strategy": strategy });
  const leftovers = async () => {
    const held = await passwordsOf(root, user);
    const most = strategy === "mariadb-dual" ? 2 : 1;
    return held > most ? [`${held} passwords of ${user}`] : [];
  };
  const end = async () => {
    await root.query(`DROP USER IF EXISTS ${user}@'%', ${user}_clone@'%'`);
    await root.end();
  };
  const gap = strategy === "mysql-single" ? { hasGap: true as const } : {};
  return { stage: made, arn, strategy, leftovers, end, ...gap };
}

/** Each hash takes five thousand rounds: in every scene the same passwords are drawn, so that what opens what is known already. */
function drawn(): (bytes: number) => Uint8Array {
  let draws = 0;
  return (outputLength) => createHash("shake256", { outputLength }).update(String(++draws)).digest();
}

let firstHash: string | undefined;

/** No server: what MySQL's manual says of two passwords, told by a test. */
export async function toldMysqlScene(): Promise<Scene> {
  firstHash ??= Buffer.from(cachingSha2Hash("first", newSalt(drawn())), "latin1").toString("hex");
  const told = toldMysql(`0x${firstHash}`);
  const made = await stage({ mysql: told.connect, random: drawn() });
  const tls = { mode: "disable", authorities: null, serverName: null } as const;
  const target: Target = { host: "db", port: 3306, user: "app", password: "first", database: null, tls, timeoutMs: 1 };
  const lent = textOf("mysql", { ...target, user: "keeper", password: "k" });
  const masterarn = await made.keep(lent, { "nightshift:administrator": "db" });
  const tags = { "nightshift:kind": "database-password", "nightshift:strategy": "mysql-dual" };
  const arn = await made.keep(textOf("mysql", target, { masterarn }), tags);
  // It keeps two passwords and no more: a strange one would have taken the place of the current one, which then is refused.
  const leftovers = async () => [];
  return { stage: made, arn, strategy: "mysql-dual", leftovers, end: async () => {} };
}

async function passwordsOf(root: Session, user: string): Promise<number> {
  const [row = {}] = await root.query(`SHOW CREATE USER ${user}@'%'`);
  return String(Object.values(row)[0]).match(/\*[0-9A-F]{40}/g)?.length ?? 0;
}

export async function redisScene(server: Redis): Promise<Scene> {
  const made = await stage({ redis: connectRedis });
  const user = `app${++users}`;
  const root = await connectRedis(server.root);
  const first = createHash("sha256").update("first").digest("hex");
  await root.command(["ACL", "SETUSER", user, "on", `#${first}`, "+@all", "~*"]);
  const masterarn = await made.keep(textOf("redis", server.root), { "nightshift:administrator": server.root.host });
  const arn = await made.keep(textOf("redis", { ...server.root, user, password: "first" }, { masterarn }), {
    "nightshift:kind": "database-password",
  });
  const leftovers = async () => {
    const reply = await root.command(["ACL", "GETUSER", user]);
    const held = JSON.stringify(reply).match(/[0-9a-f]{64}/g)?.length ?? 0;
    return held > 2 ? [`${held} passwords of ${user}`] : [];
  };
  const end = async () => {
    await root.command(["ACL", "DELUSER", user]);
    await root.end();
  };
  return { stage: made, arn, strategy: "redis-dual", leftovers, end };
}
