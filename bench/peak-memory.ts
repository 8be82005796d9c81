import { existsSync, readFileSync } from "node:fs";

const status = "/proc/self/status";

/** The most memory, in bytes, that this process ever had. */
export function peakMemory(): number {
  // What Linux tells with `getrusage` is inherited: a small process seems as large as the one that started it was.
  const kilobytes = existsSync(status) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, "utf8"))?.[1] : undefined;
  return Number(kilobytes ?? process.resourceUsage().maxRSS) * 1_024;
}
