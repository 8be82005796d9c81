import { tzOffset } from "@date-fns/tz/tzOffset";
import { weekdays } from "../configuration/primitives.ts";
import type { Configuration } from "../configuration/schema.ts";
import { fits } from "../incident/classify.ts";
import { day, type Instant, minute } from "../instant.ts";
import type { Facts } from "./types.ts";

type Scaling = Configuration["scaling"];
type Hours = Scaling["freezes"][number];

/** The highest floor that holds for a target now; null when none does. */
export function floorOf(target: string, at: Instant, { scaling, calendar }: Configuration): Facts["floor"] {
  const holding = scaling.floors.filter((floor) => fits(floor.targets, target) && holds(floor, at, calendar.timeZone));
  const [highest] = holding.toSorted((left, right) => right.minimum - left.minimum);
  return highest === undefined ? null : { minimum: highest.minimum, name: highest.name };
}

/** Why the calendar lets a target not be scaled now, in a sentence; null when it does. */
export function freezeOf(target: string, at: Instant, { scaling, calendar }: Configuration): string | null {
  const holding = scaling.freezes.find(
    (freeze) => fits(freeze.targets, target) && holds(freeze, at, calendar.timeZone),
  );
  return holding === undefined ? null : `${holding.name} (${holding.from} to ${holding.to} ${calendar.timeZone})`;
}

/** From `from` on, which counts, until `to`, which does not. What ends on the next day belongs to the day on which it began. */
function holds({ days, dates, from, to }: Hours, at: Instant, timeZone: string): boolean {
  const local = localTime(at, timeZone);
  const today = Math.floor(local / day) * day;
  const now = local - today;
  const begins = (date: Instant) => isOn(date, days, dates);
  if (wallTime(from) < wallTime(to)) return begins(today) && now >= wallTime(from) && now < wallTime(to);
  return (begins(today) && now >= wallTime(from)) || (begins(today - day) && now < wallTime(to));
}

/** All targets are looked at in the same minute, and a time zone is asked only once for it: ten thousand times take a second. */
function localTime(at: Instant, timeZone: string): Instant {
  if (asked.at !== at || asked.timeZone !== timeZone) {
    asked = { at, timeZone, local: at + tzOffset(timeZone, new Date(at)) * minute };
  }
  return asked.local;
}

let asked = { at: Number.NaN, timeZone: "", local: 0 };

function isOn(date: Instant, days: Hours["days"], dates: Hours["dates"]): boolean {
  const midnight = new Date(date);
  if (dates?.includes(midnight.toISOString().slice(0, 10))) return true;
  if (days !== undefined) return days.some((each) => each === weekdays[midnight.getUTCDay()]);
  // Every day, where neither is stated.
  return dates === undefined;
}

function wallTime(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * minute;
}
