import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Refused, Unavailable } from "../shared/failures.ts";
import { printable } from "../shared/text.ts";
import { readWish, usage, type Wish } from "./arguments.ts";
import { bootstrap, type Deployment, deploy, synthesise } from "./deployment.ts";
import { installEmulator, startEmulator } from "./emulator.ts";
import { standIns } from "./gaps.ts";
import { guide } from "./guide.ts";
import { leavePlace, recordKept, stopKept, takePlace } from "./kept.ts";
import { installMoto, leadingTo, startMoto } from "./moto.ts";
import { prove } from "./proofs.ts";
import type { Server } from "./server.ts";
import { scalingOverrides, startServices } from "./services.ts";
import { setAlarm } from "./set-alarm.ts";
import { type Started, startedProcess } from "./started.ts";
import { Steps } from "./steps.ts";
import { openWorld } from "./world.ts";

// npm run sandbox: the stack as it goes to AWS, deployed with the real CDK to an emulator of our own on this machine, and
// the real path proven on it. Everything that it makes lies below .sandbox/.

const directory = fileURLToPath(new URL("../.sandbox", import.meta.url));

/** Overridden so that a person need not wait: an incident is stable after three seconds instead of five minutes. */
const overrides = { incidents: { stabilitySeconds: 3 }, scaling: scalingOverrides };

const print = (line: string) => process.stdout.write(`${line}\n`);
const steps = new Steps(print);
/** What must not be left behind. */
const running: { servers: Server[]; hasPlace: boolean } = { servers: [], hasPlace: false };

for (const [signal, code] of [["SIGHUP", 129] as const, ["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
  process.once(signal, async () => {
    await clearAway();
    process.exit(code);
  });
}

try {
  const wish = readWish(process.argv.slice(2));
  mkdirSync(directory, { recursive: true });
  process.exitCode = await grant(wish);
} catch (error) {
  if (!(error instanceof Refused || error instanceof Unavailable)) throw error;
  process.stderr.write(`sandbox: ${printable(error.message)}\n`);
  process.exitCode = error instanceof Refused ? 2 : 3;
} finally {
  await clearAway();
}

async function grant(wish: Wish): Promise<number> {
  switch (wish.type) {
    case "help":
      for (const line of usage) print(line);
      return 0;
    case "stop":
      print(await stopKept(directory));
      return 0;
    case "set":
      print(await setAlarm(directory, wish.alarm, wish.state));
      return 0;
    case "prove":
      return wish.keep ? await proveAndKeep() : await proveIn(directory, () => {});
    default:
      return wish satisfies never;
  }
}

/** In a directory of its own, so that whatever is proven beside it leaves it alone. */
async function proveAndKeep(): Promise<number> {
  takePlace(directory);
  running.hasPlace = true;
  const own = join(directory, "kept");
  mkdirSync(own, { recursive: true });
  return await proveIn(own, ({ emulator, moto }, deployment) => {
    const { endpoint, logFile } = emulator;
    const beside = [started(moto)];
    recordKept(directory, { status: "kept", process: started(emulator), beside, endpoint, logFile, deployment });
    for (const server of running.servers.splice(0)) server.leave();
    running.hasPlace = false;
    const reachable = { endpoint, logFile: shown(logFile), deployment, overrides, elsewhere: leadingTo(moto) };
    for (const line of guide(reachable)) print(line);
  });
}

function started({ processId, logFile }: Server): Started {
  const found = startedProcess(processId);
  if (found === null) throw new Unavailable(`the emulator has ended; see ${shown(logFile)}`);
  return found;
}

/** The emulator, and the one beside it for what it lacks. */
interface Servers {
  emulator: Server;
  moto: Server;
}

/** Ends with 1 where a proof failed. `last` is called where there is something deployed, whatever became of the proofs. */
async function proveIn(own: string, last: (servers: Servers, deployment: Deployment) => void): Promise<number> {
  const servers = await startServers(own);
  const { endpoint } = servers.emulator;
  await steps.step("ECS services are there, two of them with the tag that lets them be scaled", () =>
    startServices(endpoint),
  );
  const deployment = await deployed(own, endpoint);
  if (deployment !== null) await prove(steps, openWorld(endpoint, deployment));
  print(steps.summary());
  if (deployment !== null) last(servers, deployment);
  return steps.failed === 0 ? 0 : 1;
}

async function startServers(own: string): Promise<Servers> {
  const python = await installEmulator(directory);
  const other = await installMoto(directory);
  for (const { what, instead } of standIns) print(`not in the emulator: ${what}; ${instead}`);
  const moto = await startMoto(own, other);
  running.servers.push(moto);
  const emulator = await startEmulator(own, python, leadingTo(moto));
  running.servers.push(emulator);
  print(`the emulator answers at ${emulator.endpoint}; it prints to ${shown(emulator.logFile)}`);
  return { emulator, moto };
}

async function deployed(own: string, endpoint: string): Promise<Deployment | null> {
  const synthesised = await steps.step("cdk synth of production, left out of it", async () => {
    const left = await synthesise(own, overrides);
    return left.length === 0 ? "nothing" : left.join("; ");
  });
  if (synthesised === null) return null;
  if ((await steps.step("cdk bootstrap", () => bootstrap(own, endpoint))) === null) return null;
  const deployment = await steps.step("cdk deploy", () => deploy(own, endpoint));
  return deployment?.value ?? null;
}

async function clearAway(): Promise<void> {
  const { servers, hasPlace } = running;
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  if (hasPlace) leavePlace(directory);
}

function shown(file: string): string {
  return relative(process.cwd(), file);
}
