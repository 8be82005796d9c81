import * as z from "zod/mini";
import { type Instant, iso } from "../instant.ts";
import { blockBytes, blocksOf, sha256 } from "./blocks.ts";
import { canonicalJson } from "./canonical.ts";

// What a run leaves for an auditor: a pack (what was found), a report to read, and a manifest that holds both to what they were. Each
// manifest's SHA-256 is in the next pack and in the next manifest, so that none can be changed or left out unseen.

export const version = 1;

const hex = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const text = z.string().check(z.minLength(1));
const link = z.strictObject({ sha256: hex, key: text });
const file = z.strictObject({ name: text, sha256: hex, bytes: z.int().check(z.nonnegative()), blocks: z.string() });

export const packShape = z.strictObject({
  version: z.literal(version),
  ...{ operation: text, environment: text, at: z.iso.datetime({ precision: 3 }), account: text, region: text },
  previous: z.nullable(link),
  report: z.unknown(),
});

export const manifestShape = z.strictObject({
  version: z.literal(version),
  blockBytes: z.literal(blockBytes),
  /** The pack, then the report to read. */
  files: z.tuple([file, file]),
  previous: z.nullable(hex),
});

export type Pack = z.infer<typeof packShape>;
export type Manifest = z.infer<typeof manifestShape>;
/** The manifest that a pack follows, and the key under which it is kept. */
export type Link = z.infer<typeof link>;

export interface Contents {
  operation: string;
  environment: string;
  at: Instant;
  account: string;
  region: string;
  /** Null of the first one. */
  previous: Link | null;
  /** JSON. */
  report: unknown;
  markdown: string;
}

export interface EvidenceFile {
  key: string;
  body: string;
  sha256: string;
}

export interface Sealed {
  pack: EvidenceFile;
  markdown: EvidenceFile;
  manifest: EvidenceFile;
  /** What the next one follows. */
  link: Link;
}

/** The three files of a run, to be kept under their keys in the order pack, markdown, manifest: what has no manifest is not finished. */
export function seal({ markdown, ...contents }: Contents): Sealed {
  const pack: Pack = { version, ...contents, at: iso(contents.at) };
  const base = baseKeyOf(pack);
  const files = {
    pack: fileOf(`${base}${suffixes.pack}`, canonicalJson(pack)),
    markdown: fileOf(`${base}${suffixes.markdown}`, markdown.toWellFormed()),
  };
  const body = manifestOf(pack, Buffer.from(files.pack.body), Buffer.from(files.markdown.body));
  const manifest = fileOf(`${base}${suffixes.manifest}`, body);
  return { ...files, manifest, link: { sha256: manifest.sha256, key: manifest.key } };
}

export const suffixes = { pack: ".json", markdown: ".md", manifest: ".manifest.json" } as const;

/** Without its suffix; a name that every file system takes, in the order of time. */
export function baseKeyOf({ operation, environment, at }: Pick<Pack, "operation" | "environment" | "at">): string {
  return `${operation}/${environment}/${at.slice(0, 4)}/${at.slice(5, 7)}/${operation}-${environment}-${at.replaceAll(":", "")}`;
}

/** The only manifest that these files can have. */
export function manifestOf(pack: Pack, packBytes: Buffer, markdownBytes: Buffer): string {
  const name = baseKeyOf(pack).split("/").at(-1) ?? "";
  const entry = (suffix: string, bytes: Buffer) => ({
    ...{ name: `${name}${suffix}`, sha256: sha256(bytes), bytes: bytes.length, blocks: blocksOf(bytes) },
  });
  const manifest: Manifest = {
    version,
    blockBytes,
    files: [entry(suffixes.pack, packBytes), entry(suffixes.markdown, markdownBytes)],
    previous: pack.previous?.sha256 ?? null,
  };
  return canonicalJson(manifest);
}

function fileOf(key: string, body: string): EvidenceFile {
  return { key, body, sha256: sha256(body) };
}
