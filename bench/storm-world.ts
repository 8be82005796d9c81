import type { Configuration } from "../shared/configuration/schema.ts";
import { minute, second } from "../shared/instant.ts";
import { createChance } from "../simulation/chance.ts";
import { eventOf } from "../simulation/documents.ts";
import { account, recordOf, region } from "../simulation/estate.ts";
import { createFaults } from "../simulation/faults.ts";
import { createQueue, type SimulatedQueue } from "../simulation/queue.ts";
import { createScheduler } from "../simulation/scheduler.ts";
import { createWorld, type World } from "../simulation/world.ts";
import { type History, historyOf } from "./storm-history.ts";

export interface Raised {
  world: World;
  history: History;
  /** What the functions sent to AWS. */
  calls: number;
  /** From the first delivery on: the functions, and the services that are simulated for them. */
  cpuMilliseconds: number;
}

/** Everything stood in the queue until the storm was over; then the functions take it in, as fast as ten at once do. */
const backlogSeconds = 60;
/** Then all pages are out, and the summaries that they are folded into. */
const aftermath = 10 * minute;

/** A storm through the real functions, from the queue to the pages, in the simulated world. */
export async function raiseStorm(configuration: Configuration, keys: number, seed: string): Promise<Raised> {
  const chance = createChance(seed);
  const history = historyOf(keys, chance.fork("history"));
  const faults = createFaults("none", chance.fork("faults"));
  const world = await createWorld({ configuration, start: history.from, account, region, faults });
  for (const { alarm, state, at } of history.last()) world.cloudwatch.put({ ...recordOf(alarm, at), state });
  world.clock.set(history.until);
  const queue = createQueue(world, { sent: 0, underway: 0, deadLetters: 0 });
  const { runUntil } = createScheduler(world, chance.fork("scheduler"));
  const before = process.cpuUsage();
  const perSecond = Math.ceil(history.deliveries.length / backlogSeconds);
  for (let from = 0; from < history.deliveries.length; from += perSecond) {
    put(queue, history, history.deliveries.slice(from, from + perSecond), world.clock.now());
    await runUntil(world.clock.now() + second);
  }
  await runUntil(world.clock.now() + aftermath);
  const { user, system } = process.cpuUsage(before);
  return { world, history, calls: faults.commands, cpuMilliseconds: (user + system) / 1_000 };
}

/** Each document is written when it comes, and forgotten when it is taken in. */
function put(queue: SimulatedQueue, history: History, indexes: readonly number[], at: number): void {
  for (const index of indexes) queue.put(eventOf(history.transition(index), `event-${index}`), at);
}
