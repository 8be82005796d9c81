import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { banner, bundling } from "../infra/bundling.ts";
import { bundleAll } from "../shared/configuration/files.ts";
import { Broken } from "../shared/failures.ts";
import { type OperationName, operations } from "../shared/operations.ts";

/** The files of one function: as it is deployed, and the SDK clients and drivers that it uses and nothing else. */
export interface Bundled {
  operation: OperationName;
  whole: string;
  bare: string;
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** As the CDK calls esbuild for a function of ours. */
const options: BuildOptions = {
  ...bundling,
  banner: { js: banner },
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  sourcemap: true,
  logLevel: "silent",
};

/** Bundles every function into the directory, with its configuration beside it, and its bare clients. */
export function bundleFunctions(directory: string): Promise<Bundled[]> {
  const configuration = JSON.stringify(bundleAll());
  return Promise.all(
    operations.map(async ({ name: operation }) => {
      const handler = join(root, "functions", operation, "handler.ts");
      const whole = join(directory, operation, "index.mjs");
      const bare = join(directory, operation, "bare.mjs");
      const contents = bareUse(operation, handler);
      await build({ ...options, entryPoints: [handler], outfile: whole });
      await build({ ...options, stdin: { contents, resolveDir: root }, outfile: bare });
      writeFileSync(join(directory, operation, "configuration.json"), configuration);
      return { operation, whole, bare };
    }),
  );
}

/** Bundles one of our own files in the same way, with the names of its classes where somebody asks for them. */
export async function bundleOwn(entry: string, outfile: string, keepNames = false): Promise<void> {
  await build({ ...options, keepNames, entryPoints: [fileURLToPath(new URL(entry, import.meta.url))], outfile });
}

/** A module that makes the clients that a handler and what it imports of `reaches` make, and loads their drivers when it is asked to. */
function bareUse(operation: string, handler: string): string {
  const own = readFileSync(handler, "utf8");
  const reached = Object.entries(reaches).flatMap(([imported, files]) => (own.includes(imported) ? files : []));
  const text = [own, ...reached.map((file) => readFileSync(join(root, file), "utf8"))].join("\n");
  const clients = new Map([...text.matchAll(/^import \{ (\w+Client) \} from "(@aws-sdk\/[^"]+)";$/gm)].map(pairOf));
  if (clients.size === 0) throw new Broken(`the handler of ${operation} imports no client of the SDK`);
  const drivers = new Set([...text.matchAll(/\bawait import\("([^."][^"]*)"\)/g)].map(([, name = ""]) => name));
  return [
    ...[...clients].map(([name, from]) => `import { ${name} } from "${from}";`),
    `export const clients = [${[...clients.keys()].map((name) => `new ${name}()`).join(", ")}];`,
    `export const drivers = [${[...drivers].map((name) => `() => import("${name}")`).join(", ")}];`,
  ].join("\n");
}

function pairOf([, name = "", from = ""]: RegExpExecArray): [string, string] {
  return [name, from];
}

/** What a handler may import, and the files in which that makes clients, and loads the databases' drivers. */
const reaches: Readonly<Record<string, readonly string[]>> = {
  "/shared/secrets/reach.ts": ["reach", "databases/mysql", "databases/postgres", "databases/redis"].map(
    (name) => `shared/secrets/${name}.ts`,
  ),
  "/shared/scaling/clients.ts": ["shared/scaling/clients.ts"],
  "/shared/backups/clients.ts": ["shared/backups/clients.ts"],
};
