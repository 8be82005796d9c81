import type { Entry, Incident } from "../shared/incident/types.ts";
import { type Instant, iso, minute, second } from "../shared/instant.ts";
import type { Transport } from "./transport.ts";
import { type FollowedLedger, lasting, type Watch } from "./watching.ts";
import type { World } from "./world.ts";

/** The latest that an escalation or a reminder may be, beside what the missed sweeps add. */
const timerLateness = 120 * second;

/** Steps of the clocks: what is due when, and when it was done. */
export function watchTimers(
  { onEntry }: FollowedLedger,
  { missed }: Transport,
  [word, type]: [string, Entry["type"]],
  dueOf: (incident: Incident) => (Instant | null | undefined)[],
): Watch {
  const [early, late]: [string[], string[]] = [[], []];
  const seen = { count: 0, worst: 0 };
  onEntry.push((entry, id, before) => {
    if (entry.type !== type) return;
    const { at } = entry;
    seen.count += 1;
    const dues = before === undefined ? [] : dueOf(before).filter((due) => due != null);
    const due = dues.length === 0 ? null : Math.min(...dues);
    if (due === null || at < due) {
      early.push(`${id} ${type} at ${iso(at)}, due ${due === null ? "never" : iso(due)}`);
      return;
    }
    const without = missed.filter((when) => when >= due - minute && when <= at).length;
    seen.worst = Math.max(seen.worst, at - due);
    if (at - due > timerLateness + without * minute) {
      late.push(`${id} ${type} ${(at - due) / second} s late, with ${without} sweeps missed`);
    }
  });
  return {
    finish: () => [
      { name: `no ${word} early`, figure: `${seen.count} ${word}s`, broken: early },
      {
        name: `worst ${word} lateness`,
        figure: `${lasting(seen.worst)}, ${missed.length} sweeps missed`,
        worstMs: seen.worst,
        broken: late,
      },
    ],
  };
}

/** Clocks that ran out, and nothing came of it: neither a reminder nor the next level, although nobody had acknowledged. */
export function watchForgotten(
  { clock }: World,
  { incidents, onIncident }: FollowedLedger,
  { missed }: Transport,
): Watch {
  const broken: string[] = [];
  const look = (incident: Incident | undefined) => {
    const dues = [incident?.clock?.acknowledgeAt, incident?.clock?.escalateAt].filter((due) => due != null);
    const due = dues.length === 0 ? Infinity : Math.min(...dues);
    const without = missed.filter((when) => when >= due - minute).length;
    if (clock.now() - due > timerLateness + without * minute) broken.push(`${incident?.id} was due at ${iso(due)}`);
  };
  onIncident.push((_, before) => look(before));
  return {
    finish: () => {
      for (const incident of incidents.values()) look(incident);
      return [{ name: "no clock forgotten", figure: `${incidents.size} incidents`, broken }];
    },
  };
}
