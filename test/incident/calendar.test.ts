import { describe, expect, test } from "vitest";
import { endOfNextBusinessDay, nextDigest } from "../../shared/incident/calendar.ts";
import { iso } from "../../shared/instant.ts";
import { only, policy, policyWith, story } from "./stage.ts";
import { at, fires, tagged } from "./stories.ts";

// Business days, hours and time zones are configuration; summer time is followed.

const calendarIn = (timeZone: string, changes: object = {}) =>
  policyWith({ calendar: { timeZone, ...changes } }).calendar;

describe("the next digest", () => {
  test.each([
    { zone: "UTC", after: "2026-06-01T07:59:59.999Z", digest: "2026-06-01T08:00:00.000Z", says: "is today's" },
    { zone: "UTC", after: "2026-06-01T08:00:00.000Z", digest: "2026-06-02T08:00:00.000Z", says: "is never now" },
    { zone: "UTC", after: "2026-06-05T08:00:00.000Z", digest: "2026-06-08T08:00:00.000Z", says: "skips a weekend" },
    { zone: "UTC", after: "2026-12-31T12:00:00.000Z", digest: "2027-01-01T08:00:00.000Z", says: "crosses a year" },
    { zone: "Europe/Berlin", after: "2026-06-01T05:00:00.000Z", digest: "2026-06-01T06:00:00.000Z", says: "in summer" },
    { zone: "Europe/Berlin", after: "2026-01-05T05:00:00.000Z", digest: "2026-01-05T07:00:00.000Z", says: "in winter" },
    {
      zone: "Europe/Berlin",
      after: "2026-03-27T12:00:00.000Z",
      digest: "2026-03-30T06:00:00.000Z",
      says: "after spring",
    },
    {
      zone: "Europe/Berlin",
      after: "2026-10-23T12:00:00.000Z",
      digest: "2026-10-26T07:00:00.000Z",
      says: "after autumn",
    },
    {
      zone: "America/New_York",
      after: "2026-03-06T14:00:00.000Z",
      digest: "2026-03-09T12:00:00.000Z",
      says: "in March",
    },
    {
      zone: "America/New_York",
      after: "2026-10-30T13:00:00.000Z",
      digest: "2026-11-02T13:00:00.000Z",
      says: "in November",
    },
    {
      zone: "Asia/Kolkata",
      after: "2026-06-01T02:00:00.000Z",
      digest: "2026-06-01T02:30:00.000Z",
      says: "at a half hour",
    },
    {
      zone: "Asia/Kathmandu",
      after: "2026-06-01T02:00:00.000Z",
      digest: "2026-06-01T02:15:00.000Z",
      says: "at a quarter",
    },
    {
      zone: "Pacific/Auckland",
      after: "2026-06-01T10:00:00.000Z",
      digest: "2026-06-01T20:00:00.000Z",
      says: "a day ahead",
    },
    {
      zone: "Pacific/Auckland",
      after: "2026-06-04T21:00:00.000Z",
      digest: "2026-06-07T20:00:00.000Z",
      says: "over Sunday",
    },
    {
      zone: "Pacific/Kiritimati",
      after: "2026-06-01T00:00:00.000Z",
      digest: "2026-06-01T18:00:00.000Z",
      says: "at +14",
    },
    {
      zone: "America/Los_Angeles",
      after: "2026-06-06T01:00:00.000Z",
      digest: "2026-06-08T15:00:00.000Z",
      says: "from Friday",
    },
  ])("$says, in $zone after $after", ({ zone, after, digest }) => {
    expect(iso(nextDigest(Date.parse(after), calendarIn(zone)))).toBe(digest);
  });

  test("at an hour that summer time skips is at the one after it", () => {
    const calendar = calendarIn("Europe/Berlin", { digestAt: "02:30", businessDays: ["sunday"] });
    expect(iso(nextDigest(Date.parse("2026-03-28T12:00:00.000Z"), calendar))).toBe("2026-03-29T01:30:00.000Z");
  });

  test("at an hour that winter time repeats is at one of the two", () => {
    const calendar = calendarIn("Europe/Berlin", { digestAt: "02:30", businessDays: ["sunday"] });
    const found = iso(nextDigest(Date.parse("2026-10-24T12:00:00.000Z"), calendar));
    expect(["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"]).toContain(found);
  });

  test("skips holidays, as they are dates in the calendar's zone", () => {
    const calendar = calendarIn("Pacific/Auckland", { holidays: ["2026-06-02"] });
    expect(iso(nextDigest(Date.parse("2026-06-01T10:00:00.000Z"), calendar))).toBe("2026-06-02T20:00:00.000Z");
  });

  test.each(["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"])(
    "may come on a %s",
    (each) => {
      const next = nextDigest(Date.parse("2026-06-01T12:00:00.000Z"), calendarIn("UTC", { businessDays: [each] }));
      const name = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" }).format(next);
      expect(name.toLowerCase()).toBe(each);
    },
  );

  test("comes only on the configured business days", () => {
    const calendar = calendarIn("UTC", { businessDays: ["sunday", "monday"] });
    expect(iso(nextDigest(Date.parse("2026-06-01T09:00:00.000Z"), calendar))).toBe("2026-06-07T08:00:00.000Z");
  });

  test("is at 08:00 local time on a business day, every day of two years and in every zone asked", () => {
    for (const zone of ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]) {
      const wall = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeStyle: "short" });
      const weekday = new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "long" });
      let last = Date.parse("2026-01-01T00:00:00.000Z");
      for (let count = 0; count < 520; count++) {
        const digest = nextDigest(last, calendarIn(zone));
        expect(wall.format(digest)).toBe("08:00");
        expect(["Saturday", "Sunday"]).not.toContain(weekday.format(digest));
        expect(digest - last).toBeGreaterThan(0);
        last = digest;
      }
    }
  });
});

