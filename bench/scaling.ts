import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfiguration } from "../shared/configuration/files.ts";
import { monthlyCost } from "../shared/scaling/metrics.ts";
import { bundleOwn } from "./bundles.ts";
import { type Measure, measure } from "./measure.ts";
import { inDirectory, runNode } from "./processes.ts";
import { type FleetMinute, fleetConfiguration } from "./scaling-fleet.ts";

const targets = 10_000;
const megabyte = 1_048_576;
const heapMegabytes = 160;

/** Ten thousand targets with three metrics each, of which 45 points are wanted, through the queue and the real evaluation. */
export function measureScaling(tell: (what: string) => void): Promise<Measure[]> {
  return inDirectory(async (directory) => {
    const { configuration } = loadConfiguration("production");
    const file = join(directory, "scaling.mjs");
    // Calls are counted by the names of their commands.
    await bundleOwn("scaling-process.ts", file, true);
    writeFileSync(join(directory, "configuration.json"), JSON.stringify(fleetConfiguration(configuration, targets)));
    tell(`a minute of ${targets} targets`);
    // With all of this machine's memory V8 would leave the garbage lying.
    const printed = await runNode([`--max-old-space-size=${heapMegabytes}`, "--max-semi-space-size=4", file]);
    return scalingMeasures(JSON.parse(printed), configuration.scaling.price.perThousandMetrics);
  });
}

export function scalingMeasures(fleet: FleetMinute, perThousandMetrics: number): Measure[] {
  const { evaluated, metrics, points, calls, changes, cpuMilliseconds, simulatedMilliseconds, peakBytes } = fleet;
  const ideal = Math.ceil(metrics / 500);
  const reading = (simulatedMilliseconds.GetMetricData ?? 0) / 1_000;
  const simulated = Object.values(simulatedMilliseconds).reduce((sum, each) => sum + each, 0) / 1_000;
  const eachMinute = monthlyCost(metrics, 1, perThousandMetrics);
  const adaptive = monthlyCost(fleet.adaptive.metrics, 5, perThousandMetrics);
  return [
    measure(
      "scaling.evaluated",
      evaluated,
      "targets",
      { atLeast: fleet.targets },
      `of ${fleet.targets} in one minute, with ${metrics} metrics and ${points} points`,
    ),
    measure(
      "scaling.calls",
      calls.GetMetricData ?? 0,
      "calls",
      { atMost: ideal, atLeast: ideal },
      `of GetMetricData; five hundred metrics with each is the most`,
    ),
    measure("scaling.changes", changes, "calls", { atMost: 0 }, "that change anything, where all is recommended"),
    measure(
      "scaling.cpu",
      cpuMilliseconds / 1_000,
      "s",
      { atMost: 3 },
      `of processor time, of which the simulated AWS takes ${simulated.toFixed(2)} s, its CloudWatch ${reading.toFixed(2)} s`,
    ),
    measure(
      "scaling.memory",
      peakBytes / megabyte,
      "MB",
      { atMost: 256 },
      `at most, the simulated AWS with all its points included; V8 is given ${heapMegabytes} MB for what is old`,
    ),
    measure(
      "scaling.cost",
      adaptive,
      "USD",
      { atMost: eachMinute / 4 },
      `a month at the adaptive cadence where ${fleet.adaptive.nearPercent} in a hundred are near a threshold; ${Math.round(eachMinute)} USD each minute`,
    ),
  ];
}
