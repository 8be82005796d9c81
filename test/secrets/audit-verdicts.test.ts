import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, nothingTold } from "../../functions/audit-secrets/decide.ts";
import type { Observed } from "../../functions/audit-secrets/observed.ts";
import { certificateTiming, intervalTiming, type Verdict } from "../../functions/audit-secrets/verdict.ts";
import { day, hour, type Instant, minute } from "../../shared/instant.ts";
import { arn, now, observedWith, policyWith, production, recordWith, region } from "./audit-stage.ts";

const policy = policyWith();
const judged = (observed: Observed, at: Instant = now, changes: object = {}) =>
  decide(nothingTold, observed, at, policyWith(changes)).judged;
const born = (days: number) => recordWith({ live: [{ version: "version-2", bornAt: now - days * day }] });

describe("what is recorded decides exactly", () => {
  test.each([
    { ageDays: 0, verdict: "OK" },
    { ageDays: 88.9, verdict: "OK" },
    { ageDays: 90 - 25 / 24, verdict: "DUE" },
    { ageDays: 89.99, verdict: "DUE" },
    { ageDays: 90, verdict: "DUE" },
    { ageDays: 90 + 1 / day, verdict: "OVERDUE" },
    { ageDays: 400, verdict: "OVERDUE" },
  ])("a credential of $ageDays days: $verdict", ({ ageDays, verdict }) => {
    const found = judged(observedWith({}, { record: born(ageDays) }));
    expect(found).toMatchObject({ verdict, oldestLiveCredential: { basis: "recorded" }, intervalDays: 90 });
  });

  test("the oldest credential that may still work counts, not the current one", () => {
    const live = [
      { version: "version-1", bornAt: now - 95 * day },
      { version: "version-2", bornAt: now - 1 * day },
    ];
    expect(judged(observedWith({}, { record: recordWith({ live }) })).verdict).toBe("OVERDUE");
  });

  test("due is the interval less the grace and one cadence", () => {
    expect(judged(observedWith()).dueAt).toBe(now - 10 * day + 90 * day - 25 * hour);
    const changes = { secrets: { graceHours: 48 }, findings: { cadences: { "audit-secrets": 30 } } };
    expect(judged(observedWith(), now, changes).dueAt).toBe(now + 80 * day - 48 * hour - 30 * minute);
  });
});

describe("what nobody recorded is bounded by AWS's dates", () => {
  const cases: { what: string; created: number; changed: number | null; verdict: Verdict }[] = [
    { what: "a young secret", created: 10, changed: 1, verdict: "OK" },
    { what: "a secret that is as old as is allowed", created: 90, changed: 1, verdict: "DUE" },
    { what: "an old secret that was changed lately", created: 400, changed: 10, verdict: "UNKNOWN" },
    { what: "an old secret whose last change is as old as is allowed", created: 400, changed: 90, verdict: "UNKNOWN" },
    { what: "an old secret that nobody has changed for too long", created: 400, changed: 91, verdict: "OVERDUE" },
    { what: "an old secret that nobody has ever changed", created: 91, changed: null, verdict: "OVERDUE" },
  ];
  test.each(cases)("$what: $verdict", ({ created, changed, verdict }) => {
    const changedAt = changed === null ? null : now - changed * day;
    const dates = { createdAt: now - created * day, changedAt, rotatedAt: changedAt };
    const found = judged(observedWith(dates, { record: null }));
    expect(found).toMatchObject({ verdict, oldestLiveCredential: { basis: "bound", at: now - created * day } });
  });

  test.each([
    ["a birth is missing", { live: [{ version: "version-2", bornAt: null }] }],
    ["the current version is none of those recorded", { live: [{ version: "version-1", bornAt: now }] }],
  ])("and so it is where the record says nothing: %s", (_, changes) => {
    expect(judged(observedWith({}, { record: recordWith(changes) })).oldestLiveCredential?.basis).toBe("bound");
  });
});

describe("what is held to no policy is EXEMPT, and has no findings", () => {
  const until = "2027-03-15";
  test.each([
    ["it is owned by a service", { owningService: "rds" }, {}],
    ["it is kept outside", { type: "Salesforce" }, {}],
    ["it is a replica", { primaryRegion: "us-east-1" }, {}],
    ["it is being deleted", { deletedAt: now }, {}],
    ["the configuration says so", {}, { secrets: { exemptions: [{ secret: "shop/*", reason: "a test", until }] } }],
  ])("%s", (_, secret, changes) => {
    const observed = observedWith({ ...secret, accessedAt: now - 900 * day, rotation: null }, { record: null });
    const decision = decide(nothingTold, observed, now, policyWith(changes));
    expect(decision.judged).toMatchObject({ verdict: "EXEMPT", remedy: null, dueAt: null });
    expect([decision.findings, decision.effects]).toEqual([[], []]);
  });

  test("the last day of an exemption counts, the next one does not", () => {
    const changes = { secrets: { exemptions: [{ secret: "shop/*", reason: "a test", until }] } };
    expect(judged(observedWith(), Date.UTC(2027, 2, 15, 23, 59), changes).verdict).toBe("EXEMPT");
    expect(judged(observedWith(), Date.UTC(2027, 2, 16), changes).verdict).toBe("OK");
  });

  test("a primary of replicas is no replica", () => {
    expect(judged(observedWith({ primaryRegion: region })).verdict).toBe("OK");
  });
});

