import { merge } from "../../shared/configuration/merge.ts";
import { configurationSchema } from "../../shared/configuration/schema.ts";
import { simulateDays } from "../../simulation/days.ts";
import type { World } from "../../simulation/world.ts";
import { onEveryChannel } from "../incident/every-channel.ts";

/** Enough for every kind of story. */
const days = 8;

/**
 * A stretch of simulated days in which the functions do all that they can do: with every kind of story, harsh faults,
 * everybody told on every channel, and limits so low that there are storms and pages that are given up. Shown the world
 * first, so that what is sent to its services can be noted.
 */
export async function simulateStretch(prepare: (world: World) => void): Promise<void> {
  const changes = { incidents: { storm: { pages: 1 } }, notifyResponders: { maximumAttempts: 2 } };
  const configuration = configurationSchema.parse(merge(onEveryChannel, changes));
  await simulateDays({ configuration, seed: "stretch-2", days, faults: "harsh", prepare });
}
