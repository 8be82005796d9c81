import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** What PostgreSQL makes itself when nothing else is configured: scram_iterations. */
const iterations = 4096;
/** As PostgreSQL's own salts. */
export const saltBytes = 16;

/**
 * What PostgreSQL stores instead of a password, made here: a server that is given it never sees the password, so that neither
 * its log nor whoever reads its statements does. RFC 5802 and RFC 7677, in the form of pg_authid.rolpassword:
 * https://www.postgresql.org/docs/current/catalog-pg-authid.html
 */
export function scramVerifier(password: string, salt: Uint8Array): string {
  const salted = pbkdf2Sync(prepared(password), salt, iterations, 32, "sha256");
  const storedKey = createHash("sha256").update(keyed(salted, "Client Key")).digest("base64");
  const serverKey = keyed(salted, "Server Key").toString("base64");
  return `SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString("base64")}$${storedKey}:${serverKey}`;
}

function keyed(key: Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** What SASLprep (RFC 4013) makes of a password, as far as it changes one: ASCII stays as it is. */
function prepared(password: string): string {
  return password.replace(otherSpaces, " ").replace(mappedToNothing, "").normalize("NFKC");
}

/** RFC 3454, table C.1.2. */
const otherSpaces = /[\u{a0}\u{1680}\u{2000}-\u{200b}\u{202f}\u{205f}\u{3000}]/gu;
/** RFC 3454, table B.1. */
const mappedToNothing =
  /\u{ad}|\u{34f}|\u{1806}|[\u{180b}-\u{180d}]|\u{200c}|\u{200d}|\u{2060}|[\u{fe00}-\u{fe0f}]|\u{feff}/gu;
