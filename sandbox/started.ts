import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** A process as it can be found again: ids are given anew, but not together with the time at which it was started. */
export interface Started {
  id: number;
  /** When it was started, as the system says it; only ever compared. */
  at: string;
}

/** The living process that has this id; null where there is none, or where the system does not tell when it was started. */
export function startedProcess(id: number): Started | null {
  const at = process.platform === "linux" ? fromLinux(id) : fromPs(id);
  return at === null ? null : { id, at };
}

export function isRunning({ id, at }: Started): boolean {
  return startedProcess(id)?.at === at;
}

/**
 * Ends a process, and with it the group that it leads: politely, and after `graceSeconds` by force. True once it is gone.
 * Nobody else is touched: the id is held against the time of its start before every signal.
 */
export async function endProcess(started: Started, how: { group: boolean; graceSeconds: number }): Promise<boolean> {
  const target = how.group && process.platform !== "win32" ? -started.id : started.id;
  if (!isRunning(started)) return true;
  signal(target, "SIGTERM");
  const isGoneInPeace = await isGone(started, how.graceSeconds);
  // What is left of a group goes as well: an id is not given anew while a group has it.
  if (isGoneInPeace ? how.group : isRunning(started)) signal(target, "SIGKILL");
  return await isGone(started, 10);
}

async function isGone(started: Started, limitSeconds: number): Promise<boolean> {
  for (const end = Date.now() + limitSeconds * 1_000; isRunning(started); await wait(50)) {
    if (Date.now() >= end) return false;
  }
  return true;
}

function signal(target: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(target, name);
  } catch {
    // ESRCH: it has ended meanwhile.
  }
}

/** Ticks since the machine's start, and which start that was: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function fromLinux(id: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    // The second field is the command's name, which may hold blanks and brackets.
    const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return isOver(state) ? null : `${boot} ${fields[18]}`;
  } catch {
    return null;
  }
}

/** For macOS, and other systems that have it. */
export function fromPs(id: number): string | null {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  const { stdout, status } = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(id)], { encoding: "utf8", env });
  const [, state = "", at = ""] = /^\s*(\S+)\s+(.+?)\s*$/.exec(stdout ?? "") ?? [];
  return status !== 0 || at === "" || isOver(state) ? null : at;
}

/** A zombie has ended, and only waits for its parent to take note. */
function isOver(state: string): boolean {
  return /^[ZX]/.test(state);
}
