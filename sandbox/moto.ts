import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sandboxVariables } from "./process.ts";
import { installPackages } from "./python.ts";
import { runServer, type Server } from "./server.ts";

// Another emulator of AWS, for the services that the first one lacks.

/** What it is made of, pinned. */
export const motoRequirements = fileURLToPath(new URL("moto-requirements.txt", import.meta.url));

/** Puts the pinned server into `<directory>/moto`, unless it is there. Gives its Python. Throws `Unavailable` where it cannot be had. */
export function installMoto(directory: string): Promise<string> {
  return installPackages(join(directory, "moto"), motoRequirements);
}

export function startMoto(directory: string, python: string): Promise<Server> {
  return runServer({
    name: "moto",
    command: python,
    parameters: (port) => ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)],
    variables: (port) => sandboxVariables(`http://127.0.0.1:${port}`),
    healthPath: "/moto-api/",
    logFile: join(directory, "moto.log"),
  });
}

/** What leads an SDK to it, for the services that the emulator does not have. */
export function leadingTo({ endpoint }: Pick<Server, "endpoint">): Record<string, string> {
  return { AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING: endpoint, AWS_ENDPOINT_URL_SERVICE_QUOTAS: endpoint };
}
