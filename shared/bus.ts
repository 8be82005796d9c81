import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { Unavailable } from "./failures.ts";
import type { Instant } from "./instant.ts";

/** The event bus of our own, and the way to it. */
export interface Bus {
  client: Pick<EventBridgeClient, "send">;
  name: string;
}

export interface BusEvent {
  /** Finding, SecretRotated, … */
  type: string;
  detail: object;
  at: Instant;
}

/** PutEvents takes so many at once. */
const eventsAtOnce = 10;

/** How often the bus is asked, and how it is waited for in between: from attempt 1 on. */
export interface Patience {
  attempts: number;
  pause: (attempt: number) => Promise<void>;
}

/**
 * Puts events on the bus. Some of a call may be refused while the others are taken: those are tried again. Resolves to those that
 * the bus did not take, however often it was asked, each with the code of its last refusal.
 */
export async function offer<Event extends BusEvent>(
  bus: Bus,
  events: readonly Event[],
  { attempts, pause }: Patience,
): Promise<{ event: Event; code: string }[]> {
  const refused: { event: Event; code: string }[] = [];
  for (let from = 0; from < events.length; from += eventsAtOnce) {
    let left = events.slice(from, from + eventsAtOnce).map((event) => ({ event, code: "" }));
    for (let attempt = 0; left.length > 0 && attempt < attempts; attempt++) {
      if (attempt > 0) await pause(attempt);
      left = await put(
        bus,
        left.map(({ event }) => event),
      );
    }
    refused.push(...left);
  }
  return refused;
}

/** Puts events on the bus, at once or never. Throws `Unavailable` when some are refused to the end; whoever tells them again does no harm. */
export async function tell(bus: Bus, events: readonly BusEvent[]): Promise<void> {
  const refused = await offer(bus, events, { attempts: 3, pause: async () => {} });
  if (refused.length === 0) return;
  const codes = [...new Set(refused.map(({ code }) => code))];
  throw new Unavailable(`the bus ${bus.name} refuses ${refused.length} events: ${codes.join(", ")}`);
}

/** Those that were not taken. */
async function put<Event extends BusEvent>(
  bus: Bus,
  events: readonly Event[],
): Promise<{ event: Event; code: string }[]> {
  const { Entries = [] } = await bus.client.send(new PutEventsCommand({ Entries: events.map(entryOf(bus)) }));
  return events.flatMap((event, index) => {
    const { EventId, ErrorCode = "unknown" } = Entries[index] ?? {};
    return EventId === undefined ? [{ event, code: ErrorCode }] : [];
  });
}

function entryOf({ name }: Bus) {
  return ({ type, detail, at }: BusEvent) => ({
    EventBusName: name,
    Source: "nightshift",
    DetailType: type,
    Detail: JSON.stringify(detail),
    Time: new Date(at),
  });
}
