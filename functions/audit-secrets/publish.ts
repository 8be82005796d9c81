import { type Bus, offer } from "../../shared/bus.ts";
import type { Instant } from "../../shared/instant.ts";
import { findingEvent } from "../../shared/secrets/findings.ts";
import { printable } from "../../shared/text.ts";
import type { Effect } from "./decide.ts";
import { operation } from "./verdict.ts";

export interface Publisher {
  bus: Bus;
  pause: (attempt: number) => Promise<void>;
}

/** Puts findings on the bus. Resolves to the resources of those that it did not take, one for each. */
export async function publish({ bus, pause }: Publisher, effects: readonly Effect[], now: Instant): Promise<string[]> {
  const refused = await offer(
    bus,
    effects.map((effect) => eventOf(effect, now)),
    { attempts: 5, pause },
  );
  return refused.map(({ event }) => event.resource);
}

function eventOf({ type, resource, found }: Effect, now: Instant) {
  const { rule, severity } = found;
  const state = type === "raise" ? "raised" : "cleared";
  // The function that rotates tells of a failure at once, and the audit of the same one again: it is one finding.
  const finder = rule === "rotation-failed" ? "rotate-secrets" : operation;
  const text = { message: printable(found.message), remedy: printable(found.remedy) };
  return { ...findingEvent({ operation: finder, rule, resource, state, severity, ...text }, now), resource };
}
