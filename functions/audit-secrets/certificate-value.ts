import { X509Certificate } from "node:crypto";
import { day, type Instant } from "../../shared/instant.ts";
import { type Failure, failure } from "../../shared/secrets/failure.ts";
import type { Lifetime } from "./observed.ts";

/** When the certificate in a secret ends: of a chain, the one that ends first. Nothing else of the text comes out of here. */
export function certificateOf(text: string, _now: Instant): Lifetime | Failure {
  const blocks = textsIn(text).flatMap((part) => part.match(pem) ?? []);
  if (blocks.length === 0) return failure("malformed", "its value holds no certificate", remedy);
  const lifetimes = blocks.slice(0, maximumChain).map(lifetimeOf);
  const read = lifetimes.filter((each) => each !== null);
  const [first] = read.toSorted((left, right) => left.notAfter - right.notAfter);
  if (first === undefined || read.length < lifetimes.length) {
    return failure("malformed", "a certificate in its value cannot be read", remedy);
  }
  return first;
}

const pem = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const remedy = "store the certificate and its chain as PEM, alone or in the fields of a JSON object";
const maximumChain = 20;

/** The text itself, or the texts of a JSON object's fields. */
function textsIn(text: string): string[] {
  if (!text.trimStart().startsWith("{")) return [text];
  try {
    const document: unknown = JSON.parse(text);
    return Object.values(Object(document)).filter((value) => typeof value === "string");
  } catch {
    return [];
  }
}

function lifetimeOf(block: string): Lifetime | null {
  try {
    const { validFrom, validTo } = new X509Certificate(block);
    const [notBefore, notAfter] = [Date.parse(validFrom), Date.parse(validTo)];
    return Number.isNaN(notAfter - notBefore)
      ? null
      : { notAfter, lifetimeMs: Math.max(0, notAfter - notBefore) || day };
  } catch {
    return null;
  }
}
