import type { ECSClient } from "@aws-sdk/client-ecs";
import type { Bus } from "../../shared/bus.ts";
import type { Dependencies as Common } from "../../shared/dependencies.ts";
import { Broken, Refused, reasonOf, Unavailable } from "../../shared/failures.ts";
import { readFreeze } from "../../shared/freezes.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import type { Failure } from "../../shared/secrets/failure.ts";
import type { Outside } from "../../shared/secrets/outside.ts";
import type { Strategy } from "../../shared/secrets/strategy.ts";

export interface Dependencies extends Common {
  outside: Outside;
  bus: Bus;
  ecs: Pick<ECSClient, "send">;
  /** Where we are: a secret whose primary is elsewhere is a replica. */
  region: string;
  strategyNamed: (name: string) => Promise<Strategy | Failure>;
}

/** One sweep under way. */
export interface Sweep extends Omit<Dependencies, "ledger" | "table" | "deadline"> {
  ledger: Ledger;
  failures: string[];
  hasTime: () => boolean;
}

/** One thing that fails holds up no other; the sweep as a whole fails all the same. */
export async function attempt({ failures, log }: Sweep, what: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    // A driver's or a service's own words may repeat what they were sent.
    const reason = isOurs(error) ? reasonOf(error) : error instanceof Error ? error.name : "unknown";
    failures.push(`${what}: ${reason}`);
    log.error("sweep failed", { what, reason });
  }
}

/** Read before everything that is changed: somebody may have stopped the operation a moment ago. */
export async function isFrozen({ ledger, log }: Sweep): Promise<boolean> {
  const freeze = await readFreeze(ledger, "heal-rotations");
  if (freeze !== null) log.warn("frozen: nothing is changed", { by: freeze.by, reason: freeze.reason });
  return freeze !== null;
}

function isOurs(error: unknown): boolean {
  return error instanceof Refused || error instanceof Unavailable || error instanceof Broken;
}
