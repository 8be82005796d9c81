import type { ChildProcess } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Refused, Unavailable } from "../shared/failures.ts";
import { findKept } from "./kept.ts";
import { runCommand, sandboxVariables, signalServer, startServer } from "./process.ts";

/** A running emulator. */
export interface Emulator {
  endpoint: string;
  /** What the emulator and the functions in it print. */
  logFile: string;
  processId: number;
  stop(): Promise<void>;
  /** Lets it outlive this process. */
  leave(): void;
}

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));

/**
 * Puts the pinned emulator into `<directory>/venv`, unless it is there. Throws `Unavailable` where Python is missing or
 * the packages cannot be had, `Refused` where they would replace those that a kept sandbox runs.
 */
export async function installEmulator(directory: string): Promise<string> {
  const environment = join(directory, "venv");
  const python = join(environment, ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]));
  const marker = join(environment, "installed.txt");
  const wanted = readFileSync(requirements, "utf8");
  if (existsSync(python) && existsSync(marker) && readFileSync(marker, "utf8") === wanted) return python;
  if (findKept(directory)?.status === "kept") {
    throw new Refused("the kept sandbox runs an emulator of another version; to end it: npm run sandbox -- --stop");
  }
  const variables = sandboxVariables("");
  const system = await findPython(variables, directory);
  rmSync(environment, { recursive: true, force: true });
  const options = { directory, variables };
  await runCommand(system, ["-m", "venv", environment], { ...options, limitSeconds: 120 });
  const install = ["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "-r", requirements];
  await runCommand(python, install, { ...options, limitSeconds: 300 });
  writeFileSync(marker, wanted);
  return python;
}

/** Starts the emulator on a free port of 127.0.0.1 and waits until it answers. `died` is told if it ends by itself. */
export async function startEmulator(directory: string, python: string): Promise<Emulator> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const temporary = join(directory, "tmp");
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  // The emulator writes its Node worker in there as CommonJS; the project's own package file would make a module of it.
  writeFileSync(join(temporary, "package.json"), "{}");
  const logFile = join(directory, "emulator.log");
  const log = openSync(logFile, "w");
  const variables = {
    ...sandboxVariables(endpoint),
    BIND_HOST: "127.0.0.1",
    MINISTACK_HOST: "127.0.0.1",
    GATEWAY_PORT: String(port),
    LAMBDA_EXECUTOR: "local",
    TMPDIR: temporary,
  };
  const server = startServer(python, ["-m", "ministack"], { variables, log });
  closeSync(log);
  const lastResort = () => signalServer(server, "SIGKILL");
  process.on("exit", lastResort);
  const stop = async () => {
    await stopServer(server);
    process.off("exit", lastResort);
  };
  try {
    await untilHealthy(endpoint, server, logFile);
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

async function findPython(variables: Record<string, string>, directory: string): Promise<string> {
  for (const name of ["python3", "python"]) {
    try {
      const check = "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)";
      await runCommand(name, ["-c", check], { directory, variables, limitSeconds: 30 });
      return name;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  }
  throw new Unavailable(
    "the sandbox needs Python 3.10 or later with its venv module (on Debian: apt install python3-venv)",
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject()));
    });
  });
}

async function untilHealthy(endpoint: string, server: ChildProcess, logFile: string): Promise<void> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    if (server.exitCode !== null) throw new Unavailable(`the emulator ended at once; see ${logFile}`);
    const healthy = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return;
    await wait(200);
  }
  throw new Unavailable(`the emulator did not answer within 60 s; see ${logFile}`);
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  signalServer(server, "SIGTERM");
  await Promise.race([ended, wait(5_000, undefined, { ref: false })]);
  signalServer(server, "SIGKILL");
  await ended;
}
