import { randomBytes } from "node:crypto";
import { ImportCertificateCommand } from "@aws-sdk/client-acm";
import { day } from "../../../shared/instant.ts";
import { cachingSha2Hash, newSalt } from "../../../shared/secrets/databases/mysql-hash.ts";
import type { Outside } from "../../../shared/secrets/outside.ts";
import { createAcm } from "../../../simulation/aws/acm.ts";
import { createElastiCache } from "../../../simulation/aws/elasticache.ts";
import { createIam } from "../../../simulation/aws/iam.ts";
import { createSts } from "../../../simulation/aws/sts.ts";
import { textOf } from "../../databases/secret.ts";
import { toldMysql } from "../../databases/told-mysql.ts";
import { createAuthority } from "../authority.ts";
import { account, region, type Stage, stage, start } from "../rotating.ts";
import { marked } from "./marks.ts";
import type { Scene } from "./walk.ts";

// A marked secret of each strategy that needs no database server.

export const scenes: Readonly<Record<string, () => Promise<Scene>>> = {
  random: () => textScene("random", marked("value")),
  "signing-key": () => {
    const current = { id: "first", key: `${marked("key")}${"k".repeat(20)}`, createdAt: new Date(start).toISOString() };
    return textScene("signing-key", JSON.stringify({ current, previous: null }));
  },
  "iam-access-key": iamScene,
  "elasticache-user": elastiCacheScene,
  http: httpScene,
  webhook: webhookScene,
  certificate: certificateScene,
  "mysql-dual": mysqlDualScene,
};

export async function textScene(strategy: string, text: string): Promise<Scene> {
  const made = await stage();
  return { stage: made, arn: await made.keep(text, tagsOf("api-key", strategy)) };
}

async function iamScene(): Promise<Scene> {
  let now = () => start;
  const iam = createIam({ now: () => now(), account });
  const made = await stage({ iam, sts: createSts(iam) });
  now = () => made.time.now;
  iam.putUser("robot");
  const key = iam.putKey("robot");
  key.secret = marked("aws-key");
  const text = JSON.stringify({ userName: "robot", accessKeyId: key.id, secretAccessKey: key.secret });
  return { stage: made, arn: await made.keep(text, tagsOf("service-account", "iam-access-key")) };
}

async function elastiCacheScene(): Promise<Scene> {
  let now = () => start;
  const cache = createElastiCache({ now: () => now(), changeMs: () => 0 });
  const made = await stage({ elasticache: cache });
  now = () => made.time.now;
  const password = marked("cache-password");
  cache.putUser("shop-1", "shop", [password]);
  const user_arn = `arn:aws:elasticache:${region}:${account}:user:shop-1`;
  const text = JSON.stringify({ username: "shop", password, user_arn, host: "cache.example.com" });
  const tags = { ...tagsOf("api-key", "elasticache-user"), "nightshift:user": "shop-1" };
  return { stage: made, arn: await made.keep(text, tags) };
}

/** An API that makes whatever key it is asked for, and knows those that it made. */
async function httpScene(): Promise<Scene> {
  const [first, token] = [marked("api-key"), marked("api-administrator")];
  const keys = new Map([["id-0", first]]);
  const answer = async ({ method, url, headers }: Request): Promise<Response> => {
    const { pathname } = new URL(url);
    const bearer = headers.get("authorization")?.replace("Bearer ", "") ?? "";
    if (pathname === "/me") return new Response("{}", { status: [...keys.values()].includes(bearer) ? 200 : 401 });
    if (bearer !== token) return new Response(bearer, { status: 401 });
    if (method === "DELETE") return new Response(null, { status: keys.delete(pathname.slice(6)) ? 204 : 404 });
    const id = `id-${headers.get("idempotency-key")}`;
    if (!keys.has(id)) keys.set(id, marked("made-by-api"));
    return new Response(JSON.stringify({ data: { id, secret: keys.get(id) } }), { status: 201 });
  };
  const made = await stage({ http: answer });
  const authorization = "Bearer {{administrator.token}}";
  const url = "https://api.example.com";
  made.configuration.secrets.apis = {
    vendor: {
      ...{ administrator: "shop/secret-0", identifiers: ["keyId"] },
      create: {
        ...{ method: "POST", url: `${url}/keys`, body: '{"name": "{{secret}}"}' },
        headers: { authorization, "idempotency-key": "{{token}}" },
        takes: { key: "/data/secret", keyId: "/data/id" },
      },
      test: { method: "GET", url: `${url}/me`, headers: { authorization: "Bearer {{tested.key}}" } },
      revoke: { method: "DELETE", url: `${url}/keys/{{dead.keyId}}`, headers: { authorization } },
    },
  };
  await made.keep(JSON.stringify({ token }), {});
  const tags = { ...tagsOf("api-key", "http"), "nightshift:api": "vendor" };
  return { stage: made, arn: await made.keep(JSON.stringify({ key: first, keyId: "id-0", account: "shop" }), tags) };
}

