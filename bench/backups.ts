import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleAll } from "../shared/configuration/files.ts";
import type { EstateRun } from "./backups-estate.ts";
import { bundleOwn } from "./bundles.ts";
import { type Measure, measure } from "./measure.ts";
import { inDirectory, runNode } from "./processes.ts";

const size = { vaults: 200, points: 50_000 };
const megabyte = 1_048_576;
const heapMegabytes = 160;

/** Fifty thousand recovery points in two hundred vaults, through the real verification. */
export function measureBackups(tell: (what: string) => void): Promise<Measure[]> {
  return inDirectory(async (directory) => {
    const file = join(directory, "backups.mjs");
    // Calls are counted by the names of their commands.
    await bundleOwn("backups-process.ts", file, true);
    writeFileSync(join(directory, "estate.json"), JSON.stringify({ policies: bundleAll(), size }));
    tell(`${size.points} points in ${size.vaults} vaults`);
    // With all of this machine's memory V8 would leave the garbage lying.
    const printed = await runNode([`--max-old-space-size=${heapMegabytes}`, "--max-semi-space-size=4", file]);
    return backupsMeasures(JSON.parse(printed));
  });
}

export function backupsMeasures(run: EstateRun): Measure[] {
  const { vaults, points, counted, calls, leastCalls, allCalls, cpuMilliseconds, simulatedMilliseconds } = run;
  const [resources, unknown] = [Number(counted.resources), Number(counted.UNKNOWN ?? 0)];
  const simulated = (simulatedMilliseconds / 1_000).toFixed(2);
  return [
    measure(
      "backups.unknown",
      unknown,
      "resources",
      { atMost: 0 },
      `of ${resources}, with ${points} points in ${vaults} vaults`,
    ),
    measure(
      "backups.calls",
      calls / leastCalls,
      "ratio",
      { atMost: 1.05 },
      `${calls} calls of AWS Backup against the least of ${leastCalls}; ${allCalls} of all services`,
    ),
    measure(
      "backups.cpu",
      cpuMilliseconds / 1_000,
      "s",
      { atMost: 3 },
      `of processor time, evidence included; the simulated AWS takes ${simulated} s of it`,
    ),
    measure(
      "backups.memory",
      run.peakBytes / megabyte,
      "MB",
      { atMost: 256 },
      `at most, the simulated AWS with all its points included; V8 is given ${heapMegabytes} MB for what is old`,
    ),
  ];
}
