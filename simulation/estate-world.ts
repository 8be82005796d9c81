import type { Instant } from "../shared/instant.ts";
import type { Chance } from "./chance.ts";
import { account, estate, recordOf, region } from "./estate.ts";
import { createHappenings, type Happenings } from "./happenings.ts";
import { watchPromises } from "./promises.ts";
import { createScalingAccount } from "./scaling/account.ts";
import { startPeople } from "./scaling/people.ts";
import { startShift } from "./scaling/shift.ts";
import { watchScaling } from "./scaling/watch.ts";
import { createSecretsAccount } from "./secrets/account.ts";
import { furnish } from "./secrets/furnish.ts";
import { startShift as startSecretsShift } from "./secrets/shift.ts";
import { watchSecrets } from "./secrets/watch.ts";
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

/** And with services whose capacity follows their load. */
export async function addScaling(
  { world, transport, watch }: EstateWorld,
  chance: Chance,
  until: Instant,
): Promise<Watch> {
  const account = await createScalingAccount(world, chance.fork("account"));
  account.events.onEvent(({ type, detail, bus, source }) => {
    if (type === "Finding") transport.send({ source, "detail-type": type, detail, bus });
  });
  const scaling = watchScaling(world, account);
  startPeople(world, account, { watch: scaling, chance: chance.fork("people"), until });
  startShift(world, account, { watch: scaling, chance: chance.fork("shift"), until });
  return { finish: () => [...watch.finish(), ...scaling.finish()] };
}

/** And with secrets, and the functions that look after them: what they find becomes incidents on the same way as alarms. */
export async function addSecrets(
  { world, transport, watch }: EstateWorld,
  chance: Chance,
  until: Instant,
): Promise<Watch> {
  const account = createSecretsAccount(world, chance.fork("account"));
  await furnish(account, world.clock.now());
  account.events.onEvent(({ type, detail, bus, source }) => {
    if (type === "Finding") transport.send({ source, "detail-type": type, detail, bus });
  });
  const secrets = watchSecrets(world, account);
  startSecretsShift(world, account, chance.fork("shift"), until);
  return { finish: () => [...watch.finish(), ...secrets.finish()] };
}
