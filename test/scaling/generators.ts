import { type Instant, iso, minute } from "../../shared/instant.ts";
import type { Points } from "../../shared/scaling/grid.ts";
import { type Chance, createChance } from "../../simulation/chance.ts";

// Series with the traits of real ones, from a seed: what a person's export looks like, without being anybody's.

export interface Row {
  at: Instant;
  value: number;
}

export interface Shape {
  seed: string;
  days: number;
  stepMinutes?: number;
  /** Real series have their points at minutes 2, 7, 12. */
  offsetMinutes?: number;
}

const begin = Date.UTC(2026, 2, 2);

/** A group that should not have been scaled as it was: a narrow band, a lone spike every hour, and hours near the top. */
export function misconfiguredGroup(shape: Shape): Row[] {
  const chance = createChance(shape.seed).fork("misconfigured-group");
  const surges = stretches(chance, shape, { everyHours: 40, fromMinutes: 20, toMinutes: 480 });
  const lulls = stretches(chance, shape, { everyHours: 90, fromMinutes: 60, toMinutes: 600 });
  const minutesOfSpike = chance.integer(0, 59);
  return rows(shape, (at) => {
    if (isWithin(surges, at)) return between(chance, 72, 99);
    if (isWithin(lulls, at)) return between(chance, 11, 24);
    const isSpike = Math.abs(((at / minute) % 60) - minutesOfSpike) < (shape.stepMinutes ?? 5) / 2;
    return isSpike && chance.happens(0.6) ? between(chance, 70, 80) : between(chance, 29.5, 36);
  });
}

/** A machine that does nothing, and then for a quarter of an hour all that it can. */
export function burstyIdle(shape: Shape): Row[] {
  const chance = createChance(shape.seed).fork("bursty-idle");
  const bursts = stretches(chance, shape, { everyHours: 2.5, fromMinutes: 15, toMinutes: 35 });
  return rows(shape, (at) => (isWithin(bursts, at) ? between(chance, 85, 99.9) : between(chance, 0.06, 0.12)));
}

/** A day's work on a level that sits just above the in threshold, with the noise to touch it; then it is stuck at the top. */
export function noisyPlateau(shape: Shape): Row[] {
  const chance = createChance(shape.seed).fork("noisy-plateau");
  const stuckFrom = begin + shape.days * 0.89 * 24 * 60 * minute;
  return rows(shape, (at) => {
    if (at >= stuckFrom) return between(chance, 97, 99.7);
    return chance.happens(0.012) ? between(chance, 26, 30) : between(chance, 30.5, 41);
  });
}

/** Requests behind a balancer: a count is there only where requests were, so there are gaps and no zeros. */
export function balancerCounts(shape: Shape): Row[] {
  const chance = createChance(shape.seed).fork("balancer-counts");
  const all = rows(shape, (at) => {
    const ofDay = (at % (24 * 60 * minute)) / (24 * 60 * minute);
    const usual = 8 + 90 * Math.sin(Math.PI * ofDay) ** 2;
    const rush = chance.happens(0.01) ? between(chance, 3, 7) : 1;
    return Math.round(usual * rush * between(chance, 0.4, 1.6));
  });
  return all.filter(({ value }) => value > 0 && !chance.happens(0.01));
}

/** The same stamps once more, as a clock that is put back writes them: an hour's rows follow with other values. */
export function clockPutBack(original: readonly Row[], from: Instant): Row[] {
  const hourAfter = from + 60 * minute;
  return original.map(({ at, value }) => ({ at: at < hourAfter ? at : at - 60 * minute, value }));
}

export interface Outages {
  minutes: number;
  /** How likely one begins at any point. */
  rate: number;
}

/** The gaps that are put into series: frequent short ones, rare long ones. */
export const outages: readonly Outages[] = [
  { minutes: 5, rate: 0.02 },
  { minutes: 15, rate: 0.02 },
  { minutes: 30, rate: 0.01 },
  { minutes: 60, rate: 0.005 },
];

/** The same values with random outages, null where one is. */
export function withOutages(
  values: readonly (number | null)[],
  stepMinutes: number,
  { minutes, rate }: Outages,
  chance: Chance,
): (number | null)[] {
  let left = 0;
  return values.map((value) => {
    if (left === 0 && chance.happens(rate)) left = Math.max(1, Math.round(minutes / stepMinutes));
    if (left === 0) return value;
    left -= 1;
    return null;
  });
}

export function pointsOf(list: readonly Row[]): Points {
  return { at: list.map(({ at }) => at), values: list.map(({ value }) => value) };
}

/** As people's exports look: naive stamps with a space. */
export function csvOf(list: readonly Row[]): string {
  const lines = list.map(({ at, value }) => `${iso(at).slice(0, 19).replace("T", " ")},${value}`);
  return `timestamp,value\n${lines.join("\n")}\n`;
}

function rows({ days, stepMinutes = 5, offsetMinutes = 0 }: Shape, valueAt: (at: Instant) => number): Row[] {
  const length = Math.floor((days * 24 * 60) / stepMinutes);
  return Array.from({ length }, (_, index) => {
    const at = begin + (offsetMinutes + index * stepMinutes) * minute;
    return { at, value: valueAt(at) };
  });
}

interface Stretch {
  from: Instant;
  to: Instant;
}

interface Habit {
  everyHours: number;
  fromMinutes: number;
  toMinutes: number;
}

function stretches(chance: Chance, { days }: Shape, { everyHours, fromMinutes, toMinutes }: Habit): Stretch[] {
  const found: Stretch[] = [];
  const end = begin + days * 24 * 60 * minute;
  // Gaps as of things that happen by themselves: many short ones, few long ones.
  const pause = () => -Math.log(1 - chance.next()) * everyHours * 60 * minute;
  for (let from = begin + pause(); from < end; ) {
    const to = from + chance.integer(fromMinutes, toMinutes) * minute;
    found.push({ from, to });
    from = to + pause();
  }
  return found;
}

function isWithin(list: readonly Stretch[], at: Instant): boolean {
  return list.some(({ from, to }) => at >= from && at < to);
}

function between(chance: Chance, from: number, to: number): number {
  return Math.round((from + chance.next() * (to - from)) * 1_000) / 1_000;
}
