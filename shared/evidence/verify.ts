import { sha256 } from "./blocks.ts";
import { chain } from "./chain.ts";
import type { Pack } from "./pack.ts";
import {
  type CheckedSet,
  checkSet,
  type FileSet,
  type Part,
  type Problem,
  pathOf,
  readManifest,
  readPack,
  splitPath,
} from "./set.ts";

// Whether packs of evidence are what they were, all of them and in their order: by the files alone, without asking anybody.

/** A file under its path. It is read when it is looked at, so that no more than one pack is held at a time. */
export interface GivenFile {
  path: string;
  read: () => Buffer;
}

export interface Options {
  /** The SHA-256 of a manifest that the first one may follow though it is not given. */
  after: string | null;
  /** Writes the report to read of a pack; null where it is of a kind that nobody here knows. */
  render: (pack: Pack) => string | null;
}

export interface Verification {
  /** In the order of the chain. */
  packs: CheckedSet[];
  problems: Problem[];
  /** Files that are no evidence. */
  foreign: string[];
}

/** Paths that belong together have all but their endings in common. Nothing is thrown for what is in the files. */
export function verifyEvidence(files: readonly GivenFile[], { after, render }: Options): Verification {
  const byHash = new Map<string, GivenFile>();
  for (const file of files) byHash.set(sha256(file.read()), file);
  const originals = { withHash: (hash: string) => byHash.get(hash)?.read() ?? null, rendered: render };
  const byBase = Map.groupBy(files, ({ path }) => splitPath(path)?.base ?? null);
  const foreign = (byBase.get(null) ?? []).map(({ path }) => path);
  const sets: CheckedSet[] = [];
  for (const [base, own] of byBase) {
    if (base === null) continue;
    const set = readSet(base, own);
    if (!isEvidence(set)) foreign.push(...own.map(({ path }) => path));
    else sets.push(checkSet(set, originals));
  }
  const { inOrder, problems } = chain(sets, after);
  return { packs: [...inOrder], problems: [...inOrder.flatMap((set) => set.problems), ...problems], foreign };
}

function readSet(base: string, files: readonly GivenFile[]): FileSet {
  const bytesOf = (part: Part) => files.find(({ path }) => path === pathOf(base, part))?.read() ?? null;
  return { base, pack: bytesOf("pack"), markdown: bytesOf("markdown"), manifest: bytesOf("manifest") };
}

/** One of its files is to be read as evidence, or begins as evidence does, but for what may have become of a byte or two. */
function isEvidence({ pack, manifest }: FileSet): boolean {
  if (readPack(pack) !== null || readManifest(manifest) !== null) return true;
  return begins(pack, '{"account":"') || begins(manifest, '{"blockBytes":');
}

function begins(bytes: Buffer | null, beginning: string): boolean {
  const wanted = Buffer.from(beginning);
  const same = wanted.filter((byte, index) => bytes?.[index] === byte).length;
  return same >= wanted.length - 2;
}
