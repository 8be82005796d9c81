import { day, hour } from "../../shared/instant.ts";
import type { RotationRules } from "./observed.ts";

// Secrets Manager's schedules: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
// All in UTC; the minute is always 0 and the year always *.

/** How long it can take from one rotation to the next, at most. */
export interface Pace {
  /** From the beginning of one window to that of the next. Infinity when there is no next one. */
  longestGapMs: number;
  /** Within a window the rotation may come at any moment. 0 where the gap is a limit that is kept anyway. */
  windowMs: number;
}

/** Null for what cannot be read, or when there is no schedule at all. */
export function paceOf({ afterDays, expression, windowHours }: RotationRules): Pace | null {
  const stated = windowHours === null ? null : windowHours * hour;
  // Without an expression the rotation comes on or before the day, and a window only says when on that day.
  if (expression === null) return afterDays === null ? null : { longestGapMs: afterDays * day, windowMs: stated ?? 0 };
  const rate = /^rate\((\d+) (hour|day)s?\)$/.exec(expression.trim());
  if (rate !== null) {
    const [, count, unit] = rate;
    const isHours = unit === "hour";
    return { longestGapMs: Number(count) * (isHours ? hour : day), windowMs: stated ?? (isHours ? hour : day) };
  }
  const cron = cronOf(expression);
  if (cron === null) return null;
  const [first = 0] = cron.hours;
  // Unless stated it is open for an hour where it opens several times a day, else until the day ends.
  const windowMs = stated ?? (cron.hours.length > 1 ? hour : day - first * hour);
  return { longestGapMs: longestGap(cron), windowMs };
}

interface Cron {
  /** Ascending. */
  hours: readonly number[];
  months: ReadonlySet<number>;
  /** Whether it opens on a day of a month. */
  opensOn: (date: CalendarDay) => boolean;
}

export interface CalendarDay {
  year: number;
  /** From 1. */
  month: number;
  /** From 1. */
  dayOfMonth: number;
  /** From 1, Sunday, to 7. */
  weekday: number;
}

/** Reads a cron expression; null for what Secrets Manager would not have taken, or what we do not know. */
export function cronOf(expression: string): Cron | null {
  const fields = /^cron\((.*)\)$/.exec(expression.trim())?.[1]?.trim().split(/\s+/) ?? [];
  const [minutes, hourField, dayField, monthField, weekdayField, year] = fields;
  if (fields.length !== 6 || minutes !== "0" || year !== "*") return null;
  const hours = numbersOf(hourField ?? "", 0, 23);
  const months = numbersOf(named(monthField ?? "", monthNames), 1, 12);
  const byDay = dayRule(dayField ?? "");
  const byWeekday = weekdayRule(named(weekdayField ?? "", weekdayNames));
  if (hours === null || months === null || byDay === null || byWeekday === null) return null;
  return { hours, months: new Set(months), opensOn: (date) => byDay(date) && byWeekday(date) };
}

type DayRule = (date: CalendarDay) => boolean;

/** `L`, `15W`, `LW`, or numbers. */
function dayRule(field: string): DayRule | null {
  if (field === "?") return () => true;
  if (field === "L") return (date) => date.dayOfMonth === lengthOf(date);
  if (field === "LW") return (date) => date.dayOfMonth === nearestWorkday(date, lengthOf(date));
  const near = /^(\d+)W$/.exec(field);
  if (near !== null) {
    const wanted = Number(near[1]);
    if (wanted < 1 || wanted > 31) return null;
    return (date) => wanted <= lengthOf(date) && date.dayOfMonth === nearestWorkday(date, wanted);
  }
  const days = numbersOf(field, 1, 31);
  return days === null ? null : ({ dayOfMonth }) => days.includes(dayOfMonth);
}

/** `6L`, the last Friday; `2#1`, the first Monday; `L`, Saturday; or numbers. */
function weekdayRule(field: string): DayRule | null {
  if (field === "?") return () => true;
  if (field === "L") return ({ weekday }) => weekday === 7;
  const last = /^([1-7])L$/.exec(field);
  if (last !== null) {
    return (date) => date.weekday === Number(last[1]) && date.dayOfMonth + 7 > lengthOf(date);
  }
  const ordinal = /^([1-7])#([1-5])$/.exec(field);
  if (ordinal !== null) {
    const [, weekday, which] = ordinal.map(Number);
    return (date) => date.weekday === weekday && Math.ceil(date.dayOfMonth / 7) === which;
  }
  const weekdays = numbersOf(field, 1, 7);
  return weekdays === null ? null : ({ weekday }) => weekdays.includes(weekday);
}

const monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Names of three letters as numbers. */
function named(field: string, names: readonly string[]): string {
  return field.replace(/[A-Z]{3}/gi, (name) => {
    const index = names.indexOf(name.toUpperCase());
    return index === -1 ? name : String(index + 1);
  });
}

/** A list of numbers, ranges and steps: `1,5-7,* /4`. Ascending; null for what is none, or out of bounds. */
function numbersOf(field: string, least: number, most: number): number[] | null {
  const found = new Set<number>();
  for (const part of field.split(",")) {
    // What begins with a step begins at the least.
    const match = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part.replace(/^\//, "*/"));
    if (match === null) return null;
    const [, begin = "", end, step] = match;
    if (begin === "*" && end !== undefined) return null;
    const from = begin === "*" ? least : Number(begin);
    const until = end === undefined ? (begin === "*" || step !== undefined ? most : from) : Number(end);
    const by = step === undefined ? 1 : Number(step);
    if (from < least || until > most || from > until || by < 1) return null;
    for (let number = from; number <= until; number += by) found.add(number);
  }
  return [...found].sort((left, right) => left - right);
}

function lengthOf({ year, month }: CalendarDay): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The nearest day from Monday to Friday within the month. */
function nearestWorkday(date: CalendarDay, wanted: number): number {
  const weekday = new Date(Date.UTC(date.year, date.month - 1, wanted)).getUTCDay();
  if (weekday === 6) return wanted === 1 ? 3 : wanted - 1;
  if (weekday === 0) return wanted === lengthOf(date) ? wanted - 2 : wanted + 1;
  return wanted;
}

/** The calendar repeats itself after so many years, dates and weekdays; that 2100 is no leap year only matters to schedules of years. */
const cycleYears = 28;

function longestGap(cron: Cron): number {
  const { hours } = cron;
  const [first = 0] = hours;
  const last = hours.at(-1) ?? 0;
  let longest = 0;
  for (let index = 1; index < hours.length; index++) {
    longest = Math.max(longest, (hours[index] ?? 0) - (hours[index - 1] ?? 0));
  }
  const begin = Date.UTC(2001, 0, 1);
  const days = Math.round((Date.UTC(2001 + cycleYears, 0, 1) - begin) / day);
  let before: number | null = null;
  let firstDay: number | null = null;
  for (let index = 0; index < days; index++) {
    const at = new Date(begin + index * day);
    const month = at.getUTCMonth() + 1;
    if (!cron.months.has(month)) continue;
    const date = { year: at.getUTCFullYear(), month, dayOfMonth: at.getUTCDate(), weekday: at.getUTCDay() + 1 };
    if (!cron.opensOn(date)) continue;
    if (before !== null) longest = Math.max(longest, (index - before) * 24 + first - last);
    firstDay ??= index;
    before = index;
  }
  if (before === null || firstDay === null) return Number.POSITIVE_INFINITY;
  return Math.max(longest, (days - before + firstDay) * 24 + first - last) * hour;
}
