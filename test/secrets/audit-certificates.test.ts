import { describe, expect, test } from "vitest";
import { day, hour } from "../../shared/instant.ts";
import { createAuditedAccount } from "../../simulation/audited-account.ts";
import { createSecret, selfSigned } from "./audit-account.ts";
import { now, production, region } from "./audit-stage.ts";

describe("certificates", () => {
  test("of secrets are read twenty at a time, and nothing of them is told but when they end", async () => {
    const audited = await createAuditedAccount({ configuration: production, start: Date.now() });
    const { pem, key } = selfSigned(20);
    for (let index = 0; index < 45; index++) {
      const tags = { "nightshift:kind": "certificate" };
      await createSecret(
        audited,
        `tls/${index}`,
        () => {},
        tags,
        JSON.stringify({ certificate: pem, privateKey: key }),
      );
    }
    for (let index = 0; index < 400; index++) await createSecret(audited, `shop/${index}`);
    audited.clock.at += 15 * day;
    await audited.audit();
    expect(audited.calls.get("BatchGetSecretValueCommand")).toBe(3);
    expect(audited.calls.get("GetSecretValueCommand")).toBeUndefined();
    const expiring = audited.findings.filter(({ rule }) => rule === "certificate-expiring");
    expect(expiring).toHaveLength(45);
    expect(expiring.every(({ severity }) => severity === "P1")).toBe(true);
    const everything = JSON.stringify([audited.log, audited.findings]);
    for (const piece of [pem.split("\n")[3], key.split("\n")[3]]) expect(everything).not.toContain(piece);
  });

  test("of ACM and IAM that are late are told, whatever their keys are, and cleared when they are gone", async () => {
    const audited = await createAuditedAccount({ configuration: production, start: now });
    const acm = `arn:aws:acm:${region}:111122223333:certificate`;
    const soon = { NotBefore: new Date(now - 370 * day), NotAfter: new Date(now + 20 * day) };
    const late = new Date(now + 200 * day);
    audited.acm.push(
      { CertificateArn: `${acm}/imported`, Type: "IMPORTED", KeyAlgorithm: "EC_prime256v1", InUse: true, ...soon },
      { CertificateArn: `${acm}/ineligible`, Type: "AMAZON_ISSUED", RenewalEligibility: "INELIGIBLE", ...soon },
      { CertificateArn: `${acm}/stuck`, Type: "AMAZON_ISSUED", RenewalEligibility: "ELIGIBLE", ...soon },
      { CertificateArn: `${acm}/fine`, Type: "IMPORTED", NotBefore: soon.NotBefore, NotAfter: late },
    );
    const server = { Path: "/", ServerCertificateName: "old", ServerCertificateId: "id" };
    audited.iam.push({
      ...server,
      Arn: "arn:aws:iam::111122223333:server-certificate/old",
      Expiration: new Date(now - day),
    });
    await audited.audit();
    expect(audited.findings.map(({ resource, severity }) => [resource.split("/").at(-1), severity])).toEqual([
      ["imported", "P2"],
      ["ineligible", "P2"],
      ["stuck", "P2"],
      ["old", "P1"],
    ]);
    audited.acm.length = 0;
    audited.iam.length = 0;
    audited.clock.at += hour;
    audited.findings.length = 0;
    await audited.audit();
    expect(audited.findings.map(({ state }) => state)).toEqual(["cleared", "cleared", "cleared", "cleared"]);
  });
});
