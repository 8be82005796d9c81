import { hour, type Instant, iso, minute, second } from "../../shared/instant.ts";
import { parse } from "../../shared/ledger/rows.ts";
import { freezeOf } from "../../shared/scaling/calendar.ts";
import type { Decision, DecisionRecord } from "../../shared/scaling/types.ts";
import { lasting, type Promised } from "../watching.ts";
import type { World } from "../world.ts";
import type { Change, ScalingAccount } from "./account.ts";
import { cluster, type ScaledService, scaledServices } from "./estate.ts";
import { type TrueRules, trueRules } from "./rules.ts";

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

type Direction = "out" | "in";

interface Watched {
  service: ScaledService;
  decision: Decision | null;
  changes: { direction: Direction; at: Instant }[];
  /** So many minutes the out rule has held and nothing kept anybody from scaling out. */
  overloaded: number;
  isAtMaximumKnown: boolean;
}

/** A point settles, the target may be one that is looked at each five minutes, and the simulation looks that seldom as well. */
const allowedMinutes = 3 + 5 + 6 + 2;

const names = [
  "no scale-in on a point that was missing or high",
  "no capacity beyond its bounds",
  "no scaling within a cooldown",
  "no scaling in a deployment or a freeze",
  "no in, out and in again within an hour",
  "every scaling is a decision that is kept",
  "no overload without more capacity or a finding",
] as const;

type Name = (typeof names)[number];

interface Watching {
  world: World;
  account: ScalingAccount;
  rules: TrueRules;
  begins: Instant;
  watched: ReadonlyMap<string, Watched>;
  broken: ReadonlyMap<Name, Set<string>>;
  counts: { out: number; in: number; reversals: number; worst: number; backlog: number };
  disturbed: Set<Instant>;
  isFrozen: boolean;
}

export function watchScaling(world: World, account: ScalingAccount): ScalingWatch {
  const blank = { decision: null, overloaded: 0, isAtMaximumKnown: false };
  const all = scaledServices.map((service): [string, Watched] => [service.name, { ...blank, service, changes: [] }]);
  const watching: Watching = {
    ...{ world, account, rules: trueRules(account.plant, account.configuration), begins: world.clock.now() },
    ...{ watched: new Map(all), broken: new Map(names.map((name) => [name, new Set()])) },
    ...{ counts: { out: 0, in: 0, reversals: 0, worst: 0, backlog: 0 }, disturbed: new Set(), isFrozen: false },
  };
  const { watched, disturbed } = watching;
  followDecisions(watching);
  account.onChange((change) => {
    const own = watched.get(change.service);
    if (own !== undefined) judgeChange(watching, own, change);
  });
  account.plant.onMinute(({ name }, at, index) => {
    const own = watched.get(name);
    // Before the world began nobody was there to do anything.
    if (own !== undefined && at >= watching.begins) judgeMinute(watching, own, at, index);
  });
  return {
    disturb: (at) => void disturbed.add(Math.floor(at / minute) * minute),
    isToldOfMaximum: (name) => watched.get(name)?.isAtMaximumKnown === true,
    freeze: (isFrozen) => {
      watching.isFrozen = isFrozen;
    },
    finish: () => promised(watching),
  };
}

/** What the function has decided last, and whether it says that more is needed than may be. */
function followDecisions({ world, account, watched }: Watching): void {
  world.dynamodb.onChange(({ keys, newImage }) => {
    const name = /^target#(.*)$/.exec(keys.pk?.S ?? "")?.[1];
    const own = name === undefined ? undefined : watched.get(name);
    if (own === undefined || newImage === undefined || keys.sk?.S?.startsWith("decision#") !== true) return;
    if (/"verdict":"(out|in)"/.test(newImage.body?.S ?? "")) own.decision = parse<DecisionRecord>(newImage).decision;
  });
  account.events.onEvent(({ type, detail }) => {
    const { rule, resource, state } = detail as { rule?: string; resource?: string; state?: string };
    const own = watched.get(resource ?? "");
    if (type === "Finding" && rule === "at-maximum" && own !== undefined) own.isAtMaximumKnown = state === "raised";
  });
}

function fail({ broken, world }: Watching, name: Name, sentence: string): void {
  broken.get(name)?.add(`${sentence} at ${iso(world.clock.now())}`);
}

