import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../cli/nightshift.ts", import.meta.url));

/** The command line as a process of its own, with nothing of this machine's credentials. */
export function start(
  words: readonly string[],
  variables: Record<string, string>,
): Promise<{ code: number | null; output: string; errors: string }> {
  const nobody = { PATH: process.env.PATH ?? "", HOME: tmpdir(), AWS_EC2_METADATA_DISABLED: "true" };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...words], {
      env: { ...nobody, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.stderr.on("data", (chunk) => (errors += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output, errors }));
  });
}
