import { outboxQueue } from "../shared/incident/rows.ts";
import { type Instant, iso, minute } from "../shared/instant.ts";
import { severities } from "../shared/severity.ts";
import { ledgerTable } from "./table.ts";
import type { World } from "./world.ts";

/** One minute's sweeps, as the scheduler starts them: first what is due is decided, then it is sent. */
export async function sweep(world: World): Promise<void> {
  await world.escalate();
  await world.wake();
  if (waits(world)) await world.notify({});
}

/**
 * Lets time pass, from one whole minute at which something is due to the next, without walking the empty ones between.
 * What is due at `to` itself runs only if it is `inclusive`: events of the same instant come first.
 */
export async function passTime(world: World, to: Instant, inclusive: boolean): Promise<void> {
  let swept: Instant | null = null;
  for (;;) {
    const due = world.nextSweep();
    if (due === null) break;
    // A minute that left something undone is not swept twice.
    const next: Instant = Math.max(due, swept === null ? firstMinute(world) : swept + minute);
    if (inclusive ? next > to : next >= to) break;
    world.clock.set(next);
    await sweep(world);
    swept = next;
  }
  if (to > world.clock.now()) world.clock.set(to);
}

function firstMinute(world: World): Instant {
  return Math.ceil(world.clock.now() / minute) * minute;
}

function waits({ dynamodb, clock }: World): boolean {
  const now = iso(clock.now());
  return severities.some((severity) => {
    const first = dynamodb.firstInIndex(ledgerTable, "queue", outboxQueue(severity));
    return first?.order?.S !== undefined && first.order.S <= now;
  });
}
