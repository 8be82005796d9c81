import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { blank } from "./blank.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Source {
  /** From the project's root, with `/`. */
  path: string;
  text: string;
  /** The text with comments blanked out. */
  statements: string;
  /** The text with comments and the insides of strings and patterns blanked out. */
  code: string;
}

export interface Import {
  specifier: string;
  /** The path from the root for our own files, else the package's name as it was written. */
  target: string;
  isOwn: boolean;
  typeOnly: boolean;
}

const folders = ["shared", "functions", "infra", "simulation", "cli", "bench", "sandbox", "test"];

/** Every TypeScript file of ours. */
export function allSources(): Source[] {
  const inFolders = folders.filter((folder) => existsSync(join(root, folder))).flatMap((folder) => filesIn(folder));
  const atTop = readdirSync(root).filter((name) => name.endsWith(".ts"));
  return [...atTop, ...inFolders].map((path) => sourceOf(path, readFileSync(join(root, path), "utf8")));
}

export function sourceOf(path: string, text: string): Source {
  return { path, text, statements: blank(text, { strings: false }), code: blank(text, { strings: true }) };
}

/** Static and dynamic imports and re-exports, whatever lines they span. */
export function importsOf({ path, statements, code }: Source): Import[] {
  const found = [
    ...statements.matchAll(/^(import|export)( type)?\b[^;"']*?\bfrom\s+"([^"]+)"/gm),
    ...statements.matchAll(/^(import)()\s+"([^"]+)"/gm),
    ...statements.matchAll(/\b(import)()\(\s*"([^"]+)"\s*\)/g),
  ];
  // What stands in a string is no statement: there the code is blank.
  const real = found.filter(({ index }) => /\w/.test(code.charAt(index)));
  return real.map(([, , type, specifier = ""]) => {
    const isOwn = specifier.startsWith(".");
    const target = isOwn ? join(path, "..", specifier) : specifier;
    return { specifier, target, isOwn, typeOnly: type?.trim() === "type" };
  });
}

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return /^(node_modules|cdk\.out|dist|\..*)$/.test(entry.name) ? [] : filesIn(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}
