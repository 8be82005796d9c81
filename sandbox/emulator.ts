import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Refused } from "../shared/failures.ts";
import { findKept } from "./kept.ts";
import { sandboxVariables } from "./process.ts";
import { installPackages, isInstalled } from "./python.ts";
import { runServer, type Server } from "./server.ts";

/** What the emulator is made of, pinned. */
export const emulatorRequirements = fileURLToPath(new URL("requirements.txt", import.meta.url));

/**
 * Puts the pinned emulator into `<directory>/venv`, unless it is there. Gives its Python. Throws `Unavailable` where it cannot
 * be had, `Refused` where it would replace the one that a kept sandbox runs.
 */
export async function installEmulator(directory: string): Promise<string> {
  const environment = join(directory, "venv");
  if (!isInstalled(environment, emulatorRequirements) && findKept(directory)?.status === "kept") {
    throw new Refused("the kept sandbox runs an emulator of another version; to end it: npm run sandbox -- --stop");
  }
  return installPackages(environment, emulatorRequirements);
}

/**
 * Starts the emulator; what it, and the functions in it, print and leave is in the directory. `elsewhere` are variables that lead the
 * functions to another server, for what the emulator lacks.
 */
export function startEmulator(
  directory: string,
  python: string,
  elsewhere: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const temporary = join(directory, "tmp");
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  // The emulator writes its Node worker in there as CommonJS; the project's own package file would make a module of it.
  writeFileSync(join(temporary, "package.json"), "{}");
  return runServer({
    name: "the emulator",
    command: python,
    parameters: () => ["-m", "ministack"],
    variables: (port) => ({
      ...sandboxVariables(`http://127.0.0.1:${port}`),
      ...elsewhere,
      BIND_HOST: "127.0.0.1",
      MINISTACK_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      LAMBDA_EXECUTOR: "local",
      TMPDIR: temporary,
    }),
    healthPath: "/_ministack/health",
    logFile: join(directory, "emulator.log"),
  });
}
