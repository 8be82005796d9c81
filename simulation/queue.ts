import { type Instant, minute } from "../shared/instant.ts";
import { ranks, survived, type Traffic } from "./transport.ts";
import type { World } from "./world.ts";

interface Message {
  messageId: string;
  body: string;
  receives: number;
}

/** The queue hands a message out again after six times the function's time, and gives it up after five receives. */
const visibility = 6 * minute;
const maximumReceives = 5;
const batchSize = 10;

export interface SimulatedQueue {
  /** A document that becomes visible then. */
  put(document: object, at: Instant): void;
}

/**
 * SQS in front of open-incidents: batches, partial failures, visibility, and dead letters. The suite in test/contract holds
 * it, and MiniStack, to what it claims.
 */
export function createQueue(world: World, traffic: Traffic): SimulatedQueue {
  const { clock, faults } = world;
  const visible: Message[] = [];
  const state = { polling: false };

  function arrive(message: Message, at: Instant): void {
    clock.at(at, ranks.arrival, () => {
      if (message.receives === maximumReceives) {
        settle("given up");
        return;
      }
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
    // At least once: now and then two functions work on the same batch.
    const starts = faults.happens("overlap") ? 2 : 1;
    const outcomes = await Promise.allSettled(Array.from({ length: starts }, () => world.open({ Records })));
    const failed = new Set(
      outcomes.flatMap((outcome) =>
        outcome.status === "rejected"
          ? batch.map(({ messageId }) => messageId)
          : outcome.value.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
      ),
    );
    for (const message of batch) {
      // SQS finds out that it was the last time only when it would hand the message out once more.
      if (failed.has(message.messageId)) arrive(message, clock.now() + visibility);
      else settle("taken in");
    }
  }

  function settle(outcome: "taken in" | "given up"): void {
    traffic.underway -= 1;
    if (outcome === "given up") traffic.deadLetters += 1;
  }

  return {
    put(document, at) {
      traffic.sent += 1;
      traffic.underway += 1;
      arrive({ messageId: `message-${traffic.sent}`, body: JSON.stringify(document), receives: 0 }, at);
    },
  };
}
