import { ImportCertificateCommand } from "@aws-sdk/client-acm";
import { describe, expect, test } from "vitest";
import { day } from "../../../shared/instant.ts";
import { certificateOf } from "../../../shared/secrets/certificates.ts";
import { isFailure } from "../../../shared/secrets/failure.ts";
import { strategy as certificate } from "../../../shared/secrets/strategies/certificate/strategy.ts";
import { createAcm, type SimulatedAcm } from "../../../simulation/aws/acm.ts";
import { createAuthority } from "../authority.ts";
import { everywhereCutOff, noSettings, rotate, type Stage, setStage, tokenOf } from "./stage.ts";

const start = Date.UTC(2027, 0, 1);
const authority = createAuthority({ name: "an authority", from: start - day, to: start + 3_650 * day });
const names = ["shop.example.com", "www.shop.example.com"];
const issue = (days: number, of: readonly string[] = names) =>
  authority.issue({ names: of, from: start - day, to: start + days * day });
const first = issue(10);

interface Wanted {
  issued?: object;
  text?: string;
  acm?: boolean;
}

interface Scene {
  stage: Stage;
  acm: SimulatedAcm;
  strategy: ReturnType<typeof certificate>;
  asked: string[];
}

const fieldsOf = (issued: { certificate: string; privateKey: string }) => ({ ...issued, chain: authority.certificate });

async function setScene({ issued = fieldsOf(issue(90)), text, acm: isInAcm = false }: Wanted = {}): Promise<Scene> {
  const acm = createAcm({ now: () => start, account: "111122223333", region: "eu-west-1" });
  const bytes = (pem: string) => new TextEncoder().encode(pem);
  const input = { Certificate: bytes(first.certificate), PrivateKey: bytes(first.privateKey) };
  const { CertificateArn } = await acm.send(new ImportCertificateCommand(input));
  const asked: string[] = [];
  const stage = await setStage({
    text: text ?? JSON.stringify({ ...fieldsOf(first), ...(isInAcm ? { acmArn: CertificateArn } : {}) }),
    ...{ kind: "certificate", tags: { "nightshift:api": "issuer" } },
    outside: () => ({
      acm,
      http: async (request) => {
        asked.push(await request.text());
        return new Response(JSON.stringify({ value: issued }), { status: 200 });
      },
    }),
  });
  await stage.put({ name: "hooks/signing-key", text: "the-hook's-key" });
  const url = "https://issuer.example.com/";
  const webhooks = { issuer: { url, signingSecret: "hooks/signing-key" } };
  return { stage, acm, strategy: certificate({ ...noSettings, webhooks }), asked };
}

async function endOf(stage: Stage): Promise<number | null> {
  const read = certificateOf({ text: (await stage.at("AWSCURRENT"))?.text ?? "" });
  return isFailure(read) ? null : (read.notAfter - start) / day;
}

describe("a certificate", () => {
  test("is followed by the next one, and the private key is shown to nobody", async () => {
    const { stage, strategy, asked } = await setScene();
    expect(await rotate(stage, strategy, tokenOf(1))).toBeNull();
    expect(await endOf(stage)).toBe(90);
    expect(asked.join()).toContain("BEGIN CERTIFICATE");
    expect(asked.join()).not.toContain("PRIVATE KEY");
  });

  test("in one text is followed by one text", async () => {
    const { stage, strategy } = await setScene({ text: first.certificate + authority.certificate + first.privateKey });
    expect(await rotate(stage, strategy, tokenOf(1))).toBeNull();
    expect((await stage.at("AWSCURRENT"))?.text).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(await endOf(stage)).toBe(90);
  });

  test.each([
    ["a shorter life", fieldsOf(issue(9)), "policy: the new certificate does not end later than the current one"],
    [
      "other names",
      fieldsOf(issue(90, ["shop.example.com"])),
      "policy: the new certificate is for other names than the current one",
    ],
    [
      "no key",
      { certificate: issue(90).certificate, privateKey: "" },
      "malformed: the new certificate has no private key",
    ],
    [
      "the key of another",
      { ...fieldsOf(issue(90)), privateKey: first.privateKey },
      "malformed: its certificate: its private key belongs to another certificate",
    ],
    [
      "a chain that did not sign it",
      {
        ...fieldsOf(issue(90)),
        chain: createAuthority({ name: "an authority", from: start, to: start + 99 * day }).certificate,
      },
      "malformed: its certificate: its chain is not in order, or one of it did not sign the one before",
    ],
    [
      "a beginning in the future",
      fieldsOf(authority.issue({ names, from: start + day, to: start + 90 * day })),
      "policy: the new certificate is not valid yet",
    ],
  ])("with %s is not even stored", async (_, issued, says) => {
    const { stage, strategy } = await setScene({ issued });
    const failed = await rotate(stage, strategy, tokenOf(1));
    expect(`${failed?.failed}: ${failed?.message}`).toBe(says);
    expect(await stage.at("AWSPENDING")).toBeNull();
  });

  test("that ended is dead, and nothing else is evidence of it", async () => {
    const { stage, strategy } = await setScene();
    const value = await stage.at("AWSCURRENT");
    if (value === null) throw new Error("no value");
    const rotation = stage.rotation(tokenOf(1));
    expect(await strategy.login(rotation, value)).toBeNull();
    expect(await strategy.login(rotation, { ...value, text: "gone" })).toMatchObject({ failed: "malformed" });
    stage.pass(10 * day);
    expect(await strategy.login(rotation, value)).toMatchObject({ failed: "authentication" });
  });
});

