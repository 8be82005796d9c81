import fc from "fast-check";
import { expect, test } from "vitest";
import { judge } from "../../shared/backups/judge.ts";
import { hold, pruned } from "../../shared/backups/prune.ts";
import type { Evidence, KeyState, RecoveryPoint } from "../../shared/backups/types.ts";
import { abroad, ago, evidence, log, now, point, policyOf, region, resource } from "./scene.ts";

// What is let go of says nothing that what is held does not.

const age = fc.oneof(fc.constantFrom(0, 4, 5, 6, 7, 59, 61, 240, 1_440), fc.integer({ min: 0, max: 9_000 }));
/** Mostly the first, so that many points are of one kind. */
const mostly = <Value>(usual: Value, others: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const statuses = ["AVAILABLE", "STOPPED", "EXPIRED", "PARTIAL", "CREATING", "RECONSIDERING"];

/** Copies are held with the instant of what was copied, or with none where nobody can say. */
const anyPoint = fc
  .record({
    createdMinutes: age,
    begunBefore: maybe(fc.integer({ min: 0, max: 400 })),
    ageOfSource: maybe(age),
    status: mostly("COMPLETED", fc.constantFrom(...statuses)),
    ...{ isContinuous: mostly(false, fc.boolean()), isCopy: fc.boolean() },
    ...{ region: mostly(region, fc.constant(abroad)), vault: mostly("main", fc.constant("second")) },
    key: mostly(null, maybe(fc.record({ arn: fc.constantFrom("a", "b"), isAwsManaged: fc.boolean() }))),
    keptDays: mostly(null, maybe(fc.integer({ min: 1, max: 40 }))),
    malware: mostly<RecoveryPoint["malware"]>("unscanned", fc.constantFrom("clean", "threats", "incomplete")),
  })
  .map(({ createdMinutes, begunBefore, ageOfSource, keptDays, ...parts }) =>
    point(createdMinutes, {
      ...parts,
      initiatedAt: begunBefore === null ? null : ago(createdMinutes + begunBefore),
      consistentAt: parts.isCopy && ageOfSource !== null ? ago(createdMinutes + ageOfSource) : null,
      deleteAt: keptDays === null ? null : ago(createdMinutes) + keptDays * 86_400_000,
    }),
  );
const keyStates = fc.constantFrom<KeyState>("enabled", "disabled", "pending-deletion", "unknown");

const drawn = fc.record({
  points: fc.array(anyPoint, { maxLength: 25 }),
  behind: maybe(age),
  keys: fc.tuple(keyStates, keyStates),
  isS3: fc.boolean(),
});

const policy = policyOf({
  configure: ({ backups }) => {
    backups.copies = [{ region: abroad, objectiveMinutes: 300 }];
    Object.assign(backups, { lock: "governance", retentionDays: 20 });
  },
});

/** What says how many. */
const counting: ReadonlySet<string> = new Set(["key-unusable", "retention-short", "malware-found"]);

function said(
  points: readonly RecoveryPoint[],
  { behind, keys, isS3 }: Omit<typeof drawn extends fc.Arbitrary<infer V> ? V : never, "points">,
) {
  const bound = { mechanism: "the bound", latestAt: null, lagSeconds: 900 };
  const continuous = behind === null ? null : isS3 ? bound : log(behind);
  const states: Evidence["keys"] = new Map(keys.map((state, index) => [["a", "b"][index] ?? "", state]));
  const { verdict, findings, restorableAt, copies, lock, key } = judge(
    evidence({ resource: resource({ continuous, type: isS3 ? "S3" : "RDS" }), points, keys: states }),
    now,
    policy,
  );
  return {
    verdict,
    restorableAt,
    copies,
    lock,
    key,
    rules: findings.map(({ rule, message }) => (counting.has(rule) ? `${rule} ${message}` : rule)),
  };
}

test("what is held of a resource's points gives the same verdict, findings and copies as all of them", () => {
  fc.assert(
    fc.property(drawn, ({ points, ...more }) => {
      expect(said(pruned(points), more)).toEqual(said(points, more));
    }),
    { numRuns: 3_000 },
  );
});

test("in whatever pages they come", () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: 1, max: 9 }), ({ points, ...more }, size) => {
      const held = new Map<string, RecoveryPoint[]>();
      for (let from = 0; from < points.length; from += size) hold(held, points.slice(from, from + size));
      expect(said([...held.values()].flat(), more)).toEqual(said(points, more));
    }),
    { numRuns: 1_000 },
  );
});

test("how many there are is told all the same, also after many pages", () => {
  const held = new Map<string, RecoveryPoint[]>();
  for (let page = 0; page < 5; page++) {
    const expired = Array.from({ length: 7 }, (_, index) => point(page * 100 + index, { status: "EXPIRED" }));
    hold(held, [...expired, point(3, { malware: "threats", initiatedAt: ago(9_000 + page) })]);
  }
  const { findings } = judge(evidence({ points: [...held.values()].flat() }), now, policyOf({}));
  const messages = findings.map(({ message }) => message);
  expect(messages).toContain("35 points are past retention and could not be deleted");
  expect(messages).toContain("malware was found in 5 of its points");
});

test("does not grow with their number", () => {
  const points = Array.from({ length: 10_000 }, (_, index) => point(index, { deleteAt: ago(index) + 35 * 86_400_000 }));
  expect(pruned(points)).toHaveLength(1);
});
