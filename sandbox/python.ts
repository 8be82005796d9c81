import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Unavailable } from "../shared/failures.ts";
import { runCommand, sandboxVariables } from "./process.ts";

/** Where the Python of a virtual environment is. */
export function pythonOf(environment: string): string {
  return join(environment, ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]));
}

/** Whether what the file of pinned requirements asks for is in the environment, and nothing else was asked for. */
export function isInstalled(environment: string, requirements: string): boolean {
  const marker = markerOf(environment);
  return (
    existsSync(pythonOf(environment)) && existsSync(marker) && readFileSync(marker, "utf8") === wanted(requirements)
  );
}

/**
 * Makes a virtual environment with these pinned requirements, unless it is there. Gives its Python. Throws
 * `Unavailable` where Python is missing or the packages cannot be had.
 */
export async function installPackages(environment: string, requirements: string): Promise<string> {
  const python = pythonOf(environment);
  if (isInstalled(environment, requirements)) return python;
  const options = { directory: dirname(environment), variables: sandboxVariables("") };
  const system = await findPython(options);
  rmSync(environment, { recursive: true, force: true });
  await runCommand(system, ["-m", "venv", environment], { ...options, limitSeconds: 120 });
  const install = ["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "-r", requirements];
  await runCommand(python, install, { ...options, limitSeconds: 300 });
  // Written last, so that an installation that broke off is made again.
  writeFileSync(markerOf(environment), wanted(requirements));
  return python;
}

const markerOf = (environment: string) => join(environment, "installed.txt");
const wanted = (requirements: string) => readFileSync(requirements, "utf8");

async function findPython(options: { directory: string; variables: Record<string, string> }): Promise<string> {
  for (const name of ["python3", "python"]) {
    try {
      const check = "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)";
      await runCommand(name, ["-c", check], { ...options, limitSeconds: 30 });
      return name;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  }
  throw new Unavailable("Python 3.10 or later with its venv module is needed (on Debian: apt install python3-venv)");
}
