import type { ChildProcess } from "node:child_process";

/** Ends a process that a test has started, at once, and waits until it is gone. */
export function killed(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) {
      resolve();
      return;
    }
    server.once("exit", () => resolve());
    server.kill("SIGKILL");
  });
}
