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

/** What a process holds from its warm-up to its end. */
export interface Growth {
  warm: Memory;
  last: Memory;
}

/** More than that between the two is no noise of the collector's, but something that is kept. In MiB. */
export const maximumGrowth: Memory = { heap: 8, resident: 160 };

export function leaks({ warm, last }: Growth): boolean {
  return last.heap - warm.heap > maximumGrowth.heap || last.resident - warm.resident > maximumGrowth.resident;
}

function mebibytes(bytes: number): number {
  return Math.round((bytes / 1_048_576) * 10) / 10;
}
