import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const entry = fileURLToPath(new URL("../../cli/nightshift.ts", import.meta.url));

interface Ended {
  code: number | null;
  output: string;
  errors: string;
}

/** The command line as a process of its own. With `hangUp`, the reader of its output goes away at once. */
function start(words: readonly string[], hangUp = false): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...words], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    if (hangUp) child.stdout.destroy();
    else child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.stderr.on("data", (chunk) => (errors += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output, errors }));
  });
}

test("a command that works ends with 0 and says nothing beside its result", async () => {
  const { code, output, errors } = await start(["list", "--json"]);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(JSON.parse(output).operations.length).toBeGreaterThan(0);
});

test("bad input ends with 2 and one line", async () => {
  expect(await start(["lst"])).toEqual({
    code: 2,
    output: "",
    errors: 'nightshift: unknown command "lst"; did you mean "list"?\n',
  });
});

test("a reader that goes away ends it quietly", async () => {
  const { code, errors } = await start(["configuration", "production", "--json"], true);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
});