async function webhookScene(): Promise<Scene> {
  const first = marked("hook-key");
  const working = new Set([first]);
  const given = new Map<string, string>();
  const made = await hookStage({}, (step, token, value) => {
    if (step === "test") return { works: working.has(String(value.key)) };
    if (step === "revoke") return { revoked: working.delete(String(value.key)) || true };
    const key = given.get(token) ?? marked("made-by-hook");
    given.set(token, key);
    working.add(key);
    return { value: { key } };
  });
  const tags = { ...tagsOf("api-key", "webhook"), "nightshift:api": "hook" };
  return { stage: made, arn: await made.keep(JSON.stringify({ key: first, account: "shop" }), tags) };
}

async function certificateScene(): Promise<Scene> {
  const authority = createAuthority({ name: "an authority", from: start - day, to: start + 3_650 * day });
  const issue = (days: number) =>
    authority.issue({ names: ["shop.example.com"], from: start - day, to: start + days * day });
  const acm = createAcm({ now: () => start, account, region });
  const [first, next] = [issue(10), { ...issue(90), chain: authority.certificate }];
  const bytes = (pem: string) => new TextEncoder().encode(pem);
  const { CertificateArn: acmArn } = await acm.send(
    new ImportCertificateCommand({ Certificate: bytes(first.certificate), PrivateKey: bytes(first.privateKey) }),
  );
  const made = await hookStage({ acm }, (step) => (step === "create" ? { value: next } : { revoked: true }));
  const text = JSON.stringify({ ...first, chain: authority.certificate, acmArn });
  const tags = { ...tagsOf("certificate", "certificate"), "nightshift:api": "hook" };
  return { stage: made, arn: await made.keep(text, tags) };
}

/** A webhook behind every URL; its signing key is the first secret. */
async function hookStage(
  outside: Partial<Outside>,
  answer: (step: string, token: string, value: Record<string, unknown>) => object,
): Promise<Stage> {
  const http = async (request: Request): Promise<Response> => {
    const { step, token, value } = JSON.parse(await request.text());
    return new Response(JSON.stringify(answer(step, token, value)), { status: 200 });
  };
  const made = await stage({ ...outside, http });
  made.configuration.secrets.webhooks = {
    hook: { url: "https://hook.example.com/", signingSecret: "shop/secret-0" },
  };
  await made.keep(marked("signs-for-hook"), {});
  return made;
}

/** No server, but what the manual says of one. */
async function mysqlDualScene(): Promise<Scene> {
  const password = marked("mysql-password");
  const hash = cachingSha2Hash(
    password,
    newSalt((count) => randomBytes(count)),
  );
  const told = toldMysql(`0x${Buffer.from(hash, "latin1").toString("hex")}`);
  const made = await stage({ mysql: told.connect });
  const tls = { mode: "disable", authorities: null, serverName: null } as const;
  const target = { host: "db.example.com", port: 3306, user: "app", password, database: null, tls, timeoutMs: 1 };
  const keeper = { ...target, user: "keeper", password: marked("mysql-administrator") };
  const masterarn = await made.keep(textOf("mysql", keeper), {});
  const text = textOf("mysql", target, { masterarn });
  return { stage: made, arn: await made.keep(text, tagsOf("database-password", "mysql-dual")) };
}

export function tagsOf(kind: string, strategy: string): Record<string, string> {
  return { "nightshift:kind": kind, "nightshift:strategy": strategy };
}
