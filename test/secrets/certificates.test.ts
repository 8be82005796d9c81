import { describe, expect, test } from "vitest";
import { day, type Instant, iso } from "../../shared/instant.ts";
import { type Certificate, certificateOf, renewAt } from "../../shared/secrets/certificates.ts";
import { isFailure } from "../../shared/secrets/failure.ts";
import { createAuthority } from "./authority.ts";

const start = Date.UTC(2027, 0, 1);
const root = createAuthority({ name: "the root", from: start - 365 * day, to: start + 3_650 * day });
const middle = root.intermediate({ name: "the one between", from: start - 100 * day, to: start + 60 * day });
const policy = { renewDaysBefore: 30, renewLifetimeDividedBy: 3 };

const issue = (days: number, from: Instant = start) =>
  middle.issue({ names: ["shop.example.com", "www.shop.example.com"], from, to: from + days * day });

function read(value: object | string): Certificate {
  const found = certificateOf({ text: typeof value === "string" ? value : JSON.stringify(value) });
  if (isFailure(found)) throw new Error(found.message);
  return found;
}

describe("a certificate", () => {
  const own = issue(45);
  const chain = middle.certificate + root.certificate;

  test("is read from the fields of a secret, or from one text", () => {
    const fields = read({ certificate: own.certificate, chain, privateKey: own.privateKey });
    expect(read(own.certificate + chain + own.privateKey)).toEqual(fields);
    expect(read({ certificate: own.certificate + chain, privateKey: own.privateKey })).toEqual(fields);
    expect(fields).toMatchObject({ names: ["shop.example.com", "www.shop.example.com"], lifetimeMs: 45 * day });
    expect(fields.chain).toHaveLength(3);
    expect(read(own.certificate)).toMatchObject({ privateKey: null });
  });

  test("ends when the first of its chain ends", () => {
    const long = issue(90);
    expect(read(long.certificate).notAfter).toBe(start + 90 * day);
    expect(read(long.certificate + middle.certificate).notAfter).toBe(start + 60 * day);
  });

  test.each([
    [6, "2027-01-05T00:00:00.000Z"],
    [45, "2027-01-31T00:00:00.000Z"],
    [90, "2027-03-02T00:00:00.000Z"],
    [398, "2028-01-04T00:00:00.000Z"],
  ])("that lives %i days is renewed from %s", (days, at) => {
    expect(iso(renewAt(read(issue(days).certificate), policy))).toBe(at);
  });

  test.each([
    ["no text at all", "", "it holds no certificate"],
    ["a key alone", own.privateKey, "it holds no certificate"],
    ["a chain the other way round", root.certificate + middle.certificate, "its chain is not in order"],
    ["a gap in the chain", own.certificate + root.certificate, "its chain is not in order"],
    ["one that is no authority in its chain", own.certificate + issue(45).certificate, "its chain is not in order"],
    ["the key of another", own.certificate + issue(45).privateKey, "its private key belongs to another certificate"],
    ["two keys", own.certificate + own.privateKey + own.privateKey, "it has several private keys"],
    [
      "an encrypted key",
      `${own.certificate}-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----`,
      "its private key is encrypted",
    ],
    [
      "what only looks like one",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
      "its PEM cannot be read",
    ],
    ["eleven", own.certificate.repeat(11), "it has more than 10 certificates"],
  ])("is not read from %s", (_, text, says) => {
    const found = certificateOf({ text });
    expect(isFailure(found) ? found.message : "read").toContain(`its certificate: ${says}`);
  });

  test("whose signature was made by another authority of the same name is not read", () => {
    const other = root.intermediate({ name: "the one between", from: start - 100 * day, to: start + 60 * day });
    const found = certificateOf({ text: own.certificate + other.certificate });
    expect(isFailure(found) ? found.message : "read").toContain("its chain is not in order");
  });
});
