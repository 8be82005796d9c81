import { globSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beginFile, type Remembered, takeRemembered } from "./collect.ts";

// Loading the mutated project and its tests more than once in one process. Node keeps a module for good under its URL,
// so each generation of modules has its own number in its URLs.

const collect = new URL("collect.ts", import.meta.url).href;
const generationOf = /\?generation=\d+$/;

registerHooks({
  resolve(specifier, context, next) {
    const [generation] = generationOf.exec(context.parentURL ?? "") ?? [];
    if (generation === undefined) return next(specifier, context);
    if (specifier === "vitest") return { url: collect, shortCircuit: true };
    const resolved = next(specifier, context);
    return specifier.startsWith(".") && resolved.url.endsWith(".ts")
      ? { ...resolved, url: resolved.url + generation }
      : resolved;
  },
});

let generations = 0;

/** The tests of the files that fit a pattern and are not left out, with modules of their own. */
export async function loadTests(root: string, patterns: readonly string[], leftOut: RegExp): Promise<Remembered[]> {
  generations += 1;
  for (const path of globSync([...patterns], { cwd: root }).toSorted()) {
    if (leftOut.test(path)) continue;
    beginFile(path);
    await import(`${pathToFileURL(join(root, path)).href}?generation=${generations}`);
  }
  return takeRemembered();
}
