import type { PersonCommand } from "../shared/incident/decide.ts";
import { minute, second } from "../shared/instant.ts";
import { respond } from "../shared/intake/respond.ts";
import type { Chance } from "./chance.ts";
import type { Notification } from "./collected.ts";
import { onOpened, receiverIn } from "./people.ts";
import { ranks } from "./transport.ts";
import type { World } from "./world.ts";

/** People who are told of incidents, and do what people do: most acknowledge after a while, some do not hear it. */
export function addResponders(world: World, chance: Chance): void {
  const { clock, collected } = world;
  const receiver = receiverIn(world);
  const asked = new Set<string>();

  function act(incident: string, command: PersonCommand, delay: number): void {
    clock.at(clock.now() + delay, ranks.person, async () => {
      // What is refused was done by somebody else, or is over: they are told so, and that is all.
      await respond(receiver, incident, command);
    });
  }

  function hear({ incidents, audience, reason, severity }: Notification): void {
    if (reason === "resolved" || reason === "digest") return;
    for (const incident of incidents) {
      if (asked.has(`${incident}|${audience}|${reason}`)) continue;
      asked.add(`${incident}|${audience}|${reason}`);
      const by = audience;
      if (!chance.happens(severity === "P0" ? 0.5 : 0.6)) continue;
      act(incident, { type: "acknowledge", by }, chance.integer(20, 14 * 60) * second);
      if (chance.happens(0.2))
        act(incident, { type: "note", by, text: "looking at it" }, chance.integer(1, 15) * minute);
      if (chance.happens(0.03)) act(incident, { type: "raise", by, severity: "P0" }, chance.integer(2, 10) * minute);
      if (chance.happens(0.03))
        act(incident, { type: "resolve", by, text: "mended by hand" }, chance.integer(5, 40) * minute);
    }
  }

  // Now and then somebody sees it before they are told.
  onOpened(world, (id) => {
    if (chance.happens(0.1)) act(id, { type: "acknowledge", by: "a passer-by" }, chance.integer(1, 600) * second);
  });
  collected.listeners.push(hear);
}
