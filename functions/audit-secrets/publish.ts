import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { type Instant, iso } from "../../shared/instant.ts";
import { printable } from "../../shared/text.ts";
import type { Effect } from "./decide.ts";
import { operation } from "./verdict.ts";

export interface Publisher {
  events: Pick<EventBridgeClient, "send">;
  bus: string;
  pause: (attempt: number) => Promise<void>;
}

/** Puts findings on the bus, ten with a call. Resolves to those that the bus did not take, however often it was asked. */
export async function publish(publisher: Publisher, effects: readonly Effect[], now: Instant): Promise<Effect[]> {
  const refused: Effect[] = [];
  for (let from = 0; from < effects.length; from += eventsAtOnce) {
    let left = effects.slice(from, from + eventsAtOnce);
    for (let attempt = 0; left.length > 0 && attempt < maximumAttempts; attempt++) {
      if (attempt > 0) await publisher.pause(attempt);
      left = await put(publisher, left, now);
    }
    refused.push(...left);
  }
  return refused;
}

const eventsAtOnce = 10;
const maximumAttempts = 5;

/** Those that were not taken. */
async function put({ events, bus }: Publisher, effects: readonly Effect[], now: Instant): Promise<Effect[]> {
  const Entries = effects.map((effect) => entryOf(effect, bus, now));
  const { Entries: answers = [] } = await events.send(new PutEventsCommand({ Entries }));
  return effects.filter((_, index) => answers[index]?.EventId === undefined);
}

function entryOf({ type, resource, found }: Effect, bus: string, now: Instant): PutEventsRequestEntry {
  const { rule, severity, message, remedy } = found;
  const state = type === "raise" ? "raised" : "cleared";
  // The function that rotates tells of a failure at once, and the audit of the same one again: it is one finding.
  const finder = rule === "rotation-failed" ? "rotate-secrets" : operation;
  const finding = { version: 1, operation: finder, rule, resource, state, severity, at: iso(now) };
  const Detail = JSON.stringify({ ...finding, message: printable(message), remedy: printable(remedy) });
  return { EventBusName: bus, Source: "nightshift", DetailType: "Finding", Detail };
}
