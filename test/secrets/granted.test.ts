import { ImportCertificateCommand } from "@aws-sdk/client-acm";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { day } from "../../shared/instant.ts";
import { isFailure } from "../../shared/secrets/failure.ts";
import { lentCheck } from "../../shared/secrets/granted.ts";
import type { Outside } from "../../shared/secrets/outside.ts";
import { strategyNamed } from "../../shared/secrets/strategies.ts";
import type { Check } from "../../shared/secrets/strategy.ts";
import { createAcm } from "../../simulation/aws/acm.ts";
import { createElastiCache } from "../../simulation/aws/elasticache.ts";
import { createIam } from "../../simulation/aws/iam.ts";
import { createSecretsManager } from "../../simulation/aws/secrets-manager.ts";
import { createSts } from "../../simulation/aws/sts.ts";
import { unreachable } from "../../simulation/databases/logins.ts";
import { createAuthority } from "./authority.ts";
import { noSettings, setStage, tokenOf } from "./strategies/stage.ts";

// Whoever plans may look at everything; the function that is deployed is held to tags.

const now = () => Date.UTC(2027, 0, 1);
const home = { now, account: "111122223333", region: "eu-west-1" };
const rotated = { "nightshift:rotated": "true" };

interface Asked {
  strategy: string;
  text: string;
  tags?: Readonly<Record<string, string>>;
  outside: Partial<Outside>;
  settings?: Partial<typeof noSettings> & object;
}

async function checksOf({ strategy: name, text, tags = {}, outside, settings = {} }: Asked): Promise<Check[]> {
  const stage = await setStage({ text, tags });
  const strategy = await strategyNamed(name, { ...noSettings, ...settings });
  const current = await stage.at("AWSCURRENT");
  if (isFailure(strategy) || current === null) throw new Error("there is nothing to look at");
  const rotation = stage.rotation(tokenOf(1));
  return await strategy.preflight({ ...rotation, outside: { ...rotation.outside, ...outside } }, current);
}

const lacking = (checks: readonly Check[]) =>
  checks.flatMap(({ failure }) => (failure?.failed === "privilege" ? [failure.remedy] : []));

test("an IAM user without the tag is told, with the command that tags", async () => {
  for (const tags of [{}, rotated]) {
    const iam = createIam(home);
    iam.putUser("robot", tags);
    const { id, secret } = iam.putKey("robot");
    const text = JSON.stringify({ userName: "robot", accessKeyId: id, secretAccessKey: secret });
    const checks = await checksOf({ strategy: "iam-access-key", text, outside: { iam, sts: createSts(iam) } });
    const command = "aws iam tag-user --user-name robot --tags Key=nightshift:rotated,Value=true";
    expect(lacking(checks)).toEqual(tags === rotated ? [] : [command]);
  }
});

test("an ElastiCache user without the tag is told, with the command that tags", async () => {
  const user_arn = "arn:aws:elasticache:eu-west-1:111122223333:user:cache";
  const text = JSON.stringify({ username: "cache", password: "first-password-0", user_arn });
  for (const tags of [{}, rotated]) {
    const elasticache = createElastiCache({ now });
    elasticache.putUser("cache", "cache", ["first-password-0"], tags);
    const asked = { text, tags: { "nightshift:user": "cache" }, outside: { elasticache } };
    const checks = await checksOf({ strategy: "elasticache-user", ...asked });
    const command = `aws elasticache add-tags-to-resource --resource-name ${user_arn} --tags Key=nightshift:rotated,Value=true`;
    expect(lacking(checks)).toEqual(tags === rotated ? [] : [command]);
  }
});

