import { expect, test } from "vitest";
import { bundleAll } from "../../shared/configuration/files.ts";

// Every number of the operations policy (environments; alerts and incidents) is the default of a key.

const { development, testing, staging, production } = bundleAll();
const day = 24 * 60;

test.each([
  { name: "development", of: development, values: ["unstable", "synthetic", 240, day, "weekly", 5, 5] },
  { name: "testing", of: testing, values: ["semi-stable", "synthetic", 120, day, "daily", 10, 10] },
  { name: "staging", of: staging, values: ["stable", "sanitised", 60, 240, "daily", 15, 15] },
  { name: "production", of: production, values: ["highly-stable", "real", 15, 5, "continuous", 5, 15] },
])("the environment $name promises what the policy says", ({ of, values }) => {
  const {
    stability,
    data,
    recoveryTimeObjectiveMinutes,
    recoveryPointObjectiveMinutes,
    backupFrequency,
    rollbackMinutes,
  } = of.environment;
  const { critical, normal } = rollbackMinutes;
  expect([
    stability,
    data,
    recoveryTimeObjectiveMinutes,
    recoveryPointObjectiveMinutes,
    backupFrequency,
    critical,
    normal,
  ]).toEqual(values);
});

test("tiers give severities", () => {
  const pairs = Object.entries(production.tiers).map(([tier, { severity, conditions }]) => [
    tier,
    severity,
    conditions.length,
  ]);
  expect(pairs).toEqual([
    ["critical", "P0", 4],
    ["high", "P1", 4],
    ["medium", "P2", 4],
    ["low", "P3", 3],
  ]);
});

test.each([
  { severity: "P0", values: ["at-once", 0, { minutes: 5 }, { minutes: 15 }, "status-page"] },
  { severity: "P1", values: ["at-once", 15, { minutes: 15 }, { minutes: 60 }, "internal"] },
  { severity: "P2", values: [{ gatherMinutes: 15 }, 60, { minutes: 60 }, { minutes: 240 }, "internal"] },
  { severity: "P3", values: ["digest", null, "next-business-day", "never", "ticket"] },
] as const)("$severity has the policy's clocks", ({ severity, values }) => {
  const { firstPage, firstPageWithinMinutes, acknowledge, escalate, communication } = production.severities[severity];
  expect([firstPage, firstPageWithinMinutes, acknowledge, escalate, communication]).toEqual(values);
});

test("incidents live by the policy's numbers", () => {
  expect(production.incidents).toEqual({
    stabilitySeconds: 5 * 60,
    reopenMinutes: 30,
    flapping: { transitions: 4, minutes: 15 },
    blindAfterMinutes: day,
    absentReconciles: 2,
    storm: { pages: 10, minutes: 5, summaryMinutes: 5, criticalSummaryMinutes: 1 },
    unroutedTier: "medium",
    unparsedSeverity: "P1",
    blindSeverity: "P3",
    blindIgnores: [],
    tagsMaximumAgeMinutes: 60,
    statusEntry: "publish",
    review: { afterHours: 24, withinHours: 48 },
    retentionDays: 400,
  });
});

test("the calendar is Monday to Friday, nine to five in UTC, the digest at eight", () => {
  expect(production.calendar).toEqual({
    timeZone: "UTC",
    businessDays: ["monday", "tuesday", "wednesday", "thursday", "friday"],
    businessHours: { from: "09:00", to: "17:00" },
    holidays: [],
    digestAt: "08:00",
  });
});

test("without configuration of one's own there is one team of three levels, and tags decide", () => {
  expect(production.teams).toEqual({ operations: { levels: Array(3).fill({ channels: [{ type: "sns" }] }) } });
  expect(production.defaultTeam).toBe("operations");
  expect(production.routing).toEqual([]);
  expect(production.services).toEqual({});
});

test("findings are expected every hour", () => {
  expect(production.findings).toEqual({ cadenceMinutes: 60, cadences: {} });
});
