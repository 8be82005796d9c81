import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Bus } from "../../shared/bus.ts";
import type { Dependencies as Common } from "../../shared/dependencies.ts";
import { reasonOf } from "../../shared/failures.ts";
import { readFreeze } from "../../shared/freezes.ts";
import { hour, type Instant, minute, second } from "../../shared/instant.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import { nothingRemembered, readRemembered } from "../../shared/scaling/decisions.ts";
import { type Meter, monthlyCost, type Recollection } from "../../shared/scaling/metrics.ts";
import type { Target } from "../../shared/scaling/policy.ts";
import type { Actors } from "./act.ts";
import { frozenWords } from "./apply.ts";
import { type Discovered, discover } from "./discover.ts";
import { evaluateShard, throwFailures } from "./evaluate-shard.ts";
import { operation } from "./findings.ts";
import { type Looked, type Looking, look } from "./look.ts";
import type { Observers } from "./observers.ts";
import { pointsPerSecond } from "./quota.ts";
import { delaysOf, parseShard, type Shard, sendShards, shardsOf } from "./shards.ts";

/** What a function keeps between two invocations, as long as its process lives. Losing it costs calls, never correctness. */
export interface Warm {
  targets: { at: Instant; list: Target[] } | null;
  quota: { at: Instant; pointsPerSecond: number } | null;
  recollections: Map<string, Recollection>;
}

export function coldStart(): Warm {
  return { targets: null, quota: null, recollections: new Map() };
}

export interface Dependencies extends Common {
  observers: Observers;
  /** Null where no target acts. */
  actors: Actors | null;
  queue: { client: Pick<SQSClient, "send">; url: string };
  /** The table of decisions. */
  decisionsTable: string;
  bus: Bus;
  warm: Warm;
}

/** What the queue is told: these messages come again. */
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/**
 * Each minute: every target is evaluated, in shards that go through a queue to this same function; what fits in one shard is evaluated
 * at once. A batch of the queue: each shard succeeds or fails by itself.
 */
export async function run(event: unknown, dependencies: Dependencies): Promise<BatchResponse> {
  const records = recordsOf(event);
  if (records === null) {
    await tick(dependencies);
    return { batchItemFailures: [] };
  }
  const batchItemFailures: BatchResponse["batchItemFailures"] = [];
  for (const { messageId, body } of records) {
    const shard = parseShard(body, dependencies.configuration);
    const done = shard !== null && (await evaluated(shard, dependencies));
    if (shard === null) dependencies.log.error("a message that is no shard", { messageId });
    if (!done) batchItemFailures.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures };
}

function recordsOf(event: unknown): { messageId: string; body: string }[] | null {
  const records: unknown = Object(event).Records;
  if (!Array.isArray(records)) return null;
  return records.map((record: unknown) => ({
    messageId: String(Object(record).messageId),
    body: String(Object(record).body),
  }));
}

async function tick(dependencies: Dependencies): Promise<void> {
  const { log, now, queue, configuration, warm, observers } = dependencies;
  const at = Math.floor(now() / minute) * minute;
  const targets = await knownTargets(dependencies);
  const shards = shardsOf(targets, at);
  // What fails from then on is told by its own alarm; this line is the heartbeat.
  const planned = () => log.info("scaling planned", { targets: targets.length, shards: shards.length });
  const [only, ...others] = shards;
  if (only !== undefined && others.length === 0) {
    planned();
    return throwFailures(await evaluateShard(only, dependencies));
  }
  if (shards.length > 0) {
    if (warm.quota === null || at - warm.quota.at >= hour) {
      warm.quota = { at, pointsPerSecond: await pointsPerSecond(observers.quotas, log) };
    }
    const allowed = (warm.quota.pointsPerSecond * configuration.evaluateScaling.quotaPercent) / 100;
    await sendShards(queue.client, queue.url, shards, delaysOf(shards, allowed));
  }
  planned();
}

/** Tags are looked up every few minutes: what is new is not scaled a moment earlier than it is useful. */
const targetsKeptMs = 10 * minute;

async function knownTargets({ warm, now, log, observers, configuration }: Dependencies): Promise<Target[]> {
  const { targets } = warm;
  if (targets !== null && now() - targets.at < targetsKeptMs) return targets.list;
  const { targets: list, gaps } = await discover(observers, configuration);
  for (const gap of gaps) log.error("targets not looked up", { gap });
  // What was known before is better than less: it is looked up again in the next minute.
  if (gaps.length > 0) return targets !== null && targets.list.length > list.length ? targets.list : list;
  warm.targets = { at: now(), list };
  return list;
}

/** Older than this, a minute's work is the next one's. */
const staleMs = 90 * second;

async function evaluated(shard: Shard, dependencies: Dependencies): Promise<boolean> {
  const { log, now } = dependencies;
  const late = now() - shard.at;
  if (late > staleMs) {
    log.warn("stale shard", { targets: shard.targets.length, late });
    return true;
  }
  try {
    throwFailures(await evaluateShard(shard, dependencies));
    return true;
  } catch (error) {
    log.error("shard failed", { targets: shard.targets.length, reason: reasonOf(error) });
    return false;
  }
}

/** What a dry run is told with. */
export interface Report {
  at: Instant;
  /** By name. */
  targets: Looked[];
  /** Of all that there are, also where only one was asked for. */
  names: string[];
  /** What could not be looked up, in sentences. */
  gaps: string[];
  meter: Meter;
  /** What all of this costs a month, looked at every minute. */
  monthlyCost: number;
  frozen: string | null;
}

/** Evaluates every target, or those that are named, and changes nothing: neither in AWS, nor in a table, nor on the bus. */
export async function report(options: {
  observers: Observers;
  configuration: Dependencies["configuration"];
  /** Null where nobody has named the tables: then nothing is remembered. */
  ledger: Ledger | null;
  decisions: Ledger | null;
  at: Instant;
  /** One target's name; all of them where it is null. */
  only: string | null;
  /** Whether AWS is asked about the targets themselves: of the past it knows nothing. */
  ask: "all" | "none";
}): Promise<Report> {
  const { observers, configuration, ledger, decisions, at, only } = options;
  const freeze = ledger === null ? null : await readFreeze(ledger, operation);
  const frozen = freeze === null ? null : frozenWords(freeze);
  const { targets: all, gaps } = await discover(observers, configuration);
  const targets = all.filter(({ name }) => only === null || name === only);
  const meter: Meter = { calls: 0, metrics: 0, points: 0 };
  const looking: Looking = { observers, configuration, at, frozen, ask: options.ask, recollections: new Map(), meter };
  const looked: Looked[] = [];
  for (const { targets: some } of shardsOf(targets, at)) {
    const policies = some.map(({ policy }) => policy);
    const remembered = decisions === null ? policies.map(nothingRemembered) : await readRemembered(decisions, policies);
    const candidates = some.flatMap((target, index) => {
      const own = remembered[index];
      return own === undefined ? [] : [{ target, remembered: own }];
    });
    looked.push(...(await look(looking, candidates)));
  }
  looked.sort((left, right) => (left.target.name < right.target.name ? -1 : 1));
  const { perThousandMetrics } = configuration.scaling.price;
  const names = all.map(({ name }) => name);
  return {
    at,
    targets: looked,
    names,
    gaps,
    meter,
    frozen,
    monthlyCost: monthlyCost(meter.metrics, 1, perThousandMetrics),
  };
}

/** Every target, named or tagged, without looking at any. */
export function allTargets(observers: Observers, configuration: Dependencies["configuration"]): Promise<Discovered> {
  return discover(observers, configuration);
}
