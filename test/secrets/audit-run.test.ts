import { InternalServiceError, type ListSecretsCommandOutput } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { day, hour, minute } from "../../shared/instant.ts";
import { changeRecord } from "../../shared/secrets/records.ts";
import { type AuditedAccount, createAuditedAccount } from "../../simulation/audited-account.ts";
import type { Secret } from "../../simulation/aws/secrets-manager-secret.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { createSecret } from "./audit-account.ts";
import { configurationWith, now, production, region } from "./audit-stage.ts";

const account = (options: { lagMs?: () => number } = {}) =>
  createAuditedAccount({ configuration: production, start: now, ...options });

const told = ({ findings }: AuditedAccount) =>
  findings.map(({ state, rule, resource }) => [state, rule, nameOf(resource)]);
const nameOf = (arn: string) =>
  arn
    .split(":")
    .at(-1)
    ?.replace(/-[^-]{6}$/, "");
const said = ({ log }: AuditedAccount) => log.map(({ message }) => message);
const wrong = (secret: Secret) => {
  secret.rotation = null;
};
const keyed = (name: string) => (secret: Secret) => {
  secret.keyId = name;
};

/** The next audit, a cadence later. */
async function nextAudit(audited: AuditedAccount, after = hour): Promise<void> {
  audited.clock.at += after;
  audited.findings.length = 0;
  audited.log.length = 0;
  await audited.audit();
}

describe("what is found is told once, and what is mended is cleared", () => {
  test("from the first audit to the last", async () => {
    const audited = await account();
    await createSecret(audited, "shop/good");
    await createSecret(audited, "shop/bad", wrong);
    await audited.audit();
    expect(told(audited)).toEqual([["raised", "no-rotation", "shop/bad"]]);
    expect(audited.findings[0]).toMatchObject({ version: 1, operation: "audit-secrets", severity: "P3" });
    expect(said(audited)).toContain("audit complete");
    expect(audited.log.at(-1)?.fields).toEqual({ counts: { verdicts: { OK: 2 }, rules: { "no-rotation": 1 } } });
    await nextAudit(audited);
    expect(told(audited)).toEqual([]);
    await nextAudit(audited, day);
    expect(told(audited)).toEqual([["raised", "no-rotation", "shop/bad"]]);
    const bad = audited.secretsManager.secret("shop/bad");
    bad.rotation = audited.secretsManager.secret("shop/good").rotation;
    audited.secretsManager.remember(bad);
    await nextAudit(audited);
    expect(told(audited)).toEqual([["cleared", "no-rotation", "shop/bad"]]);
    await nextAudit(audited);
    expect(told(audited)).toEqual([]);
  });

  test("of a secret that is deleted too, but not of one that the list merely does not show", async () => {
    const audited = await account();
    await createSecret(audited, "shop/gone", wrong);
    await createSecret(audited, "shop/hidden", wrong);
    await audited.audit();
    const gone = audited.secretsManager.secret("shop/gone");
    gone.deletedAt = audited.clock.at;
    audited.secretsManager.remember(gone);
    const { secrets } = audited.dependencies();
    const hiding = hide(secrets, "shop/hidden");
    audited.clock.at += hour;
    audited.findings.length = 0;
    await audited.audit({ secrets: hiding });
    expect(told(audited)).toEqual([["cleared", "no-rotation", "shop/gone"]]);
  });

  test("nothing is read twice within a cadence, however often it is started", async () => {
    const audited = await account();
    await createSecret(audited, "shop/bad", wrong);
    await audited.audit();
    const before = audited.calls.get("ListSecretsCommand");
    await nextAudit(audited, 30 * minute);
    expect(audited.calls.get("ListSecretsCommand")).toBe(before);
  });
});

/** A list without one of its secrets. */
function hide(secrets: { send: unknown }, name: string): ReturnType<AuditedAccount["dependencies"]>["secrets"] {
  const through = secrets.send as (command: unknown) => Promise<ListSecretsCommandOutput>;
  const send = async (command: unknown) => {
    const answer = await through(command);
    const SecretList = answer.SecretList?.filter(({ Name }) => Name !== name);
    return SecretList === undefined ? answer : { ...answer, SecretList };
  };
  return { send: send as ReturnType<AuditedAccount["dependencies"]>["secrets"]["send"] };
}

describe("the bus", () => {
  test("what it did not take is asked again; what it never takes is told by the next audit", async () => {
    const audited = await account();
    for (const name of ["a", "b", "c"]) await createSecret(audited, name, wrong);
    let refusals = 0;
    audited.refuses = ({ resource }) => nameOf(resource) === "a" && refusals++ < 2;
    await audited.audit();
    expect(
      told(audited)
        .map(([, , name]) => name)
        .toSorted(),
    ).toEqual(["a", "b", "c"]);
    audited.refuses = ({ resource }) => nameOf(resource) === "b";
    audited.clock.at += day;
    audited.findings.length = 0;
    await expect(audited.audit()).rejects.toThrow(
      /incomplete in 1 places, the first of them: 1 findings were not taken/,
    );
    expect(said(audited)).toContain("not audited");
    audited.refuses = () => false;
    await nextAudit(audited);
    expect(told(audited)).toEqual([["raised", "no-rotation", "b"]]);
  });

  test("takes ten with a call", async () => {
    const audited = await account();
    for (let index = 0; index < 25; index++) await createSecret(audited, `shop/${index}`, wrong);
    await audited.audit();
    expect(audited.calls.get("PutEventsCommand")).toBe(3);
    expect(audited.findings).toHaveLength(25);
  });
});