describe("certificates say themselves when they end", () => {
  const certificate = (left: number, lifetime: number) => ({ notAfter: now + left * day, lifetimeMs: lifetime * day });
  test.each([
    { left: 60, lifetime: 398, verdict: "OK", isLate: false },
    { left: 30, lifetime: 398, verdict: "DUE", isLate: false },
    { left: 28.9, lifetime: 398, verdict: "OVERDUE", isLate: true },
    { left: 20, lifetime: 45, verdict: "OK", isLate: false },
    { left: 15, lifetime: 45, verdict: "DUE", isLate: false },
    { left: 13.9, lifetime: 45, verdict: "OVERDUE", isLate: true },
    { left: 3, lifetime: 6, verdict: "OK", isLate: false },
    { left: 1.5, lifetime: 6, verdict: "DUE", isLate: false },
    { left: 0.9, lifetime: 6, verdict: "OVERDUE", isLate: true },
    { left: -0.1, lifetime: 6, verdict: "OVERDUE", isLate: true },
    { left: -0.1, lifetime: 0.1, verdict: "OVERDUE", isLate: true },
  ])("$left days before the end of $lifetime: $verdict", ({ left, lifetime, verdict, isLate }) => {
    expect(certificateTiming(certificate(left, lifetime), now, production)).toMatchObject({ verdict, isLate });
    const observed = observedWith(
      { tags: { "nightshift:kind": "certificate" } },
      { certificate: certificate(left, lifetime) },
    );
    const found = judged(observed);
    expect(found).toMatchObject({ verdict, intervalDays: null, notAfter: now + left * day });
  });

  test("one that could not be read is UNKNOWN", () => {
    expect(judged(observedWith({ tags: { "nightshift:kind": "certificate" } })).verdict).toBe("UNKNOWN");
  });
});

// The algebra, on any dates.
const past = fc.integer({ min: 0, max: 1_000 * day }).map((age) => now - age);
const dates = fc.record({
  createdAt: past,
  changedAt: fc.option(past),
  rotatedAt: fc.option(past),
  bornAt: fc.option(past),
});
type Dates = typeof dates extends fc.Arbitrary<infer Value> ? Value : never;
const intervals = fc.integer({ min: 1, max: 400 });

function observedOf({ createdAt, changedAt, rotatedAt, bornAt }: Dates): Observed {
  const live = [{ version: "version-2", bornAt }];
  return observedWith({ createdAt, changedAt, rotatedAt }, { record: recordWith({ live }) });
}

/** No credential is older than its secret, and the last change made the current one. */
function consistent(given: Dates): Observed {
  const bornAt = Math.max(given.createdAt, given.bornAt ?? given.createdAt);
  const rotatedAt = given.rotatedAt === null ? null : Math.max(bornAt, given.rotatedAt);
  return observedOf({ ...given, bornAt, changedAt: Math.max(bornAt, given.changedAt ?? bornAt), rotatedAt });
}

const ladder: readonly Verdict[] = ["OK", "DUE", "UNKNOWN", "OVERDUE"];
const rank = (verdict: Verdict) => ladder.indexOf(verdict);

describe("on any dates", () => {
  test("nothing that may be beyond the interval is OK or DUE", () => {
    fc.assert(
      fc.property(dates, intervals, (given, days) => {
        const observed = observedOf(given);
        const { verdict } = intervalTiming(observed, days, now, policy.policy);
        const oldest = given.bornAt ?? given.createdAt;
        if (now - oldest > days * day) expect(["UNKNOWN", "OVERDUE"]).toContain(verdict);
        else expect(["OK", "DUE"]).toContain(verdict);
      }),
    );
  });

  test("a bound is never better than what is recorded", () => {
    fc.assert(
      fc.property(dates, intervals, (given, days) => {
        const observed = consistent(given);
        const recorded = intervalTiming(observed, days, now, policy.policy).verdict;
        const bound = intervalTiming({ ...observed, record: null }, days, now, policy.policy).verdict;
        expect(rank(bound)).toBeGreaterThanOrEqual(rank(recorded) === 3 ? rank("UNKNOWN") : rank(recorded));
        if (bound === "OVERDUE") expect(recorded).toBe("OVERDUE");
      }),
    );
  });

  test("nothing becomes better by waiting", () => {
    fc.assert(
      fc.property(dates, intervals, fc.integer({ min: 0, max: 500 * day }), (given, days, later) => {
        const observed = observedOf(given);
        const before = intervalTiming(observed, days, now, policy.policy).verdict;
        const after = intervalTiming(observed, days, now + later, policy.policy).verdict;
        expect(rank(after)).toBeGreaterThanOrEqual(rank(before));
      }),
    );
  });

  test("a certificate neither", () => {
    const lifetimes = fc.record({
      left: fc.integer({ min: -50, max: 400 }),
      lifetime: fc.integer({ min: 1, max: 800 }),
    });
    fc.assert(
      fc.property(lifetimes, fc.integer({ min: 0, max: 500 * day }), ({ left, lifetime }, later) => {
        const certificate = { notAfter: now + left * day, lifetimeMs: lifetime * day };
        const before = certificateTiming(certificate, now, policy.policy).verdict;
        const after = certificateTiming(certificate, now + later, policy.policy).verdict;
        expect(rank(after)).toBeGreaterThanOrEqual(rank(before));
        if (left < 0) expect(before).toBe("OVERDUE");
      }),
    );
  });
});

test("every secret that is not OK or exempt says what to do", () => {
  const { judged: unknown } = decide(nothingTold, observedWith({ tags: {} }), now, policy);
  expect(unknown).toMatchObject({ arn, kind: null, verdict: "UNKNOWN" });
  expect(unknown.remedy).toContain("nightshift:kind");
  expect(judged(observedWith({}, { record: born(89.5) })).remedy).toMatch(
    /^rotate it now: it is due since 2027-03-14T23:00/,
  );
  expect(judged(observedWith({}, { record: null })).remedy).toMatch(/^rotate it once with Nightshift/);
  expect(judged(observedWith()).remedy).toBeNull();
});
