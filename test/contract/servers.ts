import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { emulatorRequirements, startEmulator } from "../../sandbox/emulator.ts";
import { motoRequirements, startMoto } from "../../sandbox/moto.ts";
import { isInstalled, pythonOf } from "../../sandbox/python.ts";
import type { Server } from "../../sandbox/server.ts";
import { root } from "../tidy/source.ts";
import type { Judge } from "./judge.ts";

// The independent implementations that the contracts are held against. Each is started by the suite that wants it, on a
// free port of 127.0.0.1, and stopped by its process id. `.ci/run contract` installs them.

export const installation = "node test/contract/install-servers.ts";

const cache = join(root, ".cache");
/** The sandbox's own, MiniStack's and moto's: one installation serves both. */
export const emulatorDirectory = join(root, ".sandbox");

export const miniStack: Judge<Server> = {
  name: "MiniStack",
  missing: () => missingPackages(join(emulatorDirectory, "venv"), emulatorRequirements),
  start() {
    const directory = join(cache, "ministack");
    mkdirSync(directory, { recursive: true });
    return startEmulator(directory, pythonOf(join(emulatorDirectory, "venv")));
  },
};

export const moto: Judge<Server> = {
  name: "moto",
  missing: () => missingPackages(join(emulatorDirectory, "moto"), motoRequirements),
  start() {
    mkdirSync(cache, { recursive: true });
    return startMoto(cache, pythonOf(join(emulatorDirectory, "moto")));
  },
};

function missingPackages(environment: string, requirements: string): string | undefined {
  return isInstalled(environment, requirements) ? undefined : installation;
}
