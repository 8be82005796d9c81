import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge } from "../../shared/backups/judge.ts";
import type { Evidence, KeyState, RecoveryPoint, Resource, Verdict } from "../../shared/backups/types.ts";
import { environments } from "../../shared/configuration/environments.ts";
import { minute } from "../../shared/instant.ts";
import { abroad, ago, evidence, now, point, policyOf, region, resource } from "./scene.ts";

// What no evidence may ever lead to.

const usable = ["COMPLETED", "AVAILABLE"];
const useless = ["CREATING", "PARTIAL", "STOPPED", "EXPIRED", "DELETING", "RECONSIDERING", ""];
/** Around the objectives, and anywhere. */
const age = fc.oneof(
  fc.constantFrom(0, 4, 5, 6, 7, 15, 239, 240, 241, 1_440, 1_442),
  fc.integer({ min: 0, max: 9_000 }),
);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const keyArns = ["a", "b"];

const anyPoint = fc
  .record({
    createdMinutes: age,
    begunBefore: maybe(fc.integer({ min: 0, max: 400 })),
    consistentMinutes: maybe(age),
    status: fc.oneof(fc.constantFrom(...usable), fc.constantFrom(...usable, ...useless)),
    isContinuous: fc.boolean(),
    isCopy: fc.boolean(),
    region: fc.constantFrom(region, region, abroad),
    key: maybe(fc.record({ arn: fc.constantFrom(...keyArns), isAwsManaged: fc.boolean() })),
    source: fc.nat(5),
  })
  .map(({ createdMinutes, begunBefore, consistentMinutes, source, ...parts }) => ({
    source,
    made: point(createdMinutes, {
      ...parts,
      initiatedAt: begunBefore === null ? null : ago(createdMinutes + begunBefore),
      consistentAt: consistentMinutes === null ? null : ago(consistentMinutes),
    }),
  }));

/** Each copy is of one of the others, or of none. */
const points = fc
  .array(anyPoint, { maxLength: 5 })
  .map((drawn) =>
    drawn.map(({ made, source }) => ({ ...made, copyOf: made.isCopy ? (drawn[source]?.made.arn ?? null) : null })),
  );

const continuous = maybe(
  fc.oneof(
    age.map((minutes) => ({ mechanism: "the log", latestAt: ago(minutes), lagSeconds: null })),
    fc.constantFrom(60, 900).map((lagSeconds) => ({ mechanism: "the bound", latestAt: null, lagSeconds })),
  ),
);
const tags = fc.constantFrom<Resource["tags"]>(
  {},
  {},
  null,
  { "nightshift:environment": "staging" },
  {
    "nightshift:environment": "prod",
  },
);
const keyStates = fc.constantFrom<KeyState>("enabled", "enabled", "disabled", "pending-deletion", "unknown");

