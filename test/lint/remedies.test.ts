import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../../shared/configuration/check.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { dotted, leaves } from "../../shared/configuration/path.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { contradictionsOf } from "../../shared/lint/lint.ts";
import type { Contradiction } from "../../shared/lint/types.ts";

// Every finding names a real key, is the same when it is asked for again, and is gone when its remedy was applied.

const production: Configuration = loadConfiguration("production").configuration;

// Also those at which a backup of a day or a week just reaches, or just misses.
const minutes = fc.oneof(
  fc.integer({ min: 1, max: 20_000 }),
  fc.constantFrom(1_439, 1_440, 1_441, 1_499, 1_500, 10_080, 10_139, 10_140),
);
const policies = fc
  .record({
    backupFrequency: fc.constantFrom("weekly" as const, "daily" as const, "continuous" as const),
    schedule: fc.constantFrom("none" as const, "weekly" as const, "daily" as const, "continuous" as const),
    objective: minutes,
    acknowledge: minutes,
    escalate: minutes,
    rotateDays: fc.integer({ min: 1, max: 20 }),
    graceHours: fc.integer({ min: 1, max: 200 }),
    cpu: fc.record({ below: fc.integer({ min: 1, max: 60 }), above: fc.integer({ min: 61, max: 100 }) }),
    minimum: fc.integer({ min: 1, max: 5 }),
    step: fc.integer({ min: 1, max: 3 }),
    baseline: fc.integer({ min: 1, max: 90 }),
  })
  .map((drawn) => {
    const policy = structuredClone(production);
    Object.assign(policy.environment, {
      backupFrequency: drawn.backupFrequency,
      recoveryPointObjectiveMinutes: drawn.objective,
    });
    policy.backups.schedule = drawn.schedule;
    policy.severities.P1.acknowledge = { minutes: drawn.acknowledge };
    policy.severities.P1.escalate = { minutes: drawn.escalate };
    policy.secrets.kinds["api-key"] = { rotateDays: drawn.rotateDays };
    policy.secrets.graceHours = drawn.graceHours;
    policy.scaling.rules.cpu = {
      out: { above: drawn.cpu.above, minutes: 10 },
      in: { below: drawn.cpu.below, minutes: 30 },
      dividesByCapacity: true,
    };
    Object.assign(policy.scaling, { minimum: drawn.minimum, in: { step: drawn.step } });
    policy.capacity.baseline = { cpu: drawn.baseline };
    return policy;
  });

/** What a person does who follows the remedy. */
function mend(policy: Configuration, { rule, path, remedy }: Contradiction): Configuration {
  const mended = structuredClone(policy);
  const { environment, backups, scaling, secrets, severities } = mended;
  switch (rule) {
    case "frequency-cannot-meet-rpo":
    case "frequency-marginal-for-rpo":
      environment.recoveryPointObjectiveMinutes = minutesIn(/promise (.+)$/.exec(remedy)?.[1] ?? "");
      break;
    case "mechanism-floor-above-rpo":
      environment.recoveryPointObjectiveMinutes = minutesIn(/promise (.+) for/.exec(remedy)?.[1] ?? "");
      break;
    case "schedules-disagree":
      backups.schedule = environment.backupFrequency;
      break;
    case "escalation-before-acknowledgement":
      severities.P1.escalate = { minutes: minutesIn(/after (.+) or later/.exec(remedy)?.[1] ?? "") };
      break;
    case "rotation-cannot-keep-interval":
      Object.assign(secrets.kinds, { [path.split(".")[2] ?? ""]: { rotateDays: 365 } });
      break;
    case "scale-in-would-scale-out":
      scaling.rules.cpu = { ...cpuOf(mended), in: { below: Number(/below ([\d.]+)/.exec(remedy)?.[1]), minutes: 30 } };
      break;
    case "baseline-inside-scale-in-zone":
      mended.capacity.baseline = { cpu: cpuOf(mended).in.below + 1 };
      break;
    default:
      throw new Error(`no remedy of ${rule} is tried`);
  }
  return mended;
}

function cpuOf({ scaling }: Configuration) {
  const { cpu } = scaling.rules;
  if (cpu === undefined) throw new Error("there is no rule of cpu");
  return cpu;
}

function minutesIn(words: string): number {
  const units: Record<string, number> = { d: 1_440, h: 60, min: 1 };
  const parts = [...words.matchAll(/(\d+) (d|h|min)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0), 0);
}

const identity = ({ rule, path }: Contradiction) => `${rule} ${path}`;

describe("of any policy, each finding", () => {
  test("names a key that there is", () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const keys = leaves(policy).map(({ path }) => dotted(path));
        const lost = contradictionsOf(policy).filter(({ path }) => !keys.some((key) => key.startsWith(path)));
        expect(lost).toEqual([]);
      }),
    );
  });

  test("is the same when it is asked for again", () => {
    fc.assert(
      fc.property(policies, (policy) => {
        expect(contradictionsOf(structuredClone(policy))).toEqual(contradictionsOf(policy));
      }),
    );
  });

  test("is gone when its remedy was applied, and the policy is still one", () => {
    const tried = new Set<string>();
    fc.assert(
      fc.property(policies, (policy) => {
        for (const found of contradictionsOf(policy)) {
          // The memory's threshold and capacity are the policy's own here, and the remedy is about the drawn ones.
          if (found.rule === "scale-in-would-scale-out" && !found.path.includes("cpu")) continue;
          tried.add(found.rule);
          const mended = mend(policy, found);
          expect(contradictionsOf(mended).map(identity)).not.toContain(identity(found));
          expect(check(mended).ok).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect(tried.size).toBe(8);
  });
});
