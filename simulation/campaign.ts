import { Worker } from "node:worker_threads";
import type { Configuration } from "../shared/configuration/schema.ts";
import { Broken } from "../shared/failures.ts";
import { simulateDays } from "./days.ts";
import { type FaultKind, type FaultLevel, faultKinds, zeroOfEach } from "./fault-rates.ts";

export interface CampaignOptions {
  configuration: Configuration;
  /** The worlds' seeds are this with a number behind it, from `base-1` on. */
  base: string;
  seeds: number;
  /** Of each world. */
  days: number;
  faults: FaultLevel;
  /** How many worlds pass at the same time. */
  cores: number;
  /** Told after each world. */
  progress?: (worldsDone: number) => void;
}

export interface CampaignReport {
  /** Worlds that kept every promise. */
  kept: number;
  /** The others, by the numbers of their seeds: which promises they broke, with the first sentence of each. */
  broken: BrokenWorld[];
  /** How often each fault was injected, and how often into a world that kept every promise all the same. */
  faults: Record<FaultKind, { injected: number; survived: number }>;
  /** The worst of each latency that a promise is about, and the seed that shows it. */
  latencies: Latency[];
}

export interface BrokenWorld {
  seed: string;
  promises: { name: string; sentence: string }[];
}

export interface Latency {
  name: string;
  worstMs: number;
  seed: string;
}

/** Many worlds, each of its own seed, on all cores. The report is the same however many there are. */
export async function campaign(options: CampaignOptions): Promise<CampaignReport> {
  const { configuration, base, seeds, days, faults, progress } = options;
  const cores = Math.max(1, Math.min(options.cores, seeds));
  const report = blankReport();
  const state = { done: 0 };
  const take = (world: World) => {
    add(report, world);
    state.done += 1;
    progress?.(state.done);
  };
  const workers = Array.from({ length: cores }, (_, core) => {
    const errand: Errand = { configuration, base, seeds, days, faults, first: core + 1, step: cores };
    return new Worker(new URL("campaign-worker.ts", import.meta.url), { workerData: errand });
  });
  try {
    await Promise.all(workers.map((worker) => work(worker, take)));
  } finally {
    // Where one has died, what the others would find is of no use.
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  report.broken.sort((left, right) => numbered(left.seed) - numbered(right.seed));
  return report;
}

/** What one worker is to do: every so many-th seed, from the first on. */
export type Errand = Omit<CampaignOptions, "cores" | "progress"> & { first: number; step: number };

/** What is remembered of one world. */
export interface World {
  seed: string;
  faults: Readonly<Record<FaultKind, number>>;
  broken: BrokenWorld["promises"];
  latencies: { name: string; worstMs: number }[];
}

export async function* worldsOf({ first, step, seeds, base, ...options }: Errand): AsyncGenerator<World> {
  for (let number = first; number <= seeds; number += step) {
    const seed = `${base}-${number}`;
    const { promises, faults } = await simulateDays({ ...options, seed });
    yield {
      seed,
      faults,
      broken: promises.flatMap(({ name, broken: [sentence] }) => (sentence === undefined ? [] : [{ name, sentence }])),
      latencies: promises.flatMap(({ name, worstMs }) => (worstMs === undefined ? [] : [{ name, worstMs }])),
    };
  }
}

/** Settles when its worker has ended. */
function work(worker: Worker, take: (world: World) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on("message", take);
    worker.on("error", reject);
    worker.on("exit", (code) => (code === 0 ? resolve() : reject(new Broken(`a worker ended with ${code}`))));
  });
}

function blankReport(): CampaignReport {
  const none = Object.entries(zeroOfEach()).map(([kind, zero]) => [kind, { injected: zero, survived: zero }]);
  return { kept: 0, broken: [], faults: Object.fromEntries(none), latencies: [] };
}

function add(report: CampaignReport, { seed, faults, broken, latencies }: World): void {
  const kept = broken.length === 0;
  if (kept) report.kept += 1;
  else report.broken.push({ seed, promises: broken });
  for (const kind of faultKinds) {
    report.faults[kind].injected += faults[kind];
    if (kept) report.faults[kind].survived += faults[kind];
  }
  for (const { name, worstMs } of latencies) {
    const known = report.latencies.find((each) => each.name === name);
    if (known === undefined) report.latencies.push({ name, worstMs, seed });
    else if (worstMs > known.worstMs || (worstMs === known.worstMs && numbered(seed) < numbered(known.seed))) {
      Object.assign(known, { worstMs, seed });
    }
  }
}

/** The number at the end of a seed. */
function numbered(seed: string): number {
  return Number(seed.slice(seed.lastIndexOf("-") + 1));
}
