import { createHash } from "node:crypto";

// What MySQL and MariaDB keep of a password. We compute it, so that a server is told the hash and never the password: whatever is
// in a statement is in the general log as well.

/** Of mysql_native_password: a star, and SHA1(SHA1(password)) in capital hexadecimal digits. */
export function nativeHash(password: string): string {
  const inner = createHash("sha1").update(password, "utf8").digest();
  return `*${createHash("sha1").update(inner).digest("hex").toUpperCase()}`;
}

export const saltLength = 20;
const thousandsOfRounds = 5;

/**
 * Of caching_sha2_password: `$A$005$`, a salt of 20 characters, and SHA-256-crypt over 5000 rounds. It stands in a statement as the
 * hexadecimal literal that MySQL takes since 8.0.17.
 * https://dev.mysql.com/doc/refman/8.4/en/caching-sha2-pluggable-authentication.html
 */
export function cachingSha2Hash(password: string, salt: string): string {
  if (Buffer.byteLength(salt, "latin1") !== saltLength) throw new RangeError(`a salt has ${saltLength} bytes`);
  const digest = sha256Crypt(password, Buffer.from(salt, "latin1"), thousandsOfRounds * 1000);
  return `$A$00${thousandsOfRounds}$${salt}${digest}`;
}

const saltAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./";

/** A salt of characters that no client and no terminal mangles: 120 bits. */
export function newSalt(random: (bytes: number) => Uint8Array): string {
  return Array.from(random(saltLength), (byte) => saltAlphabet.charAt(byte % saltAlphabet.length)).join("");
}

/** Whether `stored`, as SHOW CREATE USER tells it (as text, or as hexadecimal digits after 0x), is the password's. */
export function isCachingSha2Of(stored: string, password: string): boolean {
  const text = /^0x[0-9a-f]+$/i.test(stored) ? Buffer.from(stored.slice(2), "hex").toString("latin1") : stored;
  const match = /^\$A\$([0-9A-F]{3})\$([\s\S]{20})([./0-9A-Za-z]{43})$/.exec(text);
  if (match === null) return false;
  const [, rounds = "", salt = "", digest = ""] = match;
  return sha256Crypt(password, Buffer.from(salt, "latin1"), Number.parseInt(rounds, 16) * 1000) === digest;
}

/**
 * The 43 characters that SHA-256-crypt ends in, for a salt of any length.
 * https://www.akkadia.org/drepper/SHA-crypt.txt
 */
export function sha256Crypt(password: string, salt: Uint8Array, rounds: number): string {
  const key = Buffer.from(password, "utf8");
  const mixed = sha256(key, salt, key);
  const first = [key, Buffer.from(salt), repeated(mixed, key.length)];
  for (let rest = key.length; rest > 0; rest >>= 1) first.push((rest & 1) === 1 ? mixed : key);
  const start = sha256(...first);
  const keyBytes = repeated(sha256(...Array.from({ length: key.length }, () => key)), key.length);
  const saltBytes = repeated(sha256(...Array.from({ length: 16 + start.readUInt8(0) }, () => salt)), salt.length);
  let digest = start;
  for (let round = 0; round < rounds; round++) {
    const isOdd = round % 2 === 1;
    const parts: Uint8Array[] = [isOdd ? keyBytes : digest];
    if (round % 3 !== 0) parts.push(saltBytes);
    if (round % 7 !== 0) parts.push(keyBytes);
    parts.push(isOdd ? digest : keyBytes);
    digest = sha256(...parts);
  }
  return encoded(digest);
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** `block` over and over, cut off at `length`. */
function repeated(block: Buffer, length: number): Buffer {
  return Buffer.alloc(length, block);
}

const digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Three bytes make four digits, the lowest first; which three is the specification's. */
function encoded(digest: Buffer): string {
  let text = "";
  for (let group = 0; group < 10; group++) {
    // Byte 0, 21, 12, 3, … leads; the next two are 10 and 20 places further, in a circle of thirty.
    const lead = (group * 21) % 30;
    text += digitsOf(
      (digest.readUInt8(lead) << 16) | (digest.readUInt8((lead + 10) % 30) << 8) | digest.readUInt8((lead + 20) % 30),
      4,
    );
  }
  return text + digitsOf((digest.readUInt8(31) << 8) | digest.readUInt8(30), 3);
}

function digitsOf(value: number, count: number): string {
  return Array.from({ length: count }, (_, place) => digits.charAt((value >> (6 * place)) & 63)).join("");
}
