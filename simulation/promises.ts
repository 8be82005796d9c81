import { isDeepStrictEqual } from "node:util";
import { isOpen } from "../shared/incident/draft.ts";
import { fold } from "../shared/incident/evolve.ts";
import type { Happenings } from "./happenings.ts";
import { lostIn } from "./lost.ts";
import { incidentsOf } from "./report.ts";
import type { Transport } from "./transport.ts";
import { watchPages } from "./watch-pages.ts";
import { watchForgotten, watchTimers } from "./watch-timers.ts";
import { type FollowedLedger, followLedger, type Promised, type Watch } from "./watching.ts";
import type { World } from "./world.ts";

/** Looks at every step of a world whether the promises hold. */
export function watchPromises(world: World, transport: Transport, happenings: Pick<Happenings, "red">): Watch {
  const ledger = followLedger(world);
  const keys = watchKeys(ledger);
  const clocks = [
    watchTimers(ledger, transport, ["escalation", "escalated"], ({ clock }) => [clock?.escalateAt]),
    // The last level is reminded where there is nobody left to escalate to.
    watchTimers(ledger, transport, ["reminder", "reminded"], ({ clock }) => [clock?.acknowledgeAt, clock?.escalateAt]),
  ];
  const forgotten = watchForgotten(world, ledger, transport);
  const pages = watchPages(world, ledger, transport);
  return {
    finish: () => {
      const lost = lostIn(world, transport, happenings.red);
      const { collected } = world;
      const count = (name: string, figure: number): Promised => ({
        name,
        figure: String(figure),
        counted: true,
        broken: [],
      });
      return [
        { name: "no delivery lost", figure: `${lost.length} lost of ${transport.sent}`, broken: lost },
        count("lost events healed by the sweep", collected.complaints.get("lost event") ?? 0),
        count("blind alarms found", collected.complaints.get("blind alarm") ?? 0),
        count("duplicates absorbed", collected.deliveries.duplicates),
        ...keys.finish(),
        ...pages.finish(),
        ...clocks.flatMap((clock) => clock.finish()),
        ...forgotten.finish(),
        {
          name: "every timeline rebuilds its incident",
          figure: `${ledger.incidents.size} rebuilt`,
          broken: unfoldable(world),
        },
      ];
    },
  };
}

function watchKeys({ incidents, onIncident }: FollowedLedger): Watch {
  const open = new Map<string, string>();
  const broken: string[] = [];
  onIncident.push((incident, before) => {
    const { id, key } = incident;
    if (before !== undefined && open.get(before.key) === id) open.delete(before.key);
    if (!isOpen(incident)) return;
    const other = open.get(key);
    const otherNow = other === undefined ? undefined : incidents.get(other);
    if (otherNow !== undefined && isOpen(otherNow) && otherNow.key === key) {
      broken.push(`${id} and ${other} are open under ${key}`);
    }
    open.set(key, id);
  });
  return { finish: () => [{ name: "one open incident per key", figure: `${incidents.size} incidents`, broken }] };
}

function unfoldable(world: World): string[] {
  return incidentsOf(world).flatMap(({ incident, timeline }) => {
    const rebuilt = fold(timeline);
    return isDeepStrictEqual(rebuilt, incident) ? [] : [`the timeline of ${incident.id} does not give the incident`];
  });
}