describe("what cannot be looked at does not stop the rest", () => {
  test.each([
    ["ListCertificatesCommand", "ACM's certificates could not be looked at: InternalServiceError"],
    ["ListServerCertificatesCommand", "IAM's server certificates could not be looked at: InternalServiceError"],
    ["DescribeKeyCommand", "the key alias/shop could not be looked at: InternalServiceError"],
    ["BatchGetSecretValueCommand", "the values of 1 certificates could not be looked at: InternalServiceError"],
    ["DescribeSecretCommand", "the replicas of shop/copied could not be looked at: InternalServiceError"],
  ])("%s", async (command, gap) => {
    const audited = await account();
    await createSecret(audited, "shop/bad", wrong);
    await createSecret(audited, "shop/keyed", keyed("alias/shop"));
    audited.kms.put("shop", { alias: "alias/shop" });
    await createSecret(audited, "shop/tls", () => {}, { "nightshift:kind": "certificate" });
    await createSecret(audited, "shop/copied", (secret) => {
      secret.primaryRegion = region;
    });
    const secretText = "what AWS says word for word";
    audited.fail = (name) =>
      name === command ? new InternalServiceError({ message: secretText, $metadata: {} }) : null;
    await expect(audited.audit()).rejects.toThrow(gap);
    expect(told(audited)).toContainEqual(["raised", "no-rotation", "shop/bad"]);
    expect(said(audited)).not.toContain("audit complete");
    expect(JSON.stringify([audited.log, audited.findings])).not.toContain(secretText);
  });

  test("an entry without what every secret has", async () => {
    const audited = await account();
    await createSecret(audited, "shop/odd");
    await createSecret(audited, "shop/bad", wrong);
    const odd = audited.secretsManager.secret("shop/odd");
    odd.createdAt = Number.NaN;
    audited.secretsManager.remember(odd);
    await expect(audited.audit()).rejects.toThrow("shop/odd: the list does not tell when it was created");
    expect(told(audited)).toEqual([["raised", "no-rotation", "shop/bad"]]);
  });
});

test("what there is no time for is handed over: the next run goes on there, and all is told once", async () => {
  const audited = await account();
  for (let index = 0; index < 250; index++) await createSecret(audited, `shop/${index}`, wrong);
  let pages = 0;
  const deadline = () => (pages++ < 1 ? audited.clock.at + hour : audited.clock.at);
  await audited.audit({ deadline });
  expect(said(audited)).toContain("audit handed over");
  expect(audited.findings).toHaveLength(200);
  audited.log.length = 0;
  await audited.audit();
  expect(said(audited)).toContain("audit complete");
  expect(new Set(audited.findings.map(({ resource }) => resource)).size).toBe(250);
  expect(audited.findings).toHaveLength(250);
});

test("each key is asked for once, and what its secrets suffer is told of each of them", async () => {
  const audited = await account();
  for (const name of ["a", "b", "c"]) await createSecret(audited, name, keyed("alias/gone"));
  await audited.audit();
  expect(audited.calls.get("DescribeKeyCommand")).toBe(1);
  expect(told(audited)).toEqual(["a", "b", "c"].map((name) => ["raised", "key-missing", name]));
});

test("a list that lags makes nothing better than it is", async () => {
  const audited = await account({ lagMs: () => 5 * minute });
  await createSecret(audited, "shop/database");
  const { arn } = audited.secretsManager.secret("shop/database");
  audited.clock.at += 91 * day;
  const ledger = { client: audited.dependencies().ledger, table: ledgerTable };
  const live = [{ version: "new", bornAt: audited.clock.at }];
  await changeRecord(
    ledger,
    arn,
    (record) => ({ ...record, live }),
    async () => {},
  );
  await audited.audit();
  // The list still shows the version that is dead by now as the current one, so the record proves nothing yet.
  expect(audited.log.at(-1)?.fields.counts).toMatchObject({ verdicts: { OVERDUE: 1 } });
});

test("the configuration's cadence decides how often it looks", async () => {
  const configuration = configurationWith({ findings: { cadences: { "audit-secrets": 1440 } } });
  const audited = await createAuditedAccount({ configuration, start: now });
  await createSecret(audited, "shop/bad", wrong);
  await audited.audit();
  await nextAudit(audited, 12 * hour);
  expect(said(audited)).toEqual([]);
  await nextAudit(audited, 12 * hour);
  expect(said(audited)).toContain("audit complete");
});
