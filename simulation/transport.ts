import { type Instant, minute, second } from "../shared/instant.ts";
import type { Chance } from "./chance.ts";
import { createQueue } from "./queue.ts";
import { createScheduler } from "./scheduler.ts";
import type { World } from "./world.ts";

/** How what happens in the account comes to the functions: late, doubled, overtaken, lost, and tried again. */
export interface Transport {
  /** Through a rule or a topic into the queue. It takes a moment, and may be lost unless it is `certain`. */
  send(document: object, certain?: boolean): void;
  /** As an alarm's Lambda action: the invocation is tried again after one minute and after two more. */
  invoke(document: object): void;
  /** The sweeps that the scheduler should have started, and did not, or that broke off. */
  readonly missed: readonly Instant[];
  /** Every document that was not lost on its way. */
  readonly delivered: readonly object[];
  /** Copies included. */
  readonly sent: number;
  /** Deliveries that were given up. */
  readonly deadLetters: number;
  /** Deliveries on their way. */
  readonly underway: number;
  /** Starts the sweep of every minute in which there is something to do, until then. Runs whatever is asked of the clock. */
  runUntil(until: Instant): Promise<void>;
}

/** What is under way, and what became of it. */
export interface Traffic {
  sent: number;
  underway: number;
  deadLetters: number;
}

/** Of what is due at one instant, what happens comes before who looks. */
export const ranks = { happening: 0, arrival: 1, poll: 2, sweep: 3, person: 4 };

export function createTransport(world: World, chance: Chance): Transport {
  const { clock, faults } = world;
  const traffic: Traffic = { sent: 0, underway: 0, deadLetters: 0 };
  const delivered: object[] = [];
  const queue = createQueue(world, traffic);
  const scheduler = createScheduler(world, chance);
  const twiceNowAndThen = () => (faults.happens("duplicateDelivery") ? [0, chance.integer(0, 90) * second] : [0]);

  return {
    delivered,
    missed: scheduler.missed,
    runUntil: scheduler.runUntil,
    get sent() {
      return traffic.sent;
    },
    get deadLetters() {
      return traffic.deadLetters;
    },
    get underway() {
      return traffic.underway;
    },
    send(document, certain = false) {
      if (!certain && faults.happens("lostEvent")) return;
      delivered.push(document);
      for (const later of twiceNowAndThen()) {
        const overtaken = faults.happens("reorder") ? chance.integer(5, 180) * second : 0;
        queue.put(document, clock.now() + chance.integer(200, 3_000) + overtaken + later);
      }
    },
    invoke(document) {
      delivered.push(document);
      for (const later of twiceNowAndThen()) {
        traffic.sent += 1;
        traffic.underway += 1;
        const at = clock.now() + chance.integer(100, 2_000) + later;
        clock.at(at, ranks.arrival, () => invocation(world, traffic, document, 1));
      }
    },
  };
}

const maximumInvocations = 3;

/** Lambda's asynchronous invocation: what fails three times goes to the same dead letters as the queue's. */
async function invocation(world: World, traffic: Traffic, document: object, attempt: number): Promise<void> {
  const { clock } = world;
  if (await survived(world.open(document))) traffic.underway -= 1;
  else if (attempt < maximumInvocations) {
    const again = clock.now() + attempt * minute;
    clock.at(again, ranks.arrival, () => invocation(world, traffic, document, attempt + 1));
  } else {
    traffic.underway -= 1;
    traffic.deadLetters += 1;
  }
  await survived(world.wake());
}

/** False when the invocation failed: AWS counts it, and so may the caller. */
export async function survived(invoked: Promise<unknown>): Promise<boolean> {
  try {
    await invoked;
    return true;
  } catch {
    return false;
  }
}
