import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Instant } from "../../shared/instant.ts";

// An authority that issues real certificates, of whatever lifetime a test wants: X.509 written out in DER.
// https://www.rfc-editor.org/rfc/rfc5280#section-4.1

export interface Issued {
  certificate: string;
  privateKey: string;
}

export interface Authority extends Issued {
  issue(wanted: { names: readonly string[]; from: Instant; to: Instant }): Issued;
  /** One below it. */
  intermediate(wanted: { name: string; from: Instant; to: Instant }): Authority;
}

interface Party {
  name: string;
  keys: { publicKey: KeyObject; privateKey: KeyObject };
}

export function createAuthority(wanted: { name: string; from: Instant; to: Instant }): Authority {
  const own = newParty(wanted.name);
  return authorityOf(own, certify({ subject: own, issuer: own, names: [], isAuthority: true, ...wanted }));
}

function authorityOf(own: Party, certificate: string): Authority {
  return {
    certificate,
    privateKey: pemOfKey(own),
    issue({ names, from, to }) {
      const subject = newParty(names[0] ?? "");
      const issued = certify({ subject, issuer: own, names, isAuthority: false, from, to });
      return { certificate: issued, privateKey: pemOfKey(subject) };
    },
    intermediate({ name, from, to }) {
      const subject = newParty(name);
      return authorityOf(subject, certify({ subject, issuer: own, names: [], isAuthority: true, from, to }));
    },
  };
}

function newParty(name: string): Party {
  return { name, keys: generateKeyPairSync("ec", { namedCurve: "prime256v1" }) };
}

function pemOfKey({ keys }: Party): string {
  return keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

interface Contents {
  subject: Party;
  issuer: Party;
  names: readonly string[];
  isAuthority: boolean;
  from: Instant;
  to: Instant;
}

let issued = 0;

function certify({ subject, issuer, names, isAuthority, from, to }: Contents): string {
  const algorithm = sequence(identifier([1, 2, 840, 10045, 4, 3, 2]));
  const extensions = [
    extension([2, 5, 29, 19], sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : []))),
    ...(names.length === 0
      ? []
      : [extension([2, 5, 29, 17], sequence(...names.map((name) => der(0x82, Buffer.from(name)))))]),
  ];
  const contents = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, ...Buffer.from((++issued).toString(16).padStart(8, "0"), "hex")])),
    algorithm,
    nameOf(issuer),
    sequence(timeOf(from), timeOf(to)),
    nameOf(subject),
    subject.keys.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", contents, issuer.keys.privateKey);
  const whole = sequence(contents, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function extension(id: readonly number[], value: Buffer): Buffer {
  return sequence(identifier(id), der(0x04, value));
}

function nameOf({ name }: Party): Buffer {
  return sequence(der(0x31, sequence(identifier([2, 5, 4, 3]), der(0x0c, Buffer.from(name)))));
}

function timeOf(at: Instant): Buffer {
  return der(0x18, Buffer.from(new Date(at).toISOString().replace(/[-T:]|\.\d+/g, "")));
}

function identifier([first = 0, second = 0, ...rest]: readonly number[]): Buffer {
  const bytes = rest.flatMap((value) => {
    const digits = [value & 0x7f];
    for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
