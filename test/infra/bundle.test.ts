import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { bundleFunctions } from "../../bench/bundles.ts";
import { variables } from "../../bench/imports.ts";
import { inDirectory } from "../../bench/processes.ts";
import { bundleAll } from "../../shared/configuration/files.ts";
import { operations } from "../../shared/operations.ts";
import { synthesise } from "./synthesis.ts";

const megabyte = 1024 * 1024;
const env = { PATH: process.env.PATH, ...variables };

test("each function is packed with its configuration, starts in Node, is small, and is what the bench measures", async () => {
  const { outputDirectory } = synthesise({ environment: "staging" }, { bundled: true });
  const packed = readdirSync(outputDirectory).filter((name) => name.startsWith("asset."));
  expect(packed).toHaveLength(operations.length);
  const measured = await inDirectory(async (directory) =>
    (await bundleFunctions(directory)).map(({ whole }) => readFileSync(whole, "utf8")),
  );
  const deployed = packed.map((name) => readFileSync(join(outputDirectory, name, "index.mjs"), "utf8"));
  expect(deployed.every((code) => measured.includes(code))).toBe(true);
  for (const name of packed) {
    const directory = join(outputDirectory, name);
    const bundle = join(directory, "index.mjs");
    expect(JSON.parse(readFileSync(join(directory, "configuration.json"), "utf8"))).toEqual(bundleAll());
    const code = readFileSync(bundle, "utf8");
    // What all has to be looked at for backups: EC2's client alone is half a megabyte.
    const looksAround = /SelectResourceConfig/.test(code) ? 1.5 * megabyte : megabyte;
    expect(statSync(bundle).size).toBeLessThan(/ER_ACCESS_DENIED_ERROR/.test(code) ? 3 * megabyte : looksAround);
    expect(statSync(`${bundle}.map`).size).toBeGreaterThan(0);
    const script = `import(${JSON.stringify(pathToFileURL(bundle).href)}).then((m) => console.log(typeof m.handler))`;
    const started = spawnSync(process.execPath, ["-e", script], { env, encoding: "utf8", timeout: 30_000 });
    expect(started).toMatchObject({ status: 0, stdout: "function\n" });
  }
});
