import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What a process holds after its garbage is gone, in MiB. */
export interface Memory {
  heap: number;
  resident: number;
}

/** Collects garbage first, so that what is left is what is kept. */
export function memoryKept(): Memory {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: mebibytes(heapUsed), resident: mebibytes(rss) };
}

function mebibytes(bytes: number): number {
  return Math.round((bytes / 1_048_576) * 10) / 10;
}
