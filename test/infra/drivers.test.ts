import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { expect, test } from "vitest";
import { inDirectory, runNode } from "../../bench/processes.ts";
import { banner, bundling } from "../../infra/bundling.ts";
import { root } from "../tidy/source.ts";

// A function that enters databases carries all three drivers in its one file. A cold start must not wait for them, and each must
// work in there, where it finds Node's own modules by no means but ours.

const names = ["@redis/client", "mysql2", "pg"];

/** Every file of a driver says when it is evaluated. */
const telling: Plugin = {
  name: "telling",
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/(@redis\/client|mysql2|pg)\/.*\.js$/ }, ({ path }) => {
      const [, name] = /node_modules\/(@redis\/client|mysql2|pg)\//.exec(path) ?? [];
      return { contents: `(globalThis.evaluated ??= new Set()).add("${name}");${readFileSync(path, "utf8")}` };
    });
  },
};

const script = (bundle: string, port: number) => `
const { reach } = await import(${JSON.stringify(pathToFileURL(bundle).href)});
const first = [...(globalThis.evaluated ?? [])];
const outside = reach({ region: "eu-west-1" });
const tls = { mode: "disable", authorities: null, serverName: null };
const target = { host: "127.0.0.1", port: ${port}, user: "app", password: "none", database: null, tls, timeoutMs: 2_000 };
const ends = [];
for (const enter of ["postgres", "mysql", "redis"]) {
  const end = await outside[enter](target).then(() => "entered", (error) => error.code ?? error.cause?.code ?? String(error));
  ends.push(end);
}
console.log(JSON.stringify({ first, later: [...globalThis.evaluated].sort(), ends }));
`;

test("drivers are evaluated when they are used and not before, and find what they need", async () => {
  const port = await closedPort();
  const printed = await inDirectory(async (directory) => {
    const outfile = join(directory, "index.mjs");
    await build({
      ...{ ...bundling, banner: { js: banner }, bundle: true, platform: "node", format: "esm", logLevel: "silent" },
      entryPoints: [join(root, "shared/secrets/reach.ts")],
      plugins: [telling],
      outfile,
    });
    return await runNode(["--input-type=module", "--eval", script(outfile, port)], {});
  });
  const refused = ["ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED"];
  expect(JSON.parse(printed)).toEqual({ first: [], later: names, ends: refused });
}, 60_000);

/** A port of this machine on which nobody listens. */
function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 1));
    });
  });
}
