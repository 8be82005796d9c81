import { type Instant, minute, second } from "../shared/instant.ts";
import type { Chance } from "./chance.ts";
import { sweep } from "./sweeping.ts";
import type { World } from "./world.ts";

/** How what happens in the account comes to the functions: late, doubled, overtaken, lost, and tried again. */
export interface Transport {
  /** Through a rule or a topic into the queue. It takes a moment, and may be lost unless it is `certain`. */
  send(document: object, certain?: boolean): void;
  /** As an alarm's Lambda action: the invocation is tried again after one minute and after two more. */
  invoke(document: object): void;
  /** The sweeps that the scheduler should have started, and did not. */
  readonly missed: Instant[];
  /** Every document that was not lost on its way. */
  readonly delivered: readonly object[];
  readonly sent: number;
  readonly lost: number;
  /** Deliveries that were given up. */
  readonly deadLetters: number;
  /** Deliveries on their way. */
  readonly underway: number;
  /** Starts the sweep of every minute in which there is something to do, until then. Runs whatever is asked of the clock. */
  runUntil(until: Instant): Promise<void>;
}

interface Message {
  messageId: string;
  body: string;
  receives: number;
}

/** The queue hands a message out again after six times the function's time, and gives it up after five receives. */
const visibility = 6 * minute;
const maximumReceives = 5;
const batchSize = 10;
/** So long after a change of an alarm the sweep has something to compare. */
const comparing = 4 * minute;

// Of what is due at one instant, what happens comes before who looks.
const ranks = { happening: 0, arrival: 1, poll: 2, sweep: 3 };

export function createTransport(world: World, chance: Chance): Transport {
  const { clock, faults } = world;
  const visible: Message[] = [];
  const missed: Instant[] = [];
  const delivered: object[] = [];
  const state = { sent: 0, lost: 0, deadLetters: 0, underway: 0, polling: false, swept: 0, revision: 0, changedAt: 0 };

  function arrive(message: Message, at: Instant): void {
    clock.at(at, ranks.arrival, () => {
      visible.push(message);
      if (state.polling) return;
      state.polling = true;
      clock.at(clock.now(), ranks.poll, poll);
    });
  }

  async function poll(): Promise<void> {
    state.polling = false;
    while (visible.length > 0) {
      const batch = visible.splice(0, batchSize);
      for (const message of batch) message.receives += 1;
      await take(batch);
      await survived(world.wake());
    }
  }

  async function take(batch: readonly Message[]): Promise<void> {
    const Records = batch.map(({ messageId, body }) => ({ messageId, body, eventSource: "aws:sqs" }));
    const twice = faults.happens("overlap")
      ? [world.open({ Records }), world.open({ Records })]
      : [world.open({ Records })];
    const outcomes = await Promise.allSettled(twice);
    const failed = new Set(
      outcomes.flatMap((outcome) =>
        outcome.status === "rejected"
          ? batch.map(({ messageId }) => messageId)
          : outcome.value.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
      ),
    );
    for (const message of batch) {
      if (!failed.has(message.messageId)) state.underway -= 1;
      else if (message.receives < maximumReceives) arrive(message, clock.now() + visibility);
      else {
        state.underway -= 1;
        state.deadLetters += 1;
      }
    }
  }

  async function invocation(document: object, attempt: number): Promise<void> {
    if (await survived(world.open(document))) state.underway -= 1;
    else if (attempt < 3)
      clock.at(clock.now() + attempt * minute, ranks.arrival, () => invocation(document, attempt + 1));
    // Its failures go to the same dead letters as the queue's.
    else {
      state.underway -= 1;
      state.deadLetters += 1;
    }
    await survived(world.wake());
  }

  /** One start by the scheduler: on time, late, twice at once, or not at all. */
  function schedule(at: Instant): void {
    if (faults.happens("missedSchedule")) {
      missed.push(at);
      return;
    }
    const late = faults.happens("lateSchedule") ? chance.integer(1, 50) * second : 0;
    clock.at(at + late, ranks.sweep, async () => {
      const { complete } = world.collected.sweeps;
      const twice = faults.happens("overlap") ? [sweep(world), sweep(world)] : [sweep(world)];
      await Promise.allSettled(twice);
      // A sweep that broke off is as good as none.
      if (world.collected.sweeps.complete === complete) missed.push(at);
    });
  }

  function nextMinute(): Instant | null {
    if (world.cloudwatch.revision !== state.revision) {
      state.revision = world.cloudwatch.revision;
      state.changedAt = clock.now();
    }
    const due = world.nextSweep();
    const now = clock.now();
    const compares = now - state.changedAt < comparing;
    if (due === null && !compares) return null;
    const wanted = compares ? now : Math.max(due ?? now, now);
    return Math.max(Math.ceil(wanted / minute) * minute, state.swept + minute);
  }

  return {
    missed,
    delivered,
    get sent() {
      return state.sent;
    },
    get lost() {
      return state.lost;
    },
    get deadLetters() {
      return state.deadLetters;
    },
    get underway() {
      return state.underway;
    },
    send(document, certain = false) {
      if (!certain && faults.happens("lostEvent")) {
        state.lost += 1;
        return;
      }
      delivered.push(document);
      const copies = faults.happens("duplicateDelivery") ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        state.sent += 1;
        state.underway += 1;
        const delay = chance.integer(200, 3_000) + (faults.happens("reorder") ? chance.integer(5, 180) * second : 0);
        const messageId = `message-${state.sent}`;
        const later = copy === 0 ? 0 : chance.integer(0, 90) * second;
        arrive({ messageId, body: JSON.stringify(document), receives: 0 }, clock.now() + delay + later);
      }
    },
    invoke(document) {
      delivered.push(document);
      const copies = faults.happens("duplicateDelivery") ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        state.sent += 1;
        state.underway += 1;
        clock.at(clock.now() + chance.integer(100, 2_000), ranks.arrival, () => invocation(document, 1));
      }
    },
    async runUntil(until) {
      for (;;) {
        const sweepAt = nextMinute();
        const actAt = clock.next();
        if (sweepAt !== null && sweepAt <= until && (actAt === null || sweepAt <= actAt)) {
          state.swept = sweepAt;
          schedule(sweepAt);
          continue;
        }
        if (actAt === null || actAt > until) break;
        await clock.runUntil(actAt);
      }
      if (until > clock.now()) await clock.runUntil(until);
    },
  };
}

/** False when the invocation failed: AWS counts it, and so may the caller. */
async function survived(invocation: Promise<unknown>): Promise<boolean> {
  try {
    await invocation;
    return true;
  } catch {
    return false;
  }
}

export const happeningRank = ranks.happening;
