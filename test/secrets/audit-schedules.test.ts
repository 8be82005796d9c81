import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cronOf, paceOf } from "../../functions/audit-secrets/schedule.ts";
import { day, hour } from "../../shared/instant.ts";

const rules = (expression: string | null, afterDays: number | null = null, windowHours: number | null = null) => ({
  afterDays,
  expression,
  windowHours,
});

describe("the longest time from one rotation to the next", () => {
  test.each([
    { expression: "rate(10 days)", gap: 10 * day, window: day },
    { expression: "rate(1 day)", gap: day, window: day },
    { expression: "rate(12 hours)", gap: 12 * hour, window: hour },
    { expression: "cron(0 8 1 * ? *)", gap: 31 * day, window: 16 * hour },
    { expression: "cron(0 0 1 */3 ? *)", gap: 92 * day, window: day },
    { expression: "cron(0 0 1 JAN,JUL ? *)", gap: 184 * day, window: day },
    { expression: "cron(0 /4 * * ? *)", gap: 4 * hour, window: hour },
    { expression: "cron(0 0/4 * * ? *)", gap: 4 * hour, window: hour },
    { expression: "cron(0 0,6 * * ? *)", gap: 18 * hour, window: hour },
    { expression: "cron(0 8 ? * MON *)", gap: 7 * day, window: 16 * hour },
    { expression: "cron(0 8 ? * 2#1 *)", gap: 35 * day, window: 16 * hour },
    { expression: "cron(0 8 ? * 6L *)", gap: 35 * day, window: 16 * hour },
    { expression: "cron(0 8 L * ? *)", gap: 31 * day, window: 16 * hour },
    { expression: "cron(0 8 31 * ? *)", gap: 61 * day, window: 16 * hour },
    { expression: "cron(0 8 LW * ? *)", gap: 33 * day, window: 16 * hour },
    { expression: "cron(0 8 15W * ? *)", gap: 32 * day, window: 16 * hour },
    { expression: "cron(0 8 29 FEB ? *)", gap: 1_461 * day, window: 16 * hour },
    { expression: "cron(0 8 30 2 ? *)", gap: Number.POSITIVE_INFINITY, window: 16 * hour },
  ])("$expression", ({ expression, gap, window }) => {
    expect(paceOf(rules(expression))).toEqual({ longestGapMs: gap, windowMs: window });
  });

  test.each([
    ["every 30 days, on or before the day", rules(null, 30), { longestGapMs: 30 * day, windowMs: 0 }],
    ["with a window", rules(null, 30, 3), { longestGapMs: 30 * day, windowMs: 3 * hour }],
    [
      "an expression before the days that came of it",
      rules("rate(4 days)", 30, 2),
      { longestGapMs: 4 * day, windowMs: 2 * hour },
    ],
    ["no schedule", rules(null), null],
  ])("%s", (_, given, pace) => expect(paceOf(given)).toEqual(pace));

  test.each([
    "",
    "daily",
    "rate(10 minutes)",
    "cron(30 8 1 * ? *)",
    "cron(0 8 1 * ? 2027)",
    "cron(0 24 1 * ? *)",
    "cron(0 8 0 * ? *)",
    "cron(0 8 32W * ? *)",
    "cron(0 8 1 13 ? *)",
    "cron(0 8 ? * 8 *)",
    "cron(0 8 ? * 2#6 *)",
    "cron(0 8 1 * ?)",
    "cron(0 8-6 1 * ? *)",
    "cron(0 8/0 1 * ? *)",
  ])("what Secrets Manager would not take is not guessed at: %j", (expression) => {
    expect(paceOf(rules(expression))).toBeNull();
  });
});

const lists = (least: number, most: number) =>
  fc
    .uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 4 })
    .map((numbers) => numbers.join());

const dayFields = fc.oneof(
  fc.tuple(
    fc.oneof(fc.constant("*"), lists(1, 28), fc.constantFrom("L", "LW", "15W", "1W", "1/5", "10-12")),
    fc.constant("?"),
  ),
  fc.tuple(fc.constant("?"), fc.oneof(lists(1, 7), fc.constantFrom("MON-FRI", "2#1", "6L", "7#4", "L"))),
);
const crons = fc
  .tuple(lists(0, 23), dayFields, fc.oneof(fc.constant("*"), lists(1, 12), fc.constantFrom("JAN-MAR", "2/3")))
  .map(([hours, [dayField, weekday], month]) => `cron(0 ${hours} ${dayField} ${month} ${weekday} *)`);

/** Every hour of some years at which it opens, one after the other. */
function openings(expression: string, fromYear: number, years: number): number[] {
  const cron = cronOf(expression);
  if (cron === null) throw new Error(`${expression} was not read`);
  const found: number[] = [];
  for (let at = Date.UTC(fromYear, 0, 1); at < Date.UTC(fromYear + years, 0, 1); at += day) {
    const date = new Date(at);
    const month = date.getUTCMonth() + 1;
    if (!cron.months.has(month)) continue;
    const [year, dayOfMonth, weekday] = [date.getUTCFullYear(), date.getUTCDate(), date.getUTCDay() + 1];
    if (cron.opensOn({ year, month, dayOfMonth, weekday })) found.push(...cron.hours.map((each) => at + each * hour));
  }
  return found;
}

describe("for any schedule", () => {
  test("no two openings are further apart than it says, in any years, and somewhere two are exactly so", () => {
    fc.assert(
      fc.property(crons, fc.integer({ min: 1_990, max: 2_060 }), (expression, year) => {
        const gap = paceOf(rules(expression))?.longestGapMs ?? 0;
        const some = openings(expression, year, 3);
        for (const [index, at] of some.entries()) expect(at - (some[index - 1] ?? at)).toBeLessThanOrEqual(gap);
        const all = openings(expression, 2_001, 29);
        const gaps = all.slice(1).map((at, index) => at - (all[index] ?? at));
        expect(gap).toBe(gaps.reduce((longest, each) => Math.max(longest, each), 0));
      }),
      { numRuns: 60 },
    );
  });

  test("a list of everything is everything", () => {
    const every = (expression: string) => paceOf(rules(expression))?.longestGapMs;
    expect(every("cron(0 0 1-31 1-12 ? *)")).toBe(day);
    expect(every("cron(0 0 ? * 1-7 *)")).toBe(every("cron(0 0 * * ? *)"));
  });
});
