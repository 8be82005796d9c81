import { type Instant, minute, second } from "../../shared/instant.ts";
import type { SimulatedMetrics } from "../aws/cloudwatch-metrics.ts";
import { createEcs, type ServiceRecord, type SimulatedEcs } from "../aws/ecs.ts";
import type { Chance } from "../chance.ts";
import { account as accountId, region } from "../estate.ts";
import type { World } from "../world.ts";
import { createDarkness, type Darkness } from "./darkness.ts";
import {
  cluster,
  dimensionsOf,
  type Metric,
  measured,
  metricsOf,
  type ScaledService,
  scaledServices,
} from "./estate.ts";
import { createLoad } from "./load.ts";

/** What was in each minute since the beginning, whoever could see it. */
export interface Truth extends Record<Metric, number[]> {
  /** From when on it could be read; infinite where it never was. */
  seenAt: Instant[];
}

export interface Plant {
  readonly ecs: SimulatedEcs;
  /** The first minute of which anything is known. */
  readonly since: Instant;
  readonly truths: ReadonlyMap<string, Truth>;
  /** What happens until then happens: load comes, tasks run, and what is measured of it is published. */
  advance(until: Instant): void;
  /** Told of each minute of each service once it is over. */
  onMinute(listener: (service: ScaledService, at: Instant, index: number) => void): void;
}

interface Running {
  service: ScaledService;
  record: ServiceRecord;
  truth: Truth;
  loadAt: (at: Instant) => number;
  darkness: Darkness;
  measures: { metric: Metric; put: ReturnType<SimulatedMetrics["putter"]> }[];
  /** Tasks that are being started: from then on there are so many. */
  starting: { at: Instant; count: number }[];
  backlog: number;
}

/** So long before the beginning there are points already: nobody starts to measure when Nightshift comes. */
const historyMs = 90 * minute;
/** So long after its end a minute's point can be read. */
const publishingMs = minute;

/** Services that have load, need time to start a task, and are measured as AWS measures them. */
export function createPlant({ clock, cloudwatch, faults }: World, chance: Chance): Plant {
  const since = Math.floor(clock.now() / minute) * minute - historyMs;
  const state = { next: since };
  const listeners: ((service: ScaledService, at: Instant, index: number) => void)[] = [];
  const all = new Map<string, Running>();
  const luck = chance.fork("starting");
  const follow = (record: ServiceRecord) => {
    const found = all.get(record.name);
    if (found !== undefined) start(found, clock.now() + luck.integer(60, 240) * second);
  };
  const ecs = createEcs({ now: clock.now, account: accountId, region, follow });
  for (const service of scaledServices) {
    const own = chance.fork(service.name);
    all.set(service.name, {
      ...{
        service,
        record: ecs.put(cluster, service.name, { desiredCount: service.initial }),
        starting: [],
        backlog: 0,
      },
      measures: metricsOf(service).map((metric) => {
        const identity = { ...measured[metric], dimensions: dimensionsOf(service, metric) };
        return { metric, put: cloudwatch.metrics.putter(identity) };
      }),
      truth: { cpu: [], memory: [], queue: [], seenAt: [] },
      loadAt: createLoad(service, own.fork("load"), since),
      darkness: createDarkness(faults, own.fork("darkness")),
    });
  }
  cloudwatch.metrics.fail = ({ dimensions }) => {
    const found = all.get(dimensions.ServiceName ?? "");
    return found === undefined ? null : found.darkness.statusAt(clock.now());
  };
  return {
    ...{ ecs, since, truths: new Map([...all].map(([name, { truth }]) => [name, truth])) },
    onMinute: (listener) => void listeners.push(listener),
    advance(until) {
      for (; state.next + minute <= until; state.next += minute) {
        const index = (state.next - since) / minute;
        for (const running of all.values()) {
          pass(running, state.next, index);
          publish(running, state.next, index);
          for (const tell of listeners) tell(running.service, state.next, index);
        }
      }
    },
  };
}

function publish({ truth, measures }: Running, at: Instant, index: number): void {
  const availableAt = truth.seenAt[index] ?? Number.POSITIVE_INFINITY;
  if (availableAt === Number.POSITIVE_INFINITY) return;
  for (const { metric, put } of measures) {
    const value = truth[metric][index] ?? 0;
    // Of an empty queue nothing is told.
    if (metric !== "queue" || value > 0) put({ at, value, availableAt });
  }
}

/** Fewer tasks are fewer at once. */
function start({ record, starting }: Running, at: Instant): void {
  if (record.desiredCount <= record.runningCount) record.runningCount = record.desiredCount;
  else starting.push({ at, count: record.desiredCount });
}

/** One minute of a service. */
function pass(running: Running, at: Instant, index: number): void {
  const { service, record, truth, loadAt, darkness } = running;
  while ((running.starting[0]?.at ?? Number.POSITIVE_INFINITY) <= at) {
    const started = Math.min(running.starting.shift()?.count ?? 0, record.desiredCount);
    record.runningCount = Math.max(record.runningCount, started);
  }
  record.pendingCount = Math.max(0, record.desiredCount - record.runningCount);
  const possible = Math.max(record.runningCount, 0.5) * service.perTask;
  const load = loadAt(at) + running.backlog;
  const done = Math.min(load, possible);
  running.backlog = service.queue === null ? 0 : Math.round(load - done);
  // What is deployed starts, and that is work too.
  const starts = record.deployments.length > 1 ? 8 : 0;
  const cpu = Math.min(100, (done / possible) * 100 + starts);
  truth.cpu[index] = cpu;
  truth.memory[index] = 20 + cpu * 0.35;
  truth.queue[index] = running.backlog;
  truth.seenAt[index] = at + minute + publishingMs + darkness.latenessAt(at);
}
