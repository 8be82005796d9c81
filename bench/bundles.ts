import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { bundling } from "../infra/bundling.ts";
import { bundleAll } from "../shared/configuration/files.ts";
import { Broken } from "../shared/failures.ts";
import { type OperationName, operations } from "../shared/operations.ts";

/** The files of one function: as it is deployed, and the SDK clients that it makes and nothing else. */
export interface Bundled {
  operation: OperationName;
  whole: string;
  bare: string;
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** As the CDK calls esbuild for a function of ours. */
const options: BuildOptions = {
  ...bundling,
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
      const contents = bareClients(operation, readFileSync(handler, "utf8"));
      await build({ ...options, entryPoints: [handler], outfile: whole });
      await build({ ...options, stdin: { contents, resolveDir: root }, outfile: bare });
      writeFileSync(join(directory, operation, "configuration.json"), configuration);
      return { operation, whole, bare };
    }),
  );
}

/** Bundles one of our own files in the same way. */
export async function bundleOwn(entry: string, outfile: string): Promise<void> {
  await build({ ...options, entryPoints: [fileURLToPath(new URL(entry, import.meta.url))], outfile });
}

/** A module that imports and makes the clients that a handler does. */
function bareClients(operation: string, handler: string): string {
  const imports = [...handler.matchAll(/^import \{ (\w+Client) \} from "@aws-sdk\/[^"]+";$/gm)];
  if (imports.length === 0) throw new Broken(`the handler of ${operation} imports no client of the SDK`);
  const made = imports.map(([, name]) => `new ${name}()`);
  return `${imports.map(([line]) => line).join("\n")}\nexport const clients = [${made.join(", ")}];\n`;
}
