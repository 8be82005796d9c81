import { describe, expect, test } from "vitest";
import { decide, nothingTold } from "../../functions/audit-secrets/decide.ts";
import { day, hour, iso, minute } from "../../shared/instant.ts";
import {
  certificates,
  failed,
  found,
  now,
  observedWith,
  policyWith,
  recordWith,
  schedule,
  secretWith,
} from "./audit-stage.ts";

describe("a finding", () => {
  test("says the number, the limit, and what to do", () => {
    const [unused] = found(observedWith({ accessedAt: now - 91 * day }));
    expect(unused?.message).toBe("nobody has read it for 91 days; 90 days are allowed");
    const [slow] = found(observedWith(schedule({ afterDays: 91 })));
    expect(slow?.message).toBe(
      "its schedule (every 91 days) leaves 91 days between two rotations; 90 days are allowed",
    );
    expect(slow?.remedy).toContain("--rotation-rules AutomaticallyAfterDays=88 --no-rotate-immediately");
    const [strategy] = found(observedWith({ tags: { "nightshift:kind": "api-key", "nightshift:strategy": "http:" } }));
    expect(strategy?.message).toContain('did you mean "http"?');
  });

  test("repeats what a rotation recorded of its failure", () => {
    const [finding] = found(observedWith({}, { record: recordWith({ failed }) }));
    expect(finding).toMatchObject({
      message: `setSecret failed at ${iso(failed.at)} (privilege): it may not`,
      remedy: "let it",
    });
  });

  test("has the severity of the configuration", () => {
    const changes = { secrets: { severities: { "no-rotation": "P1" } } };
    expect(found(observedWith({ rotation: null }), changes)[0]?.severity).toBe("P1");
    expect(found(observedWith({ rotation: null }))[0]?.severity).toBe("P3");
  });

  test.each([
    [20, "P2"],
    [7, "P2"],
    [6.9, "P1"],
    [-1, "P1"],
  ])("of a certificate with %d days left is %s", (left, severity) => {
    const certificate = { notAfter: now + left * day, lifetimeMs: 398 * day };
    expect(found(observedWith(certificates, { certificate }))[0]?.severity).toBe(severity);
  });
});

describe("what was told is remembered", () => {
  const wrong = observedWith({ rotation: null });
  const policy = policyWith();
  const first = decide(nothingTold, wrong, now, policy);

  test("what is new is raised, and an hour later it is not raised again", () => {
    expect(first.effects.map(({ type, found: { rule } }) => [type, rule])).toEqual([["raise", "no-rotation"]]);
    const second = decide(first.state, wrong, now + hour, policy);
    expect(second.effects).toEqual([]);
    expect(second.state).toEqual(first.state);
  });

  test("a day later it is refreshed, once", () => {
    const refreshed = decide(first.state, { ...wrong, record: recordWith() }, now + day, policy);
    expect(refreshed.effects).toHaveLength(1);
    expect(decide(refreshed.state, wrong, now + day + hour, policy).effects).toEqual([]);
  });

  test("what has become worse is raised at once", () => {
    const worse = policyWith({ secrets: { severities: { "no-rotation": "P1" } } });
    expect(decide(first.state, wrong, now + minute, worse).effects).toMatchObject([
      { type: "raise", found: { severity: "P1" } },
    ]);
  });

  test("what is mended is cleared, and so is what has become exempt", () => {
    for (const observed of [observedWith(), observedWith({ rotation: null, owningService: "rds" })]) {
      const mended = decide(first.state, observed, now + hour, policy);
      expect(mended.effects).toMatchObject([{ type: "clear", found: { rule: "no-rotation", severity: "P3" } }]);
      expect(mended.state).toEqual(nothingTold);
    }
  });

  test("a pending version that the list shows in two visits has been pending since the first", () => {
    const pending = { ...observedWith(), secret: secretWith({ pending: "version-3", changedAt: null }), record: null };
    const seen = decide(nothingTold, pending, now, policy);
    expect(seen.findings).toEqual([]);
    expect(seen.state.pending).toEqual({ version: "version-3", at: now });
    expect(decide(seen.state, pending, now + hour, policy).findings).toEqual([]);
    expect(decide(seen.state, pending, now + 61 * minute, policy).findings).toMatchObject([{ rule: "stuck-pending" }]);
    const another = { ...pending, secret: secretWith({ pending: "version-4", changedAt: null }) };
    expect(decide(seen.state, another, now + 61 * minute, policy).findings).toEqual([]);
  });
});
