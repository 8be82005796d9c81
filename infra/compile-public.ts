import { spawnSync } from "node:child_process";
import { copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Run before infra/public is packed: Node strips no types under node_modules, so what other people import is compiled, and with it
// the few modules that it imports itself.

const directory = fileURLToPath(new URL("public", import.meta.url));
const compiled = join(directory, "dist");
const compiler = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");

rmSync(compiled, { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, "-p", directory], { stdio: ["ignore", 2, 2] });
process.exitCode = status ?? 1;
for (const file of globSync("**/*.d.ts", { cwd: compiled })) renameImports(join(compiled, file));
copyFileSync(fileURLToPath(new URL("../LICENSE", import.meta.url)), join(compiled, "LICENSE"));

/** The compiler renames what a module imports from .ts to .js, but not in its declarations. */
function renameImports(file: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replace(/(from "\.[^"]*)\.ts";/g, '$1.js";'));
}
