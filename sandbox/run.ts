import { mkdirSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Refused, Unavailable } from "../shared/failures.ts";
import { bootstrap, type Deployment, deploy, synthesise } from "./deployment.ts";
import { type Emulator, installEmulator, startEmulator } from "./emulator.ts";
import { standIns } from "./gaps.ts";
import { prove } from "./proofs.ts";
import { Steps } from "./steps.ts";
import { openWorld } from "./world.ts";

// npm run sandbox: the stack as it goes to AWS, deployed with the real CDK to an emulator of our own on this machine, and
// the real path proven on it. Everything that it makes lies below .sandbox/.

const directory = fileURLToPath(new URL("../.sandbox", import.meta.url));

/** Overridden so that a person need not wait: an incident is stable after three seconds instead of five minutes. */
const overrides = { incidents: { stabilitySeconds: 3 } };

const print = (line: string) => process.stdout.write(`${line}\n`);
const steps = new Steps(print);
const running: { emulator?: Emulator } = {};

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    await running.emulator?.stop();
    process.exit(signal === "SIGINT" ? 130 : 143);
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Refused || error instanceof Unavailable)) throw error;
  print(error.message);
  process.exitCode = 3;
} finally {
  await running.emulator?.stop();
}

async function main(): Promise<number> {
  mkdirSync(directory, { recursive: true });
  const python = await installEmulator(directory);
  for (const { what, instead } of standIns) print(`not in the emulator: ${what}; ${instead}`);
  const emulator = await startEmulator(directory, python);
  running.emulator = emulator;
  print(`the emulator answers at ${emulator.endpoint}; it prints to ${relative(process.cwd(), emulator.logFile)}`);
  const deployment = await deployed(emulator.endpoint);
  if (deployment !== null) await prove(steps, openWorld(emulator.endpoint, deployment));
  print(steps.summary());
  return steps.failed === 0 ? 0 : 1;
}

async function deployed(endpoint: string): Promise<Deployment | null> {
  const synthesised = await steps.step("cdk synth of production, left out of it", async () => {
    const left = await synthesise(directory, overrides);
    return left.length === 0 ? "nothing" : left.join("; ");
  });
  if (synthesised === null) return null;
  if ((await steps.step("cdk bootstrap", () => bootstrap(directory, endpoint))) === null) return null;
  const deployment = await steps.step("cdk deploy", () => deploy(directory, endpoint));
  return deployment?.value ?? null;
}
