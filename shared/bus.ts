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
const maximumAttempts = 3;

/**
 * Puts events on the bus. Some of a call may be refused while the others are taken: those are tried again. Throws `Unavailable`
 * when some are refused to the end; whoever tells them again does no harm.
 */
export async function tell(bus: Bus, events: readonly BusEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += eventsAtOnce) {
    let wanted = events.slice(from, from + eventsAtOnce);
    for (let attempt = 1; wanted.length > 0; attempt++) {
      const { Entries = [] } = await bus.client.send(new PutEventsCommand({ Entries: wanted.map(entryOf(bus)) }));
      const refused = wanted.filter((_, index) => Entries[index]?.ErrorCode !== undefined);
      if (refused.length > 0 && attempt === maximumAttempts) {
        const codes = [...new Set(Entries.flatMap(({ ErrorCode }) => ErrorCode ?? []))];
        throw new Unavailable(`the bus ${bus.name} refuses ${refused.length} events: ${codes.join(", ")}`);
      }
      wanted = refused;
    }
  }
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
