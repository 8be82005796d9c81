import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Unavailable } from "../shared/failures.ts";

export interface ServerOptions {
  /** What it is called when it does not come up. */
  name: string;
  command: string;
  parameters: (port: number) => readonly string[];
  variables: (port: number) => Record<string, string>;
  /** Where it answers once it is ready. */
  healthPath: string;
  /** What it, and all that it starts, print. */
  logFile: string;
}

/** A server that we started on a free port of 127.0.0.1. */
export interface Server {
  endpoint: string;
  logFile: string;
  processId: number;
  /** Ends it, with all that it started. */
  stop(): Promise<void>;
  /** Lets it outlive this process. */
  leave(): void;
}

/** Starts a server and waits until it answers. Throws `Unavailable` when it does not within a minute. */
export async function runServer(options: ServerOptions): Promise<Server> {
  const { command, parameters, variables, logFile } = options;
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const log = openSync(logFile, "w");
  const server = startServer(command, parameters(port), { variables: variables(port), log });
  closeSync(log);
  const lastResort = () => signalServer(server, "SIGKILL");
  process.on("exit", lastResort);
  const stop = async () => {
    await stopServer(server);
    process.off("exit", lastResort);
  };
  try {
    await untilHealthy(server, endpoint, options);
  } catch (error) {
    await stop();
    throw error;
  }
  const leave = () => {
    server.unref();
    process.off("exit", lastResort);
  };
  return { endpoint, logFile, processId: server.pid ?? 0, stop, leave };
}

/** In a process group of its own, so that it can be stopped together with what it started. */
function startServer(
  command: string,
  parameters: readonly string[],
  options: { variables: Record<string, string>; log: number },
): ChildProcess {
  const { variables, log } = options;
  const server = spawn(command, parameters, {
    env: variables,
    stdio: ["ignore", log, log],
    detached: process.platform !== "win32",
  });
  // What does not start at all has no exit code either; whoever waits for it to answer is told in time.
  server.on("error", () => {});
  return server;
}

/** To a server that we started, and to its group; one that is gone already is fine. */
function signalServer(server: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (server.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? server.pid : -server.pid, signal);
  } catch {
    // ESRCH: there is nothing left to stop.
  }
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  signalServer(server, "SIGTERM");
  await Promise.race([ended, wait(5_000, undefined, { ref: false })]);
  signalServer(server, "SIGKILL");
  await ended;
}

async function untilHealthy(
  server: ChildProcess,
  endpoint: string,
  { name, healthPath, logFile }: ServerOptions,
): Promise<void> {
  const end = Date.now() + maximumStartSeconds * 1_000;
  while (Date.now() < end) {
    if (server.pid === undefined || server.exitCode !== null) {
      throw new Unavailable(`${name} ended at once; see ${logFile}`);
    }
    const healthy = await fetch(`${endpoint}${healthPath}`, { signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return;
    await wait(200);
  }
  throw new Unavailable(`${name} did not answer within ${maximumStartSeconds} s; see ${logFile}`);
}

const maximumStartSeconds = 60;

/** A port of 127.0.0.1 that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject()));
    });
  });
}
