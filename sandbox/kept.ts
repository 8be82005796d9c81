import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refused, Unavailable } from "../shared/failures.ts";
import type { Deployment } from "./deployment.ts";
import { endProcess, isRunning, type Started, startedProcess } from "./started.ts";

/** The sandbox that goes on running, as `.sandbox/kept.json` has it. There is one at most. */
export type Kept =
  /** `npm run sandbox -- --keep` is at work; that is the process. */
  | { status: "starting"; process: Started }
  /** The process is the emulator; it leads a group, and so does each that runs beside it. */
  | { status: "kept"; process: Started; beside: Started[]; endpoint: string; logFile: string; deployment: Deployment };

/** The one that runs; null where there is none, or where what the file tells of has ended. */
export function findKept(directory: string): Kept | null {
  const kept = readKept(directory);
  return kept !== null && isRunning(kept.process) ? kept : null;
}

/** Takes the one place for this process, and clears away what an earlier one left there. Throws `Refused` where it is taken. */
export function takePlace(directory: string): void {
  const taken = findKept(directory);
  if (taken !== null) throw new Refused(placeTaken(taken));
  const own = startedProcess(process.pid);
  if (own === null) {
    throw new Refused(
      "this system does not tell when a process was started, so a kept sandbox could not be ended safely",
    );
  }
  rmSync(fileIn(directory), { force: true });
  try {
    writeFileSync(fileIn(directory), textOf({ status: "starting", process: own }), { flag: "wx" });
  } catch (cause) {
    throw new Refused("another sandbox was started at this very moment; see npm run sandbox -- --stop", { cause });
  }
}

/** Says that the sandbox of this place runs by itself now. */
export function recordKept(directory: string, kept: Kept): void {
  const file = fileIn(directory);
  writeFileSync(`${file}.new`, textOf(kept));
  renameSync(`${file}.new`, file);
}

export function leavePlace(directory: string): void {
  rmSync(fileIn(directory), { force: true });
}

/** Ends the sandbox that is kept, waits until it is gone, and says so in a line. Throws `Unavailable` where it does not end. */
export async function stopKept(directory: string, graceSeconds = 20): Promise<string> {
  const kept = readKept(directory);
  for (const each of kept?.status === "kept" ? kept.beside : []) await endProcess(each, { group: true, graceSeconds });
  if (kept === null || !isRunning(kept.process)) {
    leavePlace(directory);
    return "nothing is running";
  }
  const { process: started, status } = kept;
  // What is still starting ends its emulator itself, and leads no group.
  if (!(await endProcess(started, { group: status === "kept", graceSeconds }))) {
    throw new Unavailable(`the sandbox does not end (process ${started.id})`);
  }
  leavePlace(directory);
  return `the sandbox is stopped (process ${started.id})`;
}

function placeTaken(kept: Kept): string {
  const what = kept.status === "kept" ? `kept at ${kept.endpoint}` : "being started";
  return `a sandbox is ${what} already (process ${kept.process.id}); to end it: npm run sandbox -- --stop`;
}

function fileIn(directory: string): string {
  return join(directory, "kept.json");
}

function textOf(kept: Kept): string {
  return `${JSON.stringify(kept, null, 2)}\n`;
}

/** Null for a file that is not there, and for one that is not whole: the machine went down while it was written. */
function readKept(directory: string): Kept | null {
  try {
    const read: Kept = JSON.parse(readFileSync(fileIn(directory), "utf8"));
    const beside = read.status === "kept" ? read.beside : [];
    return [read.process, ...beside].every(isOne) ? read : null;
  } catch {
    return null;
  }
}

/** 0 and 1, and what is below, stand for more than one process where a signal is sent. */
function isOne({ id, at }: Started): boolean {
  return Number.isSafeInteger(id) && id > 1 && typeof at === "string";
}
