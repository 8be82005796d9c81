import { hour, type Instant, iso, minute, second } from "../../shared/instant.ts";
import { parse } from "../../shared/ledger/rows.ts";
import { freezeOf } from "../../shared/scaling/calendar.ts";
import type { Decision, DecisionRecord } from "../../shared/scaling/types.ts";
import { lasting, type Promised } from "../watching.ts";
import type { World } from "../world.ts";
import type { Change, ScalingAccount } from "./account.ts";
import { cluster, type ScaledService, scaledServices } from "./estate.ts";
import { trueRules } from "./rules.ts";

/** What is said of a world in which services are scaled. */
export interface ScalingWatch {
  finish(): Promised[];
  /** In this minute something failed on purpose: what was not done in it was not forgotten. */
  disturb(at: Instant): void;
  /** Whether it is told that the service needs more than its maximum. */
  isToldOfMaximum(service: string): boolean;
  /** Nothing may be changed until further notice. */
  freeze(isFrozen: boolean): void;
}

interface Watched {
  service: ScaledService;
  decision: Decision | null;
  changes: { direction: "out" | "in"; at: Instant }[];
  /** So many minutes the out rule has held and nothing kept anybody from scaling out. */
  overloaded: number;
  isAtMaximumKnown: boolean;
}

/** A point settles, the target may be one that is looked at each five minutes, and the simulation looks that seldom as well. */
const allowedMinutes = 3 + 5 + 6 + 2;

const names = [
  "no scale-in while a point of its window was missing or not below",
  "no capacity beyond its bounds",
  "no change within a cooldown",
  "no change during a deployment or a freeze",
  "no in, out and in again within an hour",
  "every change is a decision that is kept",
  "no overload without more capacity, or a finding",
] as const;

export function watchScaling(world: World, account: ScalingAccount): ScalingWatch {
  const broken = new Map<(typeof names)[number], string[]>(names.map((name) => [name, []]));
  const counts = { out: 0, in: 0, reversals: 0, worst: 0, backlog: 0 };
  const disturbed = new Set<Instant>();
  const state = { isFrozen: false };
  const begins = world.clock.now();
  const watched = new Map(
    scaledServices.map((service): [string, Watched] => [
      service.name,
      { service, decision: null, changes: [], overloaded: 0, isAtMaximumKnown: false },
    ]),
  );
  const rules = trueRules(account.plant, account.configuration);
  const fail = (name: (typeof names)[number], sentence: string) =>
    void broken.get(name)?.push(`${sentence} at ${iso(world.clock.now())}`);
  const record = ({ service }: Watched) => account.plant.ecs.service(cluster, service.name);
  const isHeld = (own: Watched, at: Instant) =>
    state.isFrozen ||
    record(own).deployments.length > 1 ||
    freezeOf(own.service.name, at, account.configuration) !== null;

  world.dynamodb.onChange(({ keys, newImage }) => {
    const name = /^target#(.*)$/.exec(keys.pk?.S ?? "")?.[1];
    const own = name === undefined ? undefined : watched.get(name);
    if (own === undefined || newImage === undefined || keys.sk?.S?.startsWith("decision#") !== true) return;
    if (/"verdict":"(out|in)"/.test(newImage.body?.S ?? "")) own.decision = parse<DecisionRecord>(newImage).decision;
  });
  account.events.onEvent(({ type, detail }) => {
    const { rule, resource, state: is } = detail as { rule?: string; resource?: string; state?: string };
    const own = watched.get(resource ?? "");
    if (type === "Finding" && rule === "at-maximum" && own !== undefined) own.isAtMaximumKnown = is === "raised";
  });

  account.onChange((change: Change) => {
    const own = watched.get(change.service);
    if (own === undefined) return;
    const { service, decision } = own;
    const direction = change.to > change.from ? "out" : "in";
    const said = `${service.name} went from ${change.from} to ${change.to}`;
    counts[direction] += 1;
    const isKept = decision?.capacityBefore === change.from && decision.capacityAfter === change.to;
    if (decision === null || !isKept || change.at - decision.at > 2 * minute) fail(names[5], `${said} without one`);
    const at = decision?.at ?? change.at;
    if (change.to < service.minimum || change.to > service.maximum) fail(names[1], said);
    const last = own.changes.at(-1);
    const { afterOut, afterIn } = account.configuration.scaling.cooldownSeconds;
    const wait = (last?.direction === "out" ? afterOut : afterIn) * second;
    if (last !== undefined && at - last.at < wait)
      fail(names[2], `${said} ${lasting(at - last.at)} after the last change`);
    if (isHeld(own, change.at)) fail(names[3], said);
    if (direction === "in") {
      const [faulty] = rules.faultyIn(service, rules.settled(at), change.at);
      if (faulty !== undefined) fail(names[0], `${said}, and ${faulty}`);
      const before = own.changes.at(-2);
      if (last?.direction === "out" && before?.direction === "in" && at - before.at <= hour) fail(names[4], said);
    } else own.overloaded = 0;
    if (last !== undefined && last.direction !== direction && at - last.at <= hour) counts.reversals += 1;
    own.changes.push({ direction, at });
  });

  account.plant.onMinute(({ name }, at, index) => {
    const own = watched.get(name);
    const truth = account.plant.truths.get(name);
    // Before the world began nobody was there to do anything.
    if (own === undefined || truth === undefined || at < begins) return;
    counts.backlog = Math.max(counts.backlog, truth.queue[index] ?? 0);
    if (!rules.isOut(own.service, index)) {
      own.overloaded = 0;
      return;
    }
    if (isExcused(own, at, index)) return;
    if (record(own).desiredCount >= own.service.maximum && own.isAtMaximumKnown) return;
    own.overloaded += 1;
    counts.worst = Math.max(counts.worst, own.overloaded);
    if (own.overloaded === allowedMinutes + 1) fail(names[6], `${name} is overloaded for ${own.overloaded} min`);
  });

  function isExcused(own: Watched, at: Instant, index: number): boolean {
    const last = own.changes.at(-1);
    const { afterOut, afterIn } = account.configuration.scaling.cooldownSeconds;
    const cooled = last === undefined ? 0 : last.at + (last.direction === "out" ? afterOut : afterIn) * second;
    if (at < cooled || disturbed.has(at) || isHeld(own, at)) return true;
    const truth = account.plant.truths.get(own.service.name);
    for (let place = index - 14; place <= index; place++) {
      const usual = account.plant.since + place * minute + 2 * minute;
      if ((truth?.seenAt[place] ?? 0) > usual) return true;
    }
    return false;
  }

  return {
    disturb: (at) => void disturbed.add(Math.floor(at / minute) * minute),
    isToldOfMaximum: (name) => watched.get(name)?.isAtMaximumKnown === true,
    freeze: (isFrozen) => {
      state.isFrozen = isFrozen;
    },
    finish: () => {
      const figures: Record<(typeof names)[number], string> = {
        [names[0]]: `${counts.in} scale-ins`,
        [names[1]]: `${counts.in + counts.out} changes`,
        [names[2]]: `${counts.in + counts.out} changes`,
        [names[3]]: `${counts.in + counts.out} changes`,
        [names[4]]: `${counts.reversals} reversals`,
        [names[5]]: `${counts.in + counts.out} changes`,
        [names[6]]: `${counts.worst} min at most, and ${counts.backlog} waiting`,
      };
      return names.map((name) => ({ name, figure: figures[name], broken: [...new Set(broken.get(name) ?? [])] }));
    },
  };
}
