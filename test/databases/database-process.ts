import { spawn } from "node:child_process";
import { killed } from "../killed.ts";

/** A database server that a test has started. */
export interface DatabaseProcess {
  /** What it has printed so far. */
  printed(): string;
  /** Ends it by its process id, at once: what it holds is thrown away. */
  stop(): Promise<void>;
}

/** Starts a server and waits until it has printed `ready`. Rejects with what it printed when it ends before that. */
export async function startDatabase(
  command: string,
  parameters: readonly string[],
  ready: RegExp,
): Promise<DatabaseProcess> {
  const server = spawn(command, parameters, { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  const lastResort = () => server.kill("SIGKILL");
  process.on("exit", lastResort);
  await new Promise<void>((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        if (ready.test(printed)) resolve();
      });
    }
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`${command} did not come up:\n${printed}`)));
  });
  return {
    printed: () => printed,
    stop: async () => {
      await killed(server);
      process.off("exit", lastResort);
    },
  };
}
