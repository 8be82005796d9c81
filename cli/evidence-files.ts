import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suffixes } from "../shared/evidence/pack.ts";
import { splitPath } from "../shared/evidence/set.ts";
import type { GivenFile } from "../shared/evidence/verify.ts";
import { Refused } from "../shared/failures.ts";
import { printable } from "../shared/text.ts";
import { statOf } from "./documents.ts";

const maximumFiles = 100_000;
/** A pack of ten thousand resources is a twelfth of it. */
const maximumBytes = 134_217_728;

/**
 * The files that were named, all that may be evidence in the directories that were, and the other files of the same packs where they stand
 * beside them. Throws `Refused` for what is not there, is no file, is too large, or is too much.
 */
export function evidenceFiles(words: readonly string[]): GivenFile[] {
  const paths = new Set(words.flatMap((word) => (statOf(word).isDirectory() ? within(word) : [word])));
  for (const path of [...paths]) for (const sibling of siblings(path)) paths.add(sibling);
  if (paths.size > maximumFiles) throw new Refused(`${paths.size} files are too many: ${maximumFiles} at most`);
  const sizes = [...paths].map((path) => ({ path, stats: statOf(path) }));
  const also = sizes.flatMap(({ path, stats }) => {
    if (!stats.isFile()) return [`${printable(path)}: is no file`];
    return stats.size > maximumBytes ? [`${printable(path)}: is over 128 MiB, and no evidence is`] : [];
  });
  const [first, ...more] = also;
  if (first !== undefined) throw new Refused(first, { also: more });
  return [...paths].map((path) => ({ path, read: () => read(path) }));
}

function within(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  return names.filter((name) => splitPath(name) !== null).map((name) => join(directory, name));
}

function siblings(path: string): string[] {
  const base = splitPath(path)?.base;
  if (base === undefined) return [];
  return Object.values(suffixes).flatMap((suffix) => (exists(`${base}${suffix}`) ? [`${base}${suffix}`] : []));
}

function exists(path: string): boolean {
  try {
    return statOf(path).isFile();
  } catch {
    return false;
  }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refused(`${printable(path)}: cannot be read: ${reason}`, { cause: error });
  }
}
