import { loadConfiguration } from "../shared/configuration/files.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { type Only, simulateDays } from "../simulation/days.ts";
import { stories } from "../simulation/stories.ts";
import { type Measure, measure } from "./measure.ts";

const rounds = 8;
const seeds = 25;

/** The alarms' stories, without what is looked after beside them. */
const alarmsOnly: Only = { stories: new Set(Object.keys(stories).map((name) => `${name}:1`)), faults: null };

/**
 * How fast the simulation is: days of the example estate with the usual faults, each from a seed of its own, the same in
 * every round; and the same days with secrets, with services that are scaled, and with the functions that look after them. The best
 * round counts: what the machine does beside it can only make it slower.
 */
export async function measureDays(tell: (what: string) => void): Promise<Measure[]> {
  const { configuration } = loadConfiguration("production");
  const rates: number[] = [];
  const wholeRates: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    tell(`days, round ${round} of ${rounds}`);
    rates.push(await rateOf(configuration, alarmsOnly));
    wholeRates.push(await rateOf(configuration, { stories: null, faults: null }));
  }
  const what = `simulated days for each second of processor time, the best of ${rounds} rounds of ${seeds}`;
  return [
    measure("days.seeds-per-second", Math.max(...rates), "seeds/s", { atLeast: 20 }, what),
    measure("days.seeds-per-second-with-everything", Math.max(...wholeRates), "seeds/s", { atLeast: 10 }, what),
  ];
}

async function rateOf(configuration: Configuration, only: Only): Promise<number> {
  // Processor time of all threads: one core could not do more in that time.
  const before = process.cpuUsage();
  for (let index = 1; index <= seeds; index++) {
    await simulateDays({ configuration, seed: `bench-${index}`, days: 1, faults: "usual", only });
  }
  const { user, system } = process.cpuUsage(before);
  return seeds / ((user + system) / 1_000_000);
}