const drawn = fc.record({
  environment: fc.constantFrom(...environments),
  seen: fc
    .record({
      points,
      continuous,
      tags,
      type: fc.constantFrom("RDS" as const, "S3" as const, "EBS" as const),
      unknown: maybe(fc.constant("its service does not answer")),
      isUnread: fc.boolean(),
      keys: fc.tuple(keyStates, keyStates),
    })
    .map(({ points: made, isUnread, keys, ...parts }) =>
      evidence({
        resource: resource(parts),
        points: made,
        unread: new Map(isUnread ? [[region, "no answer"]] : []),
        keys: new Map(keys.map((state, index) => [keyArns[index] ?? "", state])),
      }),
    ),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;

const many = { numRuns: 3_000 };
const policies = Object.fromEntries(environments.map((environment) => [environment, policyOf({ environment })]));

function verdictOf({ environment, seen }: Drawn): Verdict {
  const policy = policies[environment] ?? policyOf({ environment });
  return judge(seen, now, policy).verdict;
}

function changed({ environment, seen }: Drawn, parts: Partial<Evidence>): Drawn {
  return { environment, seen: { ...seen, ...parts } };
}

function known({ environment, seen }: Drawn): Drawn {
  return { environment, seen: { ...seen, resource: { ...seen.resource, unknown: null }, unread: new Map() } };
}

/** No later than any way could lead, however well everything is read. */
function reachOf({ resource: { continuous: stated }, points: all }: Evidence): number {
  const good = all.filter(({ status }) => usable.includes(status));
  const bounded = stated?.lagSeconds != null && good.some(({ isContinuous }) => isContinuous);
  return Math.max(
    ...good.filter(({ isContinuous }) => !isContinuous).map(({ consistentAt, createdAt }) => consistentAt ?? createdAt),
    stated?.latestAt ?? Number.NEGATIVE_INFINITY,
    bounded ? now - (stated?.lagSeconds ?? 0) * 1_000 : Number.NEGATIVE_INFINITY,
  );
}

const objectiveMinutes: Record<string, number> = { development: 1_440, testing: 1_440, staging: 240, production: 5 };

describe("whatever is seen", () => {
  test("it is MET only where something reaches into objective and tolerance", () => {
    let count = 0;
    fc.assert(
      fc.property(drawn, (each) => {
        if (verdictOf(each) !== "MET") return;
        count += 1;
        const named = each.seen.resource.tags?.["nightshift:environment"] ?? each.environment;
        const limit = now - ((objectiveMinutes[named] ?? 0) + 1) * minute;
        expect(reachOf(each.seen)).toBeGreaterThanOrEqual(limit);
      }),
      many,
    );
    expect(count).toBeGreaterThan(100);
  });

  test("a point that cannot be restored from improves nothing", () => {
    const rank: Record<Verdict, number> = { BREACHED: 0, UNKNOWN: 1, UNATTAINABLE: 1, MET: 2, EXEMPT: 2 };
    const bad = anyPoint.chain(({ made }) => fc.constantFrom(...useless).map((status) => ({ ...made, status })));
    fc.assert(
      fc.property(drawn, bad, (each, more) => {
        const after = verdictOf(changed(each, { points: [...each.seen.points, more] }));
        expect(rank[after]).toBeLessThanOrEqual(rank[verdictOf(each)]);
      }),
      many,
    );
  });

  test("older points make nothing pass", () => {
    fc.assert(
      fc.property(drawn, fc.nat(5), fc.integer({ min: 1, max: 5_000 }), (each, place, minutes) => {
        const older = each.seen.points.map((made, index) => (index === place ? aged(made, minutes) : made));
        if (passes(verdictOf(each))) return;
        expect(passes(verdictOf(changed(each, { points: older })))).toBe(false);
      }),
      many,
    );
  });

  test("where something could not be read, only what is proven without it is MET, and nothing is breached", () => {
    let count = 0;
    fc.assert(
      fc.property(drawn, (each) => {
        const { resource: seen, unread } = each.seen;
        if (seen.unknown === null && unread.size === 0) return;
        const verdict = verdictOf(each);
        expect(["MET", "UNKNOWN"]).toContain(verdict);
        if (verdict === "MET") {
          count += 1;
          expect(verdictOf(known(each))).toBe("MET");
        }
      }),
      many,
    );
    expect(count).toBeGreaterThan(50);
  });

  test("a key that could not be read proves nothing", () => {
    fc.assert(
      fc.property(drawn, (each) => {
        const blind = changed(each, { keys: new Map() });
        const isReadable = ({ key }: RecoveryPoint) => key === null || key.isAwsManaged;
        const without = each.seen.points.map((made) => (isReadable(made) ? made : { ...made, status: "DELETING" }));
        if (verdictOf(blind) === "MET") expect(verdictOf(changed(each, { points: without }))).toBe("MET");
      }),
      many,
    );
  });

  test("the order in which points were listed changes nothing", () => {
    fc.assert(
      fc.property(drawn, (each) => {
        const turned = changed(each, { points: each.seen.points.toReversed() });
        expect(verdictOf(turned)).toBe(verdictOf(each));
      }),
      many,
    );
  });

  test("one more good snapshot of now lets nothing fail that passed", () => {
    fc.assert(
      fc.property(drawn, (each) => {
        const after = verdictOf(changed(each, { points: [...each.seen.points, point(0)] }));
        if (verdictOf(each) === "MET") expect(after).toBe("MET");
      }),
      many,
    );
  });
});

function passes(verdict: Verdict): boolean {
  return verdict === "MET" || verdict === "EXEMPT";
}

function aged(made: RecoveryPoint, minutes: number): RecoveryPoint {
  const less = (at: number | null) => (at === null ? null : at - minutes * minute);
  const { createdAt, initiatedAt, consistentAt } = made;
  return {
    ...made,
    createdAt: createdAt - minutes * minute,
    initiatedAt: less(initiatedAt),
    consistentAt: less(consistentAt),
  };
}
