import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { day, hour, type Instant, iso } from "../../shared/instant.ts";
import { mysqlHash } from "../databases/mariadb.ts";
import { redisHash } from "../databases/redis.ts";
import { functionArn, type SecretsAccount } from "./account.ts";
import { type EstateSecret, estateSecrets } from "./estate.ts";

/** Puts the example's secrets, and what they open, into an account: as old as they are, tagged, some with a rotation. */
export async function furnish(account: SecretsAccount, now: Instant): Promise<void> {
  const administrators = new Map<string, string>();
  for (const [host, server] of account.servers) {
    server.put("administrator", [mysqlHash("administrators-own"), redisHash("administrators-own")], now);
    const text = JSON.stringify({ host, username: "administrator", password: "administrators-own" });
    administrators.set(host, await keep(account, `administrators/${host}`, text, { "nightshift:administrator": host }));
  }
  for (const [index, secret] of estateSecrets.entries()) {
    const { name, kind, strategy, ageDays } = secret;
    const tags = { ...(kind && { "nightshift:kind": kind }), ...(strategy && { "nightshift:strategy": strategy }) };
    const bornAt = now - ageDays * day + index * hour;
    const arn = await keep(account, name, textOf(account, secret, administrators, bornAt), tags);
    const kept = account.secretsManager.secret(arn);
    Object.assign(kept, { createdAt: bornAt, changedAt: bornAt, accessedAt: now });
    for (const version of kept.versions.values()) version.createdAt = bornAt;
    // Some have their rotation from a construct, the others get it from the audit.
    if (index % 2 === 0 && kind !== null)
      kept.rotation = { enabled: true, functionArn, rules: { AutomaticallyAfterDays: 88 } };
    account.secretsManager.remember(kept);
  }
}

async function keep(
  { secretsManager }: SecretsAccount,
  Name: string,
  SecretString: string,
  tags: Readonly<Record<string, string>>,
): Promise<string> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const { ARN = "" } = await secretsManager.send(new CreateSecretCommand({ Name, SecretString, Tags }));
  return ARN;
}

/** What the secret holds; what it opens knows of it from then on. */
function textOf(
  { servers, iam }: SecretsAccount,
  { name, opens }: EstateSecret,
  administrators: ReadonlyMap<string, string>,
  bornAt: Instant,
): string {
  if (opens === "text") return `first value of ${name}`;
  if (opens === "signing-key") {
    const current = { id: "first", key: "first-key-of-the-example-estate-0123456789", createdAt: iso(bornAt) };
    return JSON.stringify({ current, previous: null });
  }
  if ("iamUser" in opens) {
    iam.putUser(opens.iamUser);
    const key = iam.putKey(opens.iamUser);
    key.createdAt = bornAt;
    return JSON.stringify({ userName: opens.iamUser, accessKeyId: key.id, secretAccessKey: key.secret });
  }
  const { engine, host, user } = opens;
  const password = `first-password-of-${user}`;
  servers.get(host)?.put(user, [engine === "redis" ? redisHash(password) : mysqlHash(password)], bornAt);
  return JSON.stringify({ engine, host, username: user, password, masterarn: administrators.get(host) });
}
