import { sha256 } from "./blocks.ts";
import { exactly, locate, type Place } from "./locate.ts";
import { type Manifest, manifestOf, manifestShape, type Pack, packShape, suffixes } from "./pack.ts";
import { firstOther, firstUncanonicalByte } from "./uncanonical.ts";

// The three files of one run, held against each other.

export type Part = keyof typeof suffixes;

/** The files of one run by what they are, each under its path; null where it was not given. */
export interface FileSet {
  /** What their paths have in common. */
  base: string;
  pack: Buffer | null;
  markdown: Buffer | null;
  manifest: Buffer | null;
}

export interface Problem {
  kind: Place["how"] | "missing" | "gap" | "forked" | "replaced";
  file: string;
  /** Zero-based; null where it is the whole file that is missing. */
  offset: number | null;
  /** The last byte that it can be; the same as `offset` where that is exact. */
  until: number | null;
  message: string;
}

/** What is known elsewhere of how a file was. */
export interface Originals {
  /** Some file with this SHA-256 that was given too: two may have been taken for one another. */
  withHash(sha256: string): Buffer | null;
  /** The report that is written of a pack; null where nobody here can. */
  rendered(pack: Pack): string | null;
}

/** A pack without what was found. */
export type Header = Omit<Pack, "report">;

export interface CheckedSet {
  base: string;
  /** Null where it is not to be read. */
  header: Header | null;
  /** Of the manifest's file; null where that is not there. */
  sha256: string | null;
  /** What it follows; the key is null where only the manifest can be believed. */
  previous: { sha256: string; key: string | null } | null;
  /** Offset in the pack of the SHA-256 of what it follows. */
  linkOffset: number | null;
  problems: Problem[];
}

export function pathOf(base: string, part: Part): string {
  return `${base}${suffixes[part]}`;
}

/** The longest ending first: that of a manifest is one of a pack too. */
const longestFirst: readonly Part[] = ["manifest", "pack", "markdown"];

export function splitPath(path: string): { base: string; part: Part } | null {
  const part = longestFirst.find((each) => path.endsWith(suffixes[each]));
  return part === undefined ? null : { base: path.slice(0, -suffixes[part].length), part };
}

export function checkSet(files: FileSet, originals: Originals): CheckedSet {
  const { base } = files;
  const pack = readPack(files.pack);
  const manifest = readManifest(files.manifest);
  const missing = (["pack", "markdown", "manifest"] as const).filter((part) => files[part] === null);
  const problems = [
    ...missing.map((part) => problem(pathOf(base, part), null, "missing", "it is not there")),
    ...(manifest === null ? [] : fileProblems(files, manifest, pack, originals)),
  ];
  if (manifest === null && files.pack !== null) problems.push(...canonicalProblem(pathOf(base, "pack"), files.pack));
  // Where its files are not what they were, what they should be said to be cannot be told from them.
  if (problems.length === 0 || manifest === null) problems.push(...manifestProblem(files, pack));
  const previous = previousOf(files, pack, manifest);
  return {
    ...{ base, header: headerOf(pack), previous, problems },
    sha256: files.manifest && sha256(files.manifest),
    linkOffset: linkOffsetOf(files.pack, previous?.sha256 ?? null),
  };
}

function headerOf(pack: Pack | null): Header | null {
  if (pack === null) return null;
  const { report: _, ...header } = pack;
  return header;
}

/** As the pack says it, unless the pack is not what its manifest says. */
function previousOf(files: FileSet, pack: Pack | null, manifest: Manifest | null): CheckedSet["previous"] {
  const isWhole = files.pack !== null && (manifest === null || sha256(files.pack) === manifest.files[0].sha256);
  if (isWhole || manifest === null) return pack?.previous ?? null;
  return manifest.previous === null ? null : { sha256: manifest.previous, key: pack?.previous?.key ?? null };
}

function linkOffsetOf(bytes: Buffer | null, previous: string | null): number | null {
  const before = '"sha256":"';
  const offset = bytes === null || previous === null ? -1 : bytes.indexOf(`${before}${previous}"`);
  return offset === -1 ? null : offset + before.length;
}

export function readPack(bytes: Buffer | null): Pack | null {
  return bytes === null ? null : (packShape.safeParse(jsonOf(bytes)).data ?? null);
}

export function readManifest(bytes: Buffer | null): Manifest | null {
  return bytes === null ? null : (manifestShape.safeParse(jsonOf(bytes)).data ?? null);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}

function fileProblems(files: FileSet, manifest: Manifest, pack: Pack | null, originals: Originals): Problem[] {
  const [packEntry, markdownEntry] = manifest.files;
  const isPackWhole = files.pack !== null && sha256(files.pack) === packEntry.sha256;
  const rendered = pack === null || !isPackWhole ? null : originals.rendered(pack);
  const written = rendered === null ? null : Buffer.from(rendered);
  const check = (part: Part, given: Buffer | null, entry: Manifest["files"][number], known: Buffer | null) => {
    if (given === null || sha256(given) === entry.sha256) return [];
    const isKnown = known !== null && sha256(known) === entry.sha256;
    const place = locate(given, entry, isKnown ? known : originals.withHash(entry.sha256));
    return place === null ? [] : [placed(pathOf(files.base, part), place, "is not what its manifest says")];
  };
  return [...check("pack", files.pack, packEntry, null), ...check("markdown", files.markdown, markdownEntry, written)];
}

/** From the other two follows every byte of a manifest. */
function manifestProblem(files: FileSet, pack: Pack | null): Problem[] {
  if (files.manifest === null) return [];
  const path = pathOf(files.base, "manifest");
  if (pack === null || files.pack === null || files.markdown === null) return canonicalProblem(path, files.manifest);
  const wanted = Buffer.from(manifestOf(pack, files.pack, files.markdown));
  const offset = firstOther(files.manifest, wanted);
  if (offset === null) return [];
  const isShort = offset === files.manifest.length && offset < wanted.length;
  const isLong = offset === wanted.length;
  const how = isShort ? "cut-short" : isLong ? "too-long" : "altered";
  return [placed(path, { ...exactly(offset), how }, "is not the manifest of its files")];
}

function canonicalProblem(path: string, bytes: Buffer): Problem[] {
  const offset = firstUncanonicalByte(bytes);
  if (offset === null) return [];
  const how = offset === bytes.length ? "cut-short" : "altered";
  return [placed(path, { ...exactly(offset), how }, "can be in no evidence: what was altered is there or before")];
}

function placed(file: string, { offset, until, how }: Place, what: string): Problem {
  const words = { "cut-short": "is cut short", "too-long": "goes on where it should end", altered: what };
  return { kind: how, file, offset, until, message: words[how] };
}

export function problem(file: string, offset: number | null, kind: Problem["kind"], message: string): Problem {
  return { kind, file, offset, until: offset, message };
}
