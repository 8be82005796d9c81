import { describe, expect, test } from "vitest";
import { createStage, incidentUnder, paged, policy, story, told } from "./stage.ts";
import { arnOf, at, fires, onDay, tagged, tierOf } from "./stories.ts";

// The table of tiers and severities, row by row, through to the last level and its reminders.

const rows = [
  {
    severity: "P0",
    pages: [
      "+0 opened P0 operations-1",
      "+5 reminded P0 operations-1",
      "+15 escalated P0 operations-2",
      "+20 reminded P0 operations-2",
      "+30 escalated P0 operations-3",
      "+35 reminded P0 operations-3",
      "+45 reminded P0 operations-3",
      "+60 reminded P0 operations-3",
    ],
    until: 74,
  },
  {
    severity: "P1",
    pages: [
      "+0 opened P1 operations-1",
      "+15 reminded P1 operations-1",
      "+60 escalated P1 operations-2",
      "+75 reminded P1 operations-2",
      "+120 escalated P1 operations-3",
      "+135 reminded P1 operations-3",
      "+180 reminded P1 operations-3",
      "+240 reminded P1 operations-3",
    ],
    until: 299,
  },
  {
    severity: "P2",
    pages: [
      "+15 batch P2 operations-1",
      "+60 reminded P2 operations-1",
      "+240 escalated P2 operations-2",
      "+300 reminded P2 operations-2",
      "+480 escalated P2 operations-3",
      "+540 reminded P2 operations-3",
      "+720 reminded P2 operations-3",
      "+960 reminded P2 operations-3",
    ],
    until: 1_199,
  },
] as const;

describe.each(rows)("the row of $severity", ({ severity, pages, until }) => {
  const tags = tagged({ cpu: tierOf[severity] });

  test("the tier's tag gives the severity", async () => {
    expect(incidentUnder(await story([fires("cpu", at(0))], { tags }), arnOf("cpu")).severity).toBe(severity);
  });

  test("the first page, the reminder, each level and the last level's reminders come at their times", async () => {
    expect(told(await story([fires("cpu", at(0))], { tags, until: at(until) }))).toEqual(pages);
  });

  test("each page says at which level it is", async () => {
    const { collected } = await story([fires("cpu", at(0))], { tags, until: at(until) });
    const levels = collected.notifications.map(({ level, audience }) => [level, audience]);
    expect(levels.every(([level, audience]) => audience === `operations-${level}`)).toBe(true);
  });

  test("once acknowledged, nothing more goes out", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("cpu", at(0)));
    await stage.person(at(1), arnOf("cpu"), { type: "acknowledge", by: "Ada" });
    await stage.until(at(until));
    expect(paged(stage.world)).toEqual(severity === "P2" ? [] : pages.slice(0, 1));
  });

  test("acknowledged after its reminder, it does not escalate", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("cpu", at(0)));
    await stage.person(at(61), arnOf("cpu"), { type: "acknowledge", by: "Ada" });
    await stage.until(at(until));
    expect(paged(stage.world)).toEqual(pages.filter((page) => Number.parseFloat(page) <= 61));
  });
});

describe("the row of P3", () => {
  const tags = tagged({ disk: "low" });
  const inMinutes = (when: number) => (when - at(0)) / 60_000;

  test("the first page waits for the daily summary", async () => {
    const world = await story([fires("disk", at(0))], { tags, until: onDay(1, "12:00") });
    expect(told(world)).toEqual([`+${inMinutes(onDay(1, "08:00"))} digest P3 operations-1`]);
  });

  test("an acknowledgement that the next business day has not brought is reminded in the summary after it", async () => {
    const world = await story([fires("disk", at(0))], { tags, until: onDay(2, "12:00") });
    expect(told(world)).toEqual([
      `+${inMinutes(onDay(1, "08:00"))} digest P3 operations-1`,
      `+${inMinutes(onDay(2, "08:00"))} digest P3 operations-1`,
    ]);
  });

  test("it never escalates", async () => {
    const world = await story([fires("disk", at(0))], { tags, until: onDay(30, "12:00") });
    expect(new Set(world.collected.notifications.map(({ level }) => level))).toEqual(new Set([1]));
    expect(told(world, ["escalated"])).toEqual([]);
    expect(told(world)).toHaveLength(2);
  });
});

test("a team's own levels and audiences are paged, through to its last", async () => {
  const configuration = {
    ...policy,
    teams: {
      ...policy.teams,
      payments: {
        levels: [
          { audience: "payments-on-call", channels: [{ type: "sns" as const }] },
          { audience: "payments-lead", channels: [{ type: "sns" as const }] },
        ],
      },
    },
    services: { checkout: { tier: "critical" as const, team: "payments" } },
  };
  const world = await story([fires("cpu", at(0))], {
    configuration,
    tags: { [arnOf("cpu")]: { "nightshift:service": "checkout" } },
    until: at(46),
  });
  expect(told(world)).toEqual([
    "+0 opened P0 payments-on-call",
    "+5 reminded P0 payments-on-call",
    "+15 escalated P0 payments-lead",
    "+20 reminded P0 payments-lead",
    "+30 reminded P0 payments-lead",
    "+45 reminded P0 payments-lead",
  ]);
});

test.each([
  { tier: "critical", status: "investigating" },
  { tier: "high", status: null },
  { tier: "medium", status: null },
  { tier: "low", status: null },
])("only a critical incident has something to say on a status page: $tier", async ({ tier, status }) => {
  const world = await story([fires("cpu", at(0))], { tags: tagged({ cpu: tier }) });
  expect(incidentUnder(world, arnOf("cpu")).statusEntry).toBe(status);
});