describe("the next business day ends", () => {
  test.each([
    { zone: "UTC", after: "2026-06-01T00:00:00.000Z", end: "2026-06-02T17:00:00.000Z", says: "tomorrow" },
    { zone: "UTC", after: "2026-06-01T23:59:59.999Z", end: "2026-06-02T17:00:00.000Z", says: "tomorrow, at night too" },
    {
      zone: "UTC",
      after: "2026-06-05T09:00:00.000Z",
      end: "2026-06-08T17:00:00.000Z",
      says: "on Monday, from a Friday",
    },
    {
      zone: "UTC",
      after: "2026-06-06T09:00:00.000Z",
      end: "2026-06-08T17:00:00.000Z",
      says: "on Monday, from a Saturday",
    },
    {
      zone: "Europe/Berlin",
      after: "2026-03-27T09:00:00.000Z",
      end: "2026-03-30T15:00:00.000Z",
      says: "in summer time",
    },
    {
      zone: "Europe/Berlin",
      after: "2026-10-23T09:00:00.000Z",
      end: "2026-10-26T16:00:00.000Z",
      says: "in winter time",
    },
    {
      zone: "America/New_York",
      after: "2026-06-02T03:00:00.000Z",
      end: "2026-06-02T21:00:00.000Z",
      says: "by its own date",
    },
    {
      zone: "Pacific/Auckland",
      after: "2026-06-01T13:00:00.000Z",
      end: "2026-06-03T05:00:00.000Z",
      says: "ahead of us",
    },
  ])("$says, in $zone after $after", ({ zone, after, end }) => {
    expect(iso(endOfNextBusinessDay(Date.parse(after), calendarIn(zone)))).toBe(end);
  });

  test("after a holiday", () => {
    const calendar = calendarIn("UTC", { holidays: ["2026-06-02", "2026-06-03"] });
    expect(iso(endOfNextBusinessDay(at(0), calendar))).toBe("2026-06-04T17:00:00.000Z");
  });
});

test("where no day is a business day, a day later has to do", () => {
  const never = { ...policy.calendar, businessDays: [] };
  expect(nextDigest(at(0), never)).toBe(at(24 * 60));
});

test("business hours are by default Monday to Friday, 09:00 to 17:00 UTC", () => {
  const { timeZone, businessDays, businessHours } = policy.calendar;
  expect({ timeZone, businessHours }).toEqual({ timeZone: "UTC", businessHours: { from: "09:00", to: "17:00" } });
  expect(businessDays).toEqual(["monday", "tuesday", "wednesday", "thursday", "friday"]);
});

test("the digest of a story follows the configured time zone", async () => {
  const configuration = policyWith({ calendar: { timeZone: "America/New_York" } });
  const tags = tagged({ disk: "low" });
  const world = await story([fires("disk", at(0))], { configuration, tags, until: at(0) + 3_600_000 * 4 });
  expect(world.collected.notifications.map((page) => iso(page.at))).toEqual(["2026-06-01T12:00:00.000Z"]);
  expect(iso(only(world).clock?.acknowledgeAt ?? 0)).toBe("2026-06-02T21:00:00.000Z");
});