describe("a certificate that ACM serves", () => {
  const served = ({ acm }: Scene) => [...acm.certificates.values()].map(({ notAfter }) => (notAfter - start) / day);

  test("is imported to the same ARN, wherever the run is cut off", async () => {
    const scenes: Scene[] = [];
    const calls = await everywhereCutOff(
      async () => {
        const scene = await setScene({ acm: true });
        scenes.push(scene);
        return scene;
      },
      async (stage) => {
        const scene = scenes.at(-1);
        expect(scene === undefined ? [] : served(scene)).toEqual([90]);
        expect(await endOf(stage)).toBe(90);
      },
    );
    expect(calls).toBeGreaterThan(8);
  });

  test("is put back when the next one is abandoned", async () => {
    const scene = await setScene({ acm: true });
    const { stage, strategy } = scene;
    const current = await stage.at("AWSCURRENT");
    if (current === null) throw new Error("no value");
    const made = await strategy.create(stage.rotation(tokenOf(1)), current);
    if ("failed" in made) throw new Error(made.message);
    const pending = { ...current, version: tokenOf(1), text: made.text };
    expect(await strategy.set(stage.rotation(tokenOf(1)), { current, pending, previous: null })).toBeNull();
    expect(served(scene)).toEqual([90]);
    // The webhook of this scene does not say that it revoked; that comes after what matters.
    await strategy.abandon(stage.rotation(tokenOf(1)), pending, current);
    expect(served(scene)).toEqual([10]);
  });

  test("for other names, or made by ACM, is left alone", async () => {
    const scene = await setScene({ acm: true });
    const [record] = scene.acm.certificates.values();
    if (record === undefined) throw new Error("no certificate");
    scene.acm.certificates.set(record.arn, { ...record, names: ["bank.example.com"] });
    expect(await rotate(scene.stage, scene.strategy, tokenOf(1))).toMatchObject({ failed: "policy" });
    scene.acm.certificates.set(record.arn, { ...record, type: "AMAZON_ISSUED" });
    expect(await rotate(scene.stage, scene.strategy, tokenOf(1))).toMatchObject({ failed: "policy" });
    scene.acm.certificates.clear();
    expect(await rotate(scene.stage, scene.strategy, tokenOf(1))).toMatchObject({ failed: "malformed" });
  });
});

test("the certificate before stays valid where the issuer does not revoke, and the current one is never retired", async () => {
  const { stage } = await setScene();
  const create = {
    method: "POST" as const,
    url: "https://issuer.example.com/",
    takes: { certificate: "/certificate" },
  };
  const strategy = certificate({ ...noSettings, apis: { issuer: { create } } });
  const current = await stage.at("AWSCURRENT");
  if (current === null) throw new Error("no value");
  const dead = { ...current, text: JSON.stringify(fieldsOf(issue(5))) };
  expect(await strategy.retire(stage.rotation(tokenOf(1)), dead, current)).toBeNull();
  expect(await strategy.retire(stage.rotation(tokenOf(1)), current, current)).toMatchObject({ failed: "policy" });
});

test("a server certificate of IAM is told beforehand: it cannot be replaced in place", async () => {
  const { stage, strategy } = await setScene({
    text: JSON.stringify({ ...fieldsOf(first), iamServerCertificate: "shop" }),
  });
  const value = await stage.at("AWSCURRENT");
  if (value === null) throw new Error("no value");
  const checks = await strategy.preflight(stage.rotation(tokenOf(1)), value);
  expect(checks.map(({ what, failure }) => [what, failure?.failed ?? null])).toEqual([
    ["certificate", null],
    ["lent secret", "privilege"],
    ["iam", "policy"],
  ]);
});
