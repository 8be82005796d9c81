import { ImportCertificateCommand } from "@aws-sdk/client-acm";
import { day } from "../../shared/instant.ts";
import { createAcm } from "../../simulation/aws/acm.ts";
import { createElastiCache } from "../../simulation/aws/elasticache.ts";
import { createIam } from "../../simulation/aws/iam.ts";
import { createSts } from "../../simulation/aws/sts.ts";
import { createAuthority } from "./authority.ts";
import type { Scene } from "./crash-matrix.ts";
import { account, region, stage, start } from "./rotating.ts";
import { openHook } from "./strategies/hook.ts";
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

/** A key that a webhook makes: for one version always the same. */
export async function webhookScene(): Promise<Scene> {
  const hook = await openHook();
  const webhooks = { vendor: { url: hook.url, signingSecret: "hooks/signing-key" } };
  const made = await stage({ http: (request) => fetch(request) }, { webhooks });
  made.secrets.secret(await made.keep("the-hook's-key", {})).name = "hooks/signing-key";
  const tags = { "nightshift:kind": "api-key", "nightshift:strategy": "webhook", "nightshift:api": "vendor" };
  const arn = await made.keep(JSON.stringify({ key: "first-key" }), tags);
  const leftovers = async () => {
    const texts = [...made.secrets.secret(arn).versions.values()].map(({ value }) => value ?? "");
    return [...hook.keys].filter((key) => !texts.some((text) => text.includes(key)));
  };
  return { stage: made, arn, strategy: "webhook", leftovers, end: noEnd };
}

/** A certificate that a webhook issues, and that ACM serves: whatever happens, it serves the current one. */
export async function certificateScene(): Promise<Scene> {
  const authority = createAuthority({ name: "an authority", from: start - day, to: start + 3_650 * day });
  const issued = new Map<string, object>();
  let certificates = 0;
  const issue = () => {
    const to = start + (100 + 10 * ++certificates) * day;
    const own = authority.issue({ names: ["shop.example.com"], from: start - day, to });
    return { ...own, chain: authority.certificate };
  };
  const http = async (request: Request) => {
    const { step, token } = (await request.json()) as { step: string; token: string };
    if (step === "revoke") return Response.json({ revoked: true });
    const value = issued.get(token) ?? issue();
    issued.set(token, value);
    return Response.json({ value });
  };
  let now = () => start;
  const acm = createAcm({ now: () => now(), account, region });
  const webhooks = { issuer: { url: "https://issuer.example.com/", signingSecret: "hooks/signing-key" } };
  const made = await stage({ acm, http }, { webhooks });
  now = () => made.time.now;
  made.secrets.secret(await made.keep("the-hook's-key", {})).name = "hooks/signing-key";
  const first = issue();
  const bytes = (pem: string) => new TextEncoder().encode(pem);
  const input = { Certificate: bytes(first.certificate), PrivateKey: bytes(first.privateKey) };
  const { CertificateArn: acmArn = "" } = await acm.send(new ImportCertificateCommand(input));
  const tags = { "nightshift:kind": "certificate", "nightshift:api": "issuer" };
  const arn = await made.keep(JSON.stringify({ ...first, acmArn }), tags);
  const leftovers = async () => {
    const versions = [...made.secrets.secret(arn).versions.values()];
    const current = versions.find(({ stages }) => stages.has("AWSCURRENT"))?.value ?? "";
    const served = acm.certificates.get(acmArn)?.pem ?? "";
    return current.includes(JSON.stringify(served).slice(1, -1)) ? [] : ["ACM serves another one than the current"];
  };
  return { stage: made, arn, strategy: "certificate", leftovers, end: noEnd };
}
