import { isDate } from "../shared/configuration/primitives.ts";
import { Refused } from "../shared/failures.ts";
import { day, type Instant, iso } from "../shared/instant.ts";
import { quoted } from "../shared/text.ts";

/**
 * A time as people write it: `2027-03-15T14:05`, with seconds and a zone if they like (UTC unless stated), or `14:05`, which is the last
 * time that clocks in UTC showed that. Throws `Refused` for what is neither, and for what is yet to come.
 */
export function readTime(option: string, text: string, now: Instant): Instant {
  const at = /^\d{2}:\d{2}$/.test(text) ? lastTime(text, now) : parsed(text);
  if (Number.isNaN(at)) {
    throw new Refused(`${option} ${quoted(text)} must be a time, for example 14:05 or 2027-03-15T14:05Z`);
  }
  if (at > now) throw new Refused(`${option} ${quoted(text)} is yet to come: it is ${iso(now).slice(0, 16)}Z`);
  return at;
}

function lastTime(text: string, now: Instant): Instant {
  const today = Date.parse(`${iso(now).slice(0, 10)}T${text}:00Z`);
  return today > now ? today - day : today;
}

function parsed(text: string): Instant {
  const [, date, time, zone = "Z"] =
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? [];
  return date !== undefined && isDate(date) ? Date.parse(`${date}T${time}${zone}`) : Number.NaN;
}