/** Whether a deployment, a person or the calendar lets nothing be changed. */
function isHeld({ isFrozen, account }: Watching, { service }: Watched, at: Instant): boolean {
  const { deployments } = account.plant.ecs.service(cluster, service.name);
  return isFrozen || deployments.length > 1 || freezeOf(service.name, at, account.configuration) !== null;
}

function cooldownMs({ account }: Watching, direction: Direction): number {
  const { afterOut, afterIn } = account.configuration.scaling.cooldownSeconds;
  return (direction === "out" ? afterOut : afterIn) * second;
}

function judgeChange(watching: Watching, own: Watched, change: Change): void {
  const { counts, rules } = watching;
  const { service, decision } = own;
  const direction: Direction = change.to > change.from ? "out" : "in";
  const said = `${service.name} went from ${change.from} to ${change.to}`;
  counts[direction] += 1;
  const isKept = decision?.capacityBefore === change.from && decision.capacityAfter === change.to;
  if (decision === null || !isKept || change.at - decision.at > 2 * minute)
    fail(watching, names[5], `${said} without one`);
  const at = decision?.at ?? change.at;
  if (change.to < service.minimum || change.to > service.maximum) fail(watching, names[1], said);
  const [before, last] = [own.changes.at(-2), own.changes.at(-1)];
  if (last !== undefined && at - last.at < cooldownMs(watching, last.direction)) {
    fail(watching, names[2], `${said} ${lasting(at - last.at)} after the last change`);
  }
  if (isHeld(watching, own, change.at)) fail(watching, names[3], said);
  if (direction === "in") {
    const [faulty] = rules.faultyIn(service, rules.settled(at), change.at);
    if (faulty !== undefined) fail(watching, names[0], `${said}, and ${faulty}`);
    const isAgain = last?.direction === "out" && before?.direction === "in" && at - before.at <= hour;
    if (isAgain) fail(watching, names[4], said);
  } else own.overloaded = 0;
  if (last !== undefined && last.direction !== direction && at - last.at <= hour) counts.reversals += 1;
  own.changes.push({ direction, at });
}

function judgeMinute(watching: Watching, own: Watched, at: Instant, index: number): void {
  const { account, counts, rules } = watching;
  const { service } = own;
  counts.backlog = Math.max(counts.backlog, account.plant.truths.get(service.name)?.queue[index] ?? 0);
  if (!rules.isOut(service, index)) {
    own.overloaded = 0;
    return;
  }
  if (isExcused(watching, own, at, index)) return;
  const { desiredCount } = account.plant.ecs.service(cluster, service.name);
  if (desiredCount >= service.maximum && own.isAtMaximumKnown) return;
  own.overloaded += 1;
  counts.worst = Math.max(counts.worst, own.overloaded);
  if (own.overloaded !== allowedMinutes + 1) return;
  fail(watching, names[6], `${service.name} is overloaded for ${own.overloaded} min`);
}

/** Whether something kept the function from scaling out in this minute, or from seeing that it should. */
function isExcused(watching: Watching, own: Watched, at: Instant, index: number): boolean {
  const { account, disturbed } = watching;
  const last = own.changes.at(-1);
  const cooled = last === undefined ? 0 : last.at + cooldownMs(watching, last.direction);
  if (at < cooled || isHeld(watching, own, at)) return true;
  // A target that is looked at each five minutes loses as many with the one in which it should have been.
  for (let ago = 0; ago < account.configuration.scaling.cadence.farMinutes; ago++) {
    if (disturbed.has(at - ago * minute)) return true;
  }
  const truth = account.plant.truths.get(own.service.name);
  for (let place = index - 14; place <= index; place++) {
    const usual = account.plant.since + place * minute + 2 * minute;
    if ((truth?.seenAt[place] ?? 0) > usual) return true;
  }
  return false;
}

function promised({ broken, counts }: Watching): Promised[] {
  const changes = `${counts.in + counts.out} changes`;
  const figures: Partial<Record<Name, string>> = {
    [names[0]]: `${counts.in} scale-ins`,
    [names[4]]: `${counts.reversals} reversals`,
    [names[6]]: `${counts.worst} min at most, and ${counts.backlog} waiting`,
  };
  return names.map((name) => ({ name, figure: figures[name] ?? changes, broken: [...(broken.get(name) ?? [])] }));
}
