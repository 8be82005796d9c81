import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfiguration } from "../shared/configuration/files.ts";
import { bundleOwn } from "./bundles.ts";
import { type Measure, measure } from "./measure.ts";
import { inDirectory, runNode } from "./processes.ts";
import type { Outcome } from "./storm-outcome.ts";

/** What the storm's process prints. */
export interface Weathered {
  transitions: number;
  calls: number;
  cpuMilliseconds: number;
  peakBytes: number;
  outcome: Outcome;
}

const keys = 500;
const megabyte = 1_048_576;

/** Ten thousand transitions of five hundred services, a fifth of the deliveries doubled, all of them shuffled. */
export function measureStorm(tell: (what: string) => void): Promise<Measure[]> {
  return inDirectory(async (directory) => {
    const { configuration } = loadConfiguration("production");
    const [storm, empty] = [join(directory, "storm.mjs"), join(directory, "empty.mjs")];
    await bundleOwn("storm-process.ts", storm);
    await bundleOwn("empty-process.ts", empty);
    writeFileSync(join(directory, "configuration.json"), JSON.stringify(configuration));
    tell(`storm of ${keys} keys`);
    // V8 has as much memory as a function has; with all of this machine's it would leave a storm's garbage lying.
    const frugal = `--max-heap-size=${configuration.openIncidents.memoryMegabytes}`;
    const idle: Pick<Weathered, "peakBytes"> = JSON.parse(await runNode([frugal, empty]));
    const weathered: Weathered = JSON.parse(await runNode([frugal, storm, String(keys), "bench"]));
    return stormMeasures(weathered, keys, idle.peakBytes);
  });
}

export function stormMeasures(weathered: Weathered, keys: number, idleBytes: number): Measure[] {
  const { transitions, calls, cpuMilliseconds, peakBytes, outcome } = weathered;
  const { lost, incidents, keysWithOneIncident, untold, pages, pagesAstray, sent, sentAtMost } = outcome;
  const peak = (peakBytes - idleBytes) / megabyte;
  return [
    measure("storm.lost", lost, "transitions", { atMost: 0 }, `of ${transitions}, those that left no trace`),
    measure("storm.incidents", incidents, "incidents", { atMost: keys, atLeast: keys }, `of ${keys} keys`),
    measure("storm.keys-with-one", keysWithOneIncident, "keys", { atLeast: keys }, "that have exactly one incident"),
    measure("storm.untold", untold, "incidents", { atMost: 0 }, "of which nobody was told"),
    measure(
      "storm.pages-astray",
      pagesAstray,
      "pages",
      { atMost: 0 },
      `of ${pages}, those not told exactly once, alone or in a summary`,
    ),
    measure(
      "storm.pages",
      sent,
      "messages",
      { atMost: sentAtMost },
      "to people; the goal is what the policy lets through",
    ),
    measure(
      "storm.sdk-calls-per-transition",
      calls / transitions,
      "calls",
      { atMost: 4 },
      "for each distinct transition: duplicates, sweeps and pages included",
    ),
    measure(
      "storm.cpu-per-transition",
      cpuMilliseconds / transitions,
      "ms",
      { atMost: 3 },
      "processor time for each distinct transition, the simulated AWS included",
    ),
    measure(
      "storm.peak-memory",
      peak,
      "MB",
      { atMost: 128 },
      "resident, over an empty Node process; the heap may grow to a function's memory, and holds the simulated AWS too",
    ),
  ];
}
