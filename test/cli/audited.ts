import type { Connected } from "../../cli/connection.ts";
import { day } from "../../shared/instant.ts";
import { changeRecord } from "../../shared/secrets/records.ts";
import { type AuditedAccount, createAuditedAccount } from "../../simulation/audited-account.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { createSecret } from "../secrets/audit-account.ts";
import { production, region } from "../secrets/audit-stage.ts";

// An account for the commands that look at all of its secrets, and their way to it.

export const identity = { Account: "111122223333", Arn: "arn:aws:iam::111122223333:user/carol" };

/** An account with a secret of each sort, and a word in every value that must come out nowhere. */
export async function estate(): Promise<AuditedAccount> {
  const audited = await createAuditedAccount({ configuration: production, start: Date.now() - 100 * day });
  await createSecret(audited, "shop/old", (secret) =>
    Object.assign(secret, { rotation: null, accessedAt: Date.now() }),
  );
  await createSecret(audited, "shop/rotated", (secret) =>
    Object.assign(secret, { accessedAt: Date.now(), nextRotationAt: Date.now() + day }),
  );
  await createSecret(audited, "=cmd|'/c calc'!A1", () => {}, {});
  await createSecret(audited, "shop/owned", (secret) => Object.assign(secret, { owningService: "rds" }));
  await createSecret(audited, "shop/tls", () => {}, { "nightshift:kind": "certificate" });
  audited.clock.at = Date.now();
  const { arn, versions } = audited.secretsManager.secret("shop/rotated");
  const [version = ""] = versions.keys();
  const ledger = { client: audited.dependencies().ledger, table: ledgerTable };
  const live = [{ version, bornAt: Date.now() - 20 * day }];
  await changeRecord(
    ledger,
    arn,
    (record) => ({ ...record, live }),
    async () => {},
  );
  audited.calls.clear();
  return audited;
}

export function connected(audited: AuditedAccount): () => Promise<Connected> {
  const { secrets, acm, iam, kms, ledger } = audited.dependencies();
  const sts = { send: async () => identity };
  return async () => ({ region, secrets, acm, iam, kms, ledger, sts: sts as unknown as Connected["sts"] });
}
