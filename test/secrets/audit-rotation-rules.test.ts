import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isUnderway } from "../../functions/audit-secrets/plan.ts";
import { day, hour, minute } from "../../shared/instant.ts";
import { secretRules } from "../../shared/secrets/rules.ts";
import {
  type Case,
  certificates,
  failed,
  found,
  now,
  observedWith,
  policyWith,
  recordWith,
  rulesOf,
  schedule,
} from "./audit-stage.ts";

const underway = (version: string, minutes: number) =>
  recordWith({
    underway: { version, bornAt: now - day, touchedAt: now - minutes * minute, notes: {} },
  });

test("a secret that is rotated in time has nothing wrong with it", () => {
  expect(rulesOf(observedWith())).toEqual([]);
});

const cases: Case[] = [
  { what: "rotation is off", observed: observedWith({ rotation: null }), rules: ["no-rotation"] },
  { what: "rotation of a certificate is off", observed: observedWith({ ...certificates, rotation: null }), rules: [] },
  {
    what: "the interval is the policy's own",
    observed: observedWith(schedule({ afterDays: 90 })),
    rules: ["schedule-cannot-keep-interval"],
  },
  {
    what: "the interval leaves room for grace and cadence",
    observed: observedWith(schedule({ afterDays: 88 })),
    rules: [],
  },
  {
    what: "or hardly any",
    observed: observedWith(schedule({ afterDays: 89 })),
    rules: ["schedule-cannot-keep-interval"],
  },
  {
    what: "a window takes what room was left",
    observed: observedWith(schedule({ afterDays: 88, windowHours: 24 })),
    rules: ["schedule-cannot-keep-interval"],
  },
  {
    what: "the interval is too long",
    observed: observedWith(schedule({ afterDays: 91 })),
    rules: ["interval-too-long"],
  },
  {
    what: "a quarter is longer than 90 days",
    observed: observedWith(schedule({ expression: "cron(0 8 1 */3 ? *)" })),
    rules: ["interval-too-long"],
  },
  {
    what: "each month is enough",
    observed: observedWith(schedule({ expression: "cron(0 8 1 * ? *)", afterDays: 31 })),
    rules: [],
  },
  {
    what: "a schedule that nobody can read",
    observed: observedWith(schedule({ expression: "cron(0 8 ? * 9 *)" })),
    rules: ["schedule-cannot-keep-interval"],
  },
  {
    what: "a schedule that never comes",
    observed: observedWith(schedule({ expression: "cron(0 8 30 2 ? *)" })),
    rules: ["interval-too-long"],
  },
  {
    what: "the oldest credential is too old",
    observed: observedWith({}, { record: recordWith({ live: [{ version: "version-2", bornAt: now - 91 * day }] }) }),
    rules: ["overdue"],
  },
  { what: "nobody knows how old it is", observed: observedWith({}, { record: null }), rules: [] },
  {
    what: "the next rotation was yesterday",
    observed: observedWith(schedule({ afterDays: 30 }, now - day)),
    rules: ["next-rotation-past"],
  },
  {
    what: "the next rotation was a moment ago",
    observed: observedWith(schedule({ afterDays: 30 }, now - minute)),
    rules: [],
  },
  {
    what: "its window is still open",
    observed: observedWith(schedule({ afterDays: 30, windowHours: 3 }, now - 2 * hour)),
    rules: [],
  },
  {
    what: "a rotation is under way",
    observed: observedWith({ pending: "version-3", changedAt: now }, { record: underway("version-3", 59) }),
    rules: [],
  },
  {
    what: "and for too long",
    observed: observedWith({ pending: "version-3", changedAt: now }, { record: underway("version-3", 61) }),
    rules: ["stuck-pending"],
  },
  { what: "pending and current are one version", observed: observedWith({ pending: "version-2" }), rules: [] },
  {
    what: "pending for as long as nobody changed it, and nobody recorded it",
    observed: observedWith({ pending: "version-3", changedAt: now - 2 * hour }, { record: null }),
    rules: ["stuck-pending"],
  },
  {
    what: "pending just now, and nobody recorded it",
    observed: observedWith({ pending: "version-3", changedAt: now - 2 * minute }, { record: null }),
    rules: [],
  },
  {
    what: "another version is under way than the pending one",
    observed: observedWith({ pending: "version-3", changedAt: now - 2 * hour }, { record: underway("version-4", 1) }),
    rules: ["stuck-pending"],
  },
  {
    what: "the last rotation failed",
    observed: observedWith({}, { record: recordWith({ failed }) }),
    rules: ["rotation-failed"],
  },
];

describe("what is wrong is found, and nothing else", () => {
  test.each(cases)("$what", ({ observed, changes = {}, rules }) => {
    expect(rulesOf(observed, changes)).toEqual(rules);
  });

  test("every rule of these has a case", () => {
    const covered = new Set(cases.flatMap(({ rules }) => rules));
    expect(secretRules.slice(0, 7).filter((rule) => !covered.has(rule))).toEqual([]);
  });
});

test("what a remedy leaves to be filled in has the name that the guide gives it, and says where it stands", () => {
  const [finding] = found(observedWith({ rotation: null }));
  const [placeholder = ""] = /ROTATE_[A-Z]+/.exec(finding?.remedy ?? "") ?? [];
  const guide = readFileSync(new URL("../../docs/rotation.md", import.meta.url), "utf8");
  expect(guide).toContain(`--rotation-lambda-arn ${placeholder} `);
  expect(finding?.remedy).toContain("the output RotateFunction");
});

test("somebody may be at a rotation for as long as heal-rotations leaves it alone, to the minute", () => {
  const isBusy = (minutes: number) =>
    isUnderway(observedWith({}, { record: underway("version-3", minutes) }), now, policyWith({}));
  expect([59, 60, 61].map(isBusy)).toEqual([true, false, false]);
});
