import { tzOffset } from "@date-fns/tz/tzOffset";
import type { Configuration } from "../configuration/schema.ts";
import { day, type Instant, minute } from "../instant.ts";

type Calendar = Configuration["calendar"];

/** The first digest after `now`: at `digestAt` of a business day, in the calendar's time zone. */
export function nextDigest(now: Instant, calendar: Calendar): Instant {
  return firstOn(calendar, now, calendar.digestAt);
}

/** The end of the first business day that begins after the day of `now`. */
export function endOfNextBusinessDay(now: Instant, calendar: Calendar): Instant {
  return firstOn(calendar, atWallTime(localDate(now, calendar.timeZone), "23:59", calendar), calendar.businessHours.to);
}

// A year holds a business day, or there is none.
const maximumDaysAhead = 370;

function firstOn(calendar: Calendar, after: Instant, time: string): Instant {
  const today = localDate(after, calendar.timeZone);
  for (let ahead = 0; ahead <= maximumDaysAhead; ahead++) {
    const date = today + ahead * day;
    const at = atWallTime(date, time, calendar);
    if (at > after && isBusinessDay(date, calendar)) return at;
  }
  return after + day;
}

/** Midnight UTC of the date that the wall shows. */
function localDate(at: Instant, timeZone: string): Instant {
  const local = at + tzOffset(timeZone, new Date(at)) * minute;
  return Math.floor(local / day) * day;
}

/** The instant at which the wall shows this date and time; of an hour that summer time skips, the one after it. */
function atWallTime(date: Instant, time: string, { timeZone }: Calendar): Instant {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const wall = date + (hours * 60 + minutes) * minute;
  const guess = wall - tzOffset(timeZone, new Date(wall)) * minute;
  return wall - tzOffset(timeZone, new Date(guess)) * minute;
}

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

function isBusinessDay(date: Instant, { businessDays, holidays }: Calendar): boolean {
  const midnight = new Date(date);
  const weekday = weekdays[midnight.getUTCDay()];
  return businessDays.some((each) => each === weekday) && !holidays.includes(midnight.toISOString().slice(0, 10));
}
