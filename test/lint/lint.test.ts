import { describe, expect, test } from "vitest";
import { environments } from "../../shared/configuration/environments.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { contradictionsOf, lint } from "../../shared/lint/lint.ts";

// What the policy says against itself.

const all = environments.map((environment) => loadConfiguration(environment));
const production: Configuration = loadConfiguration("production").configuration;

function rulesOf(configuration: Configuration): string[] {
  return contradictionsOf(configuration).map(({ rule, severity, path }) => `${severity} ${rule} ${path}`);
}

describe("the policy as it was written", () => {
  test("contradicts itself in these places, and no other", () => {
    const told = lint(all, true).map(({ rule, severity, path, environment, acknowledged }) =>
      [severity, rule, path, environment ?? "everywhere", acknowledged === null ? "open" : "acknowledged"].join(" "),
    );
    expect(told).toEqual([
      "error frequency-cannot-meet-rpo environment.backupFrequency development acknowledged",
      "error frequency-cannot-meet-rpo environment.backupFrequency staging acknowledged",
      "warning frequency-marginal-for-rpo environment.backupFrequency testing open",
      ...["EBS", "EC2", "EFS", "FSx", "S3"].map(
        (type) => `error mechanism-floor-above-rpo backups.floors.${type} production acknowledged`,
      ),
      "warning schedules-disagree backups.schedule development open",
      "warning schedules-disagree backups.schedule testing open",
      "warning baseline-inside-scale-in-zone capacity.baseline everywhere open",
      "warning scale-in-would-scale-out scaling.rules.memory.in.below everywhere open",
    ]);
  });

  test("each is told with its numbers", () => {
    const arithmetic = Object.fromEntries(
      lint(all, true).map((each) => [`${each.rule} ${each.path}`, each.arithmetic]),
    );
    expect(arithmetic).toMatchObject({
      "mechanism-floor-above-rpo backups.floors.S3": "15 min > 5 min: continuous backup is 15 min behind at best",
      "baseline-inside-scale-in-zone capacity.baseline": "cpu < 20 ≤ 30 and memory < 40 ≤ 40",
      "scale-in-would-scale-out scaling.rules.memory.in.below": "40 × 2 / 1 = 80 ≥ 80 − 5",
    });
  });
});

describe("a rule", () => {
  test.each<[string, (configuration: Configuration) => void, string]>([
    [
      "an escalation that does not wait for the acknowledgement",
      ({ severities }) => Object.assign(severities.P0, { escalate: { minutes: 4 } }),
      "error escalation-before-acknowledgement severities.P0.escalate.minutes",
    ],
    [
      "a rotation that has no day left",
      ({ secrets }) => Object.assign(secrets.kinds, { "session-key": { rotateDays: 2 } }),
      "error rotation-cannot-keep-interval secrets.kinds.session-key.rotateDays",
    ],
    [
      "a floor above a maximum",
      ({ scaling }) => {
        scaling.targets.web = { type: "auto-scaling-group", group: "web", maximum: 4 };
        scaling.floors.push({ name: "mornings", targets: "w*", from: "08:00", to: "18:00", minimum: 5 });
      },
      "error thresholds-contradict scaling.floors[0].minimum",
    ],
    [
      "a frequency that is too low by less than the start window",
      ({ environment }) =>
        Object.assign(environment, { backupFrequency: "daily", recoveryPointObjectiveMinutes: 24 * 60 + 59 }),
      "warning frequency-marginal-for-rpo environment.backupFrequency",
    ],
  ])("finds %s", (_, change, told) => {
    const changed = structuredClone(production);
    expect(rulesOf(changed)).not.toContain(told);
    change(changed);
    expect(rulesOf(changed)).toContain(told);
  });

  test("lets an objective that a mechanism just reaches be met, and one minute less not", () => {
    const rds = "error mechanism-floor-above-rpo backups.floors.RDS";
    expect(rulesOf(production)).not.toContain(rds);
    const environment = { ...production.environment, recoveryPointObjectiveMinutes: 4 };
    expect(rulesOf({ ...production, environment })).toContain(rds);
  });
});

describe("an acknowledgement", () => {
  const environment = "production";
  test("of another environment, rule or place counts for nothing", () => {
    const other = (change: object) => {
      const [first, ...rest] = production.acknowledgements.filter((each) => each.environment === environment);
      const acknowledgements = first === undefined ? [] : [{ ...first, ...change }, ...rest];
      const found = lint([{ environment, configuration: { ...production, acknowledgements } }], false);
      return found.filter((each) => each.severity === "error" && each.acknowledged === null).length;
    };
    expect(other({})).toBe(0);
    expect(other({ environment: undefined })).toBe(0);
    expect(other({ environment: "staging" })).toBe(1);
    expect(other({ path: "backups.floors.RDS" })).toBe(1);
    expect(other({ rule: "schedules-disagree" })).toBe(1);
  });

  test("that nothing needs is told, where all that it could be about was looked at", () => {
    const acknowledgements = [
      ...production.acknowledgements,
      { rule: "schedules-disagree" as const, path: "backups.schedule", reason: "it did once" },
    ];
    const changed = { ...production, acknowledgements };
    const unused = (isEverything: boolean) =>
      lint([{ environment, configuration: changed }], isEverything).filter(
        ({ rule }) => rule === "acknowledgement-unused",
      );
    expect(unused(false)).toEqual([]);
    expect(unused(true)).toMatchObject([{ severity: "warning", path: "acknowledgements[7]", environment: null }]);
  });
});
