import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Configuration } from "../configuration/schema.ts";
import { day, type Instant } from "../instant.ts";
import { type Failure, failure, isFailure } from "./failure.ts";
import { fieldsOf, optionalField, type Value } from "./value.ts";

/** The certificate of a secret, with what was made sure of it: order, signatures, key. */
export interface Certificate {
  /** PEM, the certificate itself first, then those that vouch for it. */
  chain: readonly string[];
  /** PEM; null where the secret holds none. */
  privateKey: string | null;
  /** The names that it is for, sorted. */
  names: readonly string[];
  /** In hex, lower case. */
  serial: string;
  notBefore: Instant;
  /** The earliest end in the chain: from then on nobody trusts it. */
  notAfter: Instant;
  /** From its own beginning to its own end. */
  lifetimeMs: number;
}

/**
 * Reads the fields `certificate`, `chain` and `privateKey` of a JSON secret, or one text of PEM blocks. The chain must be in order,
 * each signed by the next, and the key must belong to the certificate. Whether the last one is trusted is not looked at.
 */
export function certificateOf(value: Pick<Value, "text">): Certificate | Failure {
  const blocks = blocksIn(pemOf(value));
  const chain = blocks.filter(({ label }) => label === "CERTIFICATE").map(({ pem }) => pem);
  const keys = blocks.filter(({ label }) => label.endsWith("PRIVATE KEY"));
  if (chain.length > maximumChain) return malformed(`it has more than ${maximumChain} certificates`);
  if (keys.length > 1) return malformed("it has several private keys");
  if (keys[0]?.label === "ENCRYPTED PRIVATE KEY") return malformed("its private key is encrypted");
  try {
    return examined(
      chain.map((pem) => new X509Certificate(pem)),
      chain,
      keys[0]?.pem ?? null,
    );
  } catch {
    // OpenSSL's messages may hold parts of what it could not read.
    return malformed("its PEM cannot be read");
  }
}

/** When it is to be renewed: so many days before its end, or that part of its lifetime before, whichever is less. */
export function renewAt(
  { notAfter, lifetimeMs }: Pick<Certificate, "notAfter" | "lifetimeMs">,
  { renewDaysBefore, renewLifetimeDividedBy }: Configuration["secrets"]["certificates"],
): Instant {
  return notAfter - Math.min(renewDaysBefore * day, lifetimeMs / renewLifetimeDividedBy);
}

const maximumChain = 10;

function pemOf(value: Pick<Value, "text">): string {
  const fields = fieldsOf(value);
  if (isFailure(fields)) return value.text;
  return ["certificate", "chain", "privateKey"].map((name) => optionalField(fields, name) ?? "").join("\n");
}

function blocksIn(text: string): { label: string; pem: string }[] {
  const found = text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----[A-Za-z0-9+/=\s:,.-]+?-----END \1-----/g);
  return [...found].map(([pem, label = ""]) => ({ label, pem }));
}

function examined(
  certificates: readonly X509Certificate[],
  chain: readonly string[],
  privateKey: string | null,
): Certificate | Failure {
  const [own, ...others] = certificates;
  if (own === undefined) return malformed("it holds no certificate");
  if (!others.every((issuer, index) => isIssuedBy(certificates[index], issuer))) {
    return malformed("its chain is not in order, or one of it did not sign the one before");
  }
  if (privateKey !== null && !own.checkPrivateKey(createPrivateKey(privateKey))) {
    return malformed("its private key belongs to another certificate");
  }
  const [from, to] = [own.validFromDate.getTime(), own.validToDate.getTime()];
  return {
    chain,
    privateKey,
    names: namesOf(own),
    serial: plainSerial(own.serialNumber),
    notBefore: Math.max(...certificates.map(({ validFromDate }) => validFromDate.getTime())),
    notAfter: Math.min(...certificates.map(({ validToDate }) => validToDate.getTime())),
    lifetimeMs: to - from,
  };
}

function isIssuedBy(certificate: X509Certificate | undefined, issuer: X509Certificate): boolean {
  return issuer.ca && certificate?.checkIssued(issuer) === true && certificate.verify(issuer.publicKey);
}

/** As ACM and OpenSSL write it, with colons or without. */
export function plainSerial(serial: string): string {
  return serial.replaceAll(":", "").toLowerCase().replace(/^0+/, "");
}

function namesOf({ subjectAltName, subject }: X509Certificate): string[] {
  const alternatives = (subjectAltName ?? "").split(", ").flatMap((entry) => {
    const [, name = ""] = /^(?:DNS|IP Address|URI|email):(.+)$/.exec(entry) ?? [];
    return name === "" ? [] : [name.toLowerCase()];
  });
  const [, common = ""] = /^CN=(.+)$/m.exec(subject) ?? [];
  return alternatives.length > 0 || common === "" ? alternatives.toSorted() : [common.toLowerCase()];
}

function malformed(message: string): Failure {
  const remedy = "store the certificate, its chain in order, and its unencrypted private key, as PEM";
  return failure("malformed", `its certificate: ${message}`, remedy);
}