test("a certificate in ACM without the tag is told, with the command that tags; so is a signing secret", async () => {
  const authority = createAuthority({ name: "an authority", from: now() - day, to: now() + 3_650 * day });
  const issued = authority.issue({ names: ["shop.example.com"], from: now() - day, to: now() + 30 * day });
  const bytes = (pem: string) => new TextEncoder().encode(pem);
  for (const Tags of [undefined, [{ Key: "nightshift:rotated", Value: "true" }]]) {
    const acm = createAcm(home);
    const input = { Certificate: bytes(issued.certificate), PrivateKey: bytes(issued.privateKey), Tags };
    const { CertificateArn: acmArn } = await acm.send(new ImportCertificateCommand(input));
    const { secrets, arn } = await lent({});
    const webhooks = { issuer: { url: "https://issuer.example.com/", signingSecret: "lent" } };
    const checks = await checksOf({
      ...{ strategy: "certificate", text: JSON.stringify({ ...issued, chain: authority.certificate, acmArn }) },
      ...{ tags: { "nightshift:api": "issuer" }, outside: { acm, secrets }, settings: { webhooks } },
    });
    const command = `aws acm add-tags-to-certificate --certificate-arn ${acmArn} --tags Key=nightshift:rotated,Value=true`;
    expect(lacking(checks)).toEqual([tagging(arn), ...(Tags === undefined ? [command] : [])]);
  }
});

/** A secret that lends its credential. */
async function lent(tags: Readonly<Record<string, string>>) {
  const secrets = createSecretsManager(home);
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const made = await secrets.send(new CreateSecretCommand({ Name: "lent", SecretString: '{"token": "root"}', Tags }));
  return { secrets, arn: made.ARN ?? "" };
}

const tagging = (arn: string) =>
  `aws secretsmanager tag-resource --secret-id ${arn} --tags Key=nightshift:administrator,Value=true`;

describe("an administrator's secret without the tag is told, whether the database answers from here or not", () => {
  const nobody = async (): Promise<never> => {
    throw unreachable("db.internal");
  };
  test.each([
    ["postgres-alternating", "postgres"],
    ["postgres-single", "postgres"],
    ["mysql-alternating", "mysql"],
    ["mysql-single", "mysql"],
    ["mysql-dual", "mysql"],
    ["mariadb-dual", "mariadb"],
    ["redis-dual", "redis"],
  ])("%s", async (strategy, engine) => {
    for (const tag of [null, "nightshift:administrator", "nightshift:kind"]) {
      const { secrets, arn } = await lent(tag === null ? {} : { [tag]: "db.internal" });
      const fields = { engine, host: "db.internal", username: "app", password: "first", masterarn: arn };
      const outside = { postgres: nobody, mysql: nobody, redis: nobody, secrets };
      const checks = await checksOf({ strategy, text: JSON.stringify(fields), outside });
      expect(lacking(checks)).toEqual(tag === null ? [tagging(arn)] : []);
      const none = await checksOf({ strategy, text: JSON.stringify({ ...fields, masterarn: undefined }), outside });
      expect(lacking(none)).toEqual([]);
    }
  });
});

test("the secret that an API's description names is looked at", async () => {
  for (const isTagged of [false, true]) {
    const { secrets, arn } = await lent(isTagged ? { "nightshift:administrator": "true" } : {});
    const create = { method: "POST" as const, url: "https://vendor.example.com/keys", takes: { key: "/key" } };
    const test = { method: "GET" as const, url: "https://vendor.example.com/keys" };
    const checks = await checksOf({
      ...{ strategy: "http", text: '{"key": "first"}', tags: { "nightshift:api": "vendor" } },
      outside: { secrets, http: async () => new Response("{}") },
      settings: { apis: { vendor: { administrator: "lent", create, test } } },
    });
    expect(lacking(checks)).toEqual(isTagged ? [] : [tagging(arn)]);
  }
});

test("where nobody may look that is said, and is no failure; one that is not there is", async () => {
  const denied = Object.assign(new Error("not for you"), { name: "AccessDeniedException", $fault: "client" });
  const blind = { secrets: { send: async () => Promise.reject(denied) } };
  expect(await lentCheck(blind, "lent")).toMatchObject({ failure: null, isUnknown: true });
  const { secrets } = await lent({});
  expect((await lentCheck({ secrets }, "other")).failure).toMatchObject({ failed: "malformed" });
});
