import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Broken } from "../shared/failures.ts";

/** Runs this Node in a process of its own, to its end, and gives what it printed. Rejects with `Broken` when it fails. */
export function runNode(parameters: readonly string[], variables: Record<string, string> = {}): Promise<string> {
  // Whatever a person lets their own Node do would be measured too.
  const env = { ...process.env, NODE_OPTIONS: "", ...variables };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, parameters, { env, timeout: limitSeconds * 1_000 }, (error, printed, complaints) => {
      if (error === null) resolve(printed);
      else reject(new Broken(`a process that was measured failed: ${errorIn(complaints)}`, { cause: error }));
    });
  });
}

const limitSeconds = 120;

function errorIn(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? "it said nothing";
}

/** A directory of its own for `act`, gone afterwards. */
export async function inDirectory<Result>(act: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), "nightshift-bench-"));
  try {
    return await act(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
