import { canonicalJson } from "../../shared/evidence/canonical.ts";
import { type EvidenceFile, type Link, type Pack, seal } from "../../shared/evidence/pack.ts";
import { verifyEvidence } from "../../shared/evidence/verify.ts";
import { hour } from "../../shared/instant.ts";

// A small chain of evidence, and what may become of it.

export type Files = ReadonlyMap<string, Buffer>;

const start = Date.parse("2026-03-10T12:00:00Z");

export function rendered({ report }: Pack): string | null {
  return `# Backups\n\n${canonicalJson(report)}\n`;
}

/** So many packs, an hour apart, each of three files. */
export function packs(count: number, region = "eu-west-1"): { files: Files; links: Link[] } {
  const files: EvidenceFile[] = [];
  const links: Link[] = [];
  for (let number = 0; number < count; number++) {
    const report = { number, resources: [{ arn: `arn:aws:s3:::ö${number}`, verdict: "MET", ageSeconds: 1.5 }] };
    const sealed = seal({
      ...{ operation: "verify-backups", environment: "production", at: start + number * hour, account: "111122223333" },
      ...{ region, previous: links.at(-1) ?? null, report, markdown: `# Backups\n\n${canonicalJson(report)}\n` },
    });
    files.push(sealed.pack, sealed.markdown, sealed.manifest);
    links.push(sealed.link);
  }
  return { files: new Map(files.map(({ key, body }) => [key, Buffer.from(body)])), links };
}

export function verify(files: Files, options: { after?: string; isRendered?: boolean } = {}) {
  const given = [...files].map(([path, bytes]) => ({ path, read: () => bytes }));
  const render = (pack: Pack) => (options.isRendered === false ? null : rendered(pack));
  return verifyEvidence(given, { after: options.after ?? null, render });
}

export function having(files: Files, path: string, bytes: Buffer | null): Files {
  const changed = new Map(files);
  if (bytes === null) changed.delete(path);
  else changed.set(path, bytes);
  return changed;
}

export function flippedAt(bytes: Buffer, at: number, mask = 1): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
  return changed;
}

export function spliced(bytes: Buffer, at: number, removed: number, inserted = ""): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(inserted), bytes.subarray(at + removed)]);
}
