import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import type { Configuration } from "../shared/configuration/schema.ts";
import { day, type Instant } from "../shared/instant.ts";
import { json } from "../shared/ledger/rows.ts";
import { commit } from "../shared/ledger/store.ts";
import { blankSecretRecord, type SecretRecord } from "../shared/secrets/record.ts";
import { type AuditedAccount, createAuditedAccount, rotateFunction } from "../simulation/audited-account.ts";
import { ledgerTable } from "../simulation/table.ts";

/** What is wrong with every so many secrets; the others are as they should be. */
export const sorts = ["untagged", "unrotated", "overdue", "stuck", "unused", "recorded", "fine"] as const;
export type Sort = (typeof sorts)[number];

/** Of twenty secrets one each has something wrong, a quarter is recorded, the rest is young. */
export function sortOf(index: number): Sort {
  const place = index % 20;
  return sorts[place] ?? (place < 10 ? "recorded" : "fine");
}

/** Which rule finds it; null for what is fine. */
export const ruleOf: Record<Sort, string | null> = {
  untagged: "kind-unknown",
  unrotated: "no-rotation",
  overdue: "overdue",
  stuck: "stuck-pending",
  unused: "unused",
  recorded: null,
  fine: null,
};

const age = 40 * day;

/** So many secrets that are forty days old, each of its sort, and what the ledger knows of some of them. */
export async function estateOf(configuration: Configuration, count: number, start: Instant): Promise<AuditedAccount> {
  const account = await createAuditedAccount({ configuration, start: start - age });
  const records: { arn: string; version: string; bornAt: Instant }[] = [];
  for (let index = 0; index < count; index++) {
    const sort = sortOf(index);
    const Name = `team-${index % 50}/service-${index}/credential`;
    const Tags = sort === "untagged" ? [] : [{ Key: "nightshift:kind", Value: "api-key" }];
    await account.secretsManager.send(new CreateSecretCommand({ Name, SecretString: "x", Tags }));
    const secret = account.secretsManager.secret(Name);
    if (sort !== "unrotated") {
      secret.rotation = { enabled: true, functionArn: rotateFunction, rules: { AutomaticallyAfterDays: 88 } };
      secret.nextRotationAt = start + 48 * day;
    }
    if (sort === "stuck") secret.versions.set("pending", pending(start));
    secret.accessedAt = sort === "unused" ? start - 91 * day : start;
    account.secretsManager.remember(secret);
    const [version = ""] = secret.versions.keys();
    if (sort === "overdue") records.push({ arn: secret.arn, version, bornAt: start - 91 * day });
    if (sort === "recorded") records.push({ arn: secret.arn, version, bornAt: start - 20 * day });
  }
  account.clock.at = start;
  await record(account, records);
  account.calls.clear();
  return account;
}

function pending(start: Instant) {
  return { value: null, stages: new Set(["AWSPENDING"]), createdAt: start - day };
}

/** As `changeRecord` writes them, a hundred at a time. */
async function record(account: AuditedAccount, records: { arn: string; version: string; bornAt: Instant }[]) {
  const ledger = { client: account.dependencies().ledger, table: ledgerTable };
  for (let from = 0; from < records.length; from += 100) {
    const writes = records.slice(from, from + 100).map(({ arn, version, bornAt }) => {
      const body: SecretRecord = { ...blankSecretRecord(arn), live: [{ version, bornAt }] };
      const key = { pk: { S: `secret#${arn}` }, sk: { S: "record" }, queue: { S: "secrets" }, order: { S: arn } };
      return { Put: { TableName: ledgerTable, Item: { ...key, version: { N: "1" }, body: json(body) } } };
    });
    await commit(ledger, writes);
  }
}
