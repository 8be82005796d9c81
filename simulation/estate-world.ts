import type { Chance } from "./chance.ts";
import { account, estate, recordOf, region } from "./estate.ts";
import { createHappenings, type Happenings } from "./happenings.ts";
import { watchPromises } from "./promises.ts";
import { createTransport, type Transport } from "./transport.ts";
import type { Watch } from "./watching.ts";
import { createWorld, type World, type WorldOptions } from "./world.ts";

/** A world with the alarms of the example estate in it, all of them OK, and somebody who watches the promises. */
export interface EstateWorld {
  world: World;
  transport: Transport;
  happenings: Happenings;
  watch: Watch;
}

/** `enter` comes before anything is sent: whoever wants to see all of it listens from there on. */
export async function createEstateWorld(
  options: Omit<WorldOptions, "account" | "region">,
  chance: Chance,
  enter: (world: World) => void,
): Promise<EstateWorld> {
  const world = await createWorld({ ...options, account, region });
  enter(world);
  const transport = createTransport(world, chance);
  const happenings = createHappenings(world, transport);
  const watch = watchPromises(world, transport, happenings);
  for (const alarm of estate) world.cloudwatch.put(recordOf(alarm, options.start));
  return { world, transport, happenings, watch };
}
