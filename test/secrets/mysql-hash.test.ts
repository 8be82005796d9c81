import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import {
  cachingSha2Hash,
  isCachingSha2Of,
  nativeHash,
  newSalt,
  sha256Crypt,
} from "../../shared/secrets/databases/mysql-hash.ts";

test("the hash of mysql_native_password is the one that the manual prints for `mypass`", () => {
  expect(nativeHash("mypass")).toBe("*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4");
});

test.each([
  // What the C library prints.
  ["Hello world!", "saltstring", 5_000, "5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"],
  ["Hello world!", "saltstringsaltst", 10_000, "3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA"],
])("SHA-256-crypt of %j with the salt %j and %i rounds is the published one", (password, salt, rounds, digest) => {
  expect(sha256Crypt(password, Buffer.from(salt), rounds)).toBe(digest);
});

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
if (!hasOpenssl) process.stdout.write("SHA-256-crypt is not held against openssl: it is not installed\n");

test.skipIf(!hasOpenssl)(
  "SHA-256-crypt agrees with openssl on passwords of every length from 1 to 34, and about twice that",
  () => {
    const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~ /$";
    const passwords = [...Array(34).keys(), 62, 63, 64, 79].map((index) =>
      Array.from(randomBytes(index + 1), (byte) => characters.charAt(byte % characters.length)).join(""),
    );
    const { stdout } = spawnSync("openssl", ["passwd", "-5", "-salt", "sixteen-bytes-ab", "-stdin"], {
      input: `${passwords.join("\n")}\n`,
      encoding: "utf8",
    });
    const salt = Buffer.from("sixteen-bytes-ab");
    expect(passwords.map((each) => `$5$sixteen-bytes-ab$${sha256Crypt(each, salt, 5_000)}`)).toEqual(
      stdout.trim().split("\n"),
    );
  },
);

// A hash that a MySQL server stored, as hashcat publishes it for its mode 7401: salt and digest as hexadecimal digits.
const published = {
  password: "hashcat",
  salt: "F9CC98CE08892924F50A213B6BC571A2C11778C5",
  digest: "625479393559393965414D45316477456B484F41316E64484742577A2E3162785353526B7554584647562F",
};

test("the hash of caching_sha2_password is the one that a MySQL server stored, salt of 20 bytes and all", () => {
  const salt = Buffer.from(published.salt, "hex").toString("latin1");
  const stored = `$A$005$${salt}${Buffer.from(published.digest, "hex").toString("latin1")}`;
  expect(cachingSha2Hash(published.password, salt)).toBe(stored);
  expect(isCachingSha2Of(stored, published.password)).toBe(true);
  expect(isCachingSha2Of(stored, "other")).toBe(false);
  expect(isCachingSha2Of(`0x${Buffer.from(stored, "latin1").toString("hex")}`, published.password)).toBe(true);
});

test("what is no hash of caching_sha2_password is nobody's", () => {
  for (const stored of ["", "*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4", "0x", "$A$005$short"]) {
    expect(isCachingSha2Of(stored, "mypass")).toBe(false);
  }
});

test("a salt has 20 characters, and is another each time", () => {
  const salts = Array.from({ length: 50 }, () => newSalt((bytes) => randomBytes(bytes)));
  expect(new Set(salts).size).toBe(50);
  for (const salt of salts) expect(salt).toMatch(/^[A-Za-z0-9./]{20}$/);
});
