import { createHash } from "node:crypto";
import { connectMysql } from "../../shared/secrets/databases/mysql.ts";
import { connectPostgres } from "../../shared/secrets/databases/postgres.ts";
import { connectRedis } from "../../shared/secrets/databases/redis.ts";
import type { Session } from "../../shared/secrets/outside.ts";
import { createElastiCache } from "../../simulation/aws/elasticache.ts";
import { createIam } from "../../simulation/aws/iam.ts";
import { createSts } from "../../simulation/aws/sts.ts";
import type { MariaDb } from "../databases/mariadb-server.ts";
import type { PostgresServer } from "../databases/postgres-server.ts";
import type { Redis } from "../databases/redis-server.ts";
import { textOf } from "../databases/secret.ts";
import type { Scene } from "./crash-matrix.ts";
import { as, estateOn } from "./postgres-estate.ts";
import { account, stage, start } from "./rotating.ts";
import { openVendor } from "./strategies/vendor.ts";

// A secret of each strategy about to be rotated, with what it opens.

const nothing = async () => [];
const noEnd = async () => {};

/** A value that only its readers agree on. */
export async function textScene(strategy: "random" | "signing-key"): Promise<Scene> {
  const made = await stage();
  const current = { id: "first", key: "k".repeat(43), createdAt: new Date(start).toISOString() };
  const text = strategy === "random" ? "first" : JSON.stringify({ current, previous: null });
  const tags = { "nightshift:kind": "api-key", "nightshift:strategy": strategy };
  return { stage: made, arn: await made.keep(text, tags), strategy, leftovers: nothing, end: noEnd };
}

export async function iamScene(): Promise<Scene> {
  let now = () => start;
  const iam = createIam({ now: () => now(), account });
  const made = await stage({ iam, sts: createSts(iam) });
  now = () => made.time.now;
  iam.putUser("robot");
  const { id, secret } = iam.putKey("robot");
  const text = JSON.stringify({ userName: "robot", accessKeyId: id, secretAccessKey: secret });
  const arn = await made.keep(text, { "nightshift:kind": "service-account" });
  const leftovers = async () => {
    const texts = [...made.secrets.secret(arn).versions.values()].map(({ value }) => value ?? "");
    return [...iam.keys.keys()]
      .filter((key) => !texts.some((each) => each.includes(key)))
      .map((key) => `the key ${key}`);
  };
  return { stage: made, arn, strategy: "iam-access-key", leftovers, end: noEnd };
}

export async function elastiCacheScene(): Promise<Scene> {
  let now = () => start;
  const elasticache = createElastiCache({ now: () => now() });
  const made = await stage({ elasticache });
  now = () => made.time.now;
  elasticache.putUser("cache", "cache", ["first-password-0"]);
  const user_arn = `arn:aws:elasticache:eu-west-1:${account}:user:cache`;
  const text = JSON.stringify({ username: "cache", password: "first-password-0", user_arn });
  const tags = { "nightshift:kind": "api-key", "nightshift:strategy": "elasticache-user", "nightshift:user": "cache" };
  return {
    stage: made,
    arn: await made.keep(text, tags),
    strategy: "elasticache-user",
    leftovers: nothing,
    end: noEnd,
  };
}

/** A key that an API makes, tests and revokes, on its word. */
export async function httpScene(): Promise<Scene> {
  const vendor = await openVendor();
  const made = await stage({ http: (request) => fetch(request) }, { apis: { vendor: vendor.api } });
  made.secrets.secret(await made.keep('{"token": "root"}', {})).name = "vendor/administrator";
  const arn = await made.keep(JSON.stringify({ key: "first-key", keyId: "id-0" }), {
    "nightshift:kind": "api-key",
    "nightshift:api": "vendor",
  });
  const leftovers = async () => {
    const texts = [...made.secrets.secret(arn).versions.values()].map(({ value }) => value ?? "");
    return [...vendor.keys.keys()]
      .filter((id) => !texts.some((each) => each.includes(`"${id}"`)))
      .map((id) => `key ${id}`);
  };
  return { stage: made, arn, strategy: "http", leftovers, end: noEnd };
}

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
  return { stage: made, arn, strategy, leftovers, end: noEnd };
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
  return { stage: made, arn, strategy, leftovers, end };
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
