import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, type Evidence, evidenceTable, type Seen, wanted } from "../../functions/heal-rotations/decide.ts";
import { minute } from "../../shared/instant.ts";
import { failureReasons } from "../../shared/secrets/failure.ts";

const now = Date.UTC(2027, 0, 1);
const works: Seen = { is: "works" };
const refused: Seen = { is: "refused" };
const unknown: Seen = { is: "unknown", reason: "network" };
const absent: Seen = { is: "absent" };
const empty: Seen = { is: "empty" };
const untried: Seen = { is: "untried" };
const act = { mode: "act", stuckAfterMinutes: 60 } as const;

function verdict(evidence: Partial<Evidence>, ageMinutes = 61, policy: Parameters<typeof decide>[2] = act) {
  const stuck = { touchedAt: now - ageMinutes * minute, skip: null, wasPromoted: false };
  return decide(
    { ...stuck, evidence: { pending: works, current: works, previous: untried, ...evidence } },
    now,
    policy,
  );
}

// Every pair of what can be seen of the pending and of the current credential.
const table: [pending: Seen, current: Seen, type: string][] = [
  [works, works, "promote"],
  [works, refused, "promote"],
  [works, unknown, "undecided"],
  [works, absent, "undecided"],
  [works, empty, "undecided"],
  [works, untried, "undecided"],
  [refused, works, "abandon"],
  [refused, refused, "lost"],
  [refused, unknown, "undecided"],
  [refused, absent, "undecided"],
  [refused, empty, "undecided"],
  [refused, untried, "undecided"],
  ...[works, refused, unknown, absent, empty, untried].flatMap((current): [Seen, Seen, string][] => [
    [unknown, current, "undecided"],
    [untried, current, "undecided"],
    [empty, current, "abandon"],
    [absent, current, "leave"],
  ]),
];

describe("a pending version that is old", () => {
  test.each(table)("pending %o, current %o: %s", (pending, current, type) => {
    for (const previous of [works, refused, unknown, absent, empty, untried]) {
      const acting = verdict({ pending, current, previous });
      expect(acting.type).toBe(type);
      expect("acts" in acting ? acting.acts : null).toBe(type === "promote" || type === "abandon" ? true : null);
      const recommending = verdict({ pending, current, previous }, 61, { ...act, mode: "recommend" });
      expect(recommending).toEqual("acts" in acting ? { ...acting, acts: false } : acting);
    }
  });

  test("of which neither credential works is lost, and it says whether the previous one works", () => {
    const both = { pending: refused, current: refused };
    expect(verdict({ ...both, previous: works }).because).toContain("the previous one does");
    expect(verdict({ ...both, previous: unknown }).because).toContain("the previous one: unknown (network)");
  });
});

describe("whatever was seen", () => {
  const seen: fc.Arbitrary<Seen> = fc.oneof(
    fc.constantFrom(works, refused, absent, empty, untried),
    fc.constantFrom(...failureReasons.filter((each) => each !== "authentication")).map(
      (reason): Seen => ({
        is: "unknown",
        reason,
      }),
    ),
  );
  const evidence = fc.record({ pending: seen, current: seen, previous: seen });
  const policy = fc.record({ mode: fc.constantFrom("recommend", "act"), stuckAfterMinutes: fc.nat({ max: 1_000 }) });
  const touchedAt = fc.option(fc.nat({ max: 2_000 }).map((minutes) => now - minutes * minute));

  test("nothing is promoted but what was seen to work, and nothing removed but what is empty or was refused", () => {
    fc.assert(
      fc.property(evidence, touchedAt, policy, (each, at, held) => {
        const found = decide({ evidence: each, touchedAt: at, skip: null, wasPromoted: false }, now, held);
        if (found.type === "promote") expect(each.pending.is).toBe("works");
        if (found.type === "promote") expect(["works", "refused"]).toContain(each.current.is);
        if (found.type === "abandon") expect(["empty", "refused"]).toContain(each.pending.is);
        if (found.type === "abandon" && each.pending.is === "refused") expect(each.current.is).toBe("works");
        if ("acts" in found) expect(found.acts).toBe(held.mode === "act");
        if ("acts" in found) expect(now - (at ?? now)).toBeGreaterThanOrEqual(held.stuckAfterMinutes * minute);
      }),
    );
  });

  test("a version that was the current one before is never promoted or abandoned: only its label goes, and not early", () => {
    fc.assert(
      fc.property(evidence, touchedAt, policy, (each, at, held) => {
        const found = decide({ evidence: each, touchedAt: at, skip: null, wasPromoted: true }, now, held);
        expect(["leave", "undecided", "unlabel"]).toContain(found.type);
        if (found.type !== "unlabel") return;
        expect(found.acts).toBe(held.mode === "act");
        expect(now - (at ?? now)).toBeGreaterThanOrEqual(held.stuckAfterMinutes * minute);
      }),
    );
  });

  test("a secret that is not ours to touch is left alone", () => {
    fc.assert(
      fc.property(evidence, touchedAt, policy, fc.string(), (each, at, held, skip) => {
        expect(decide({ evidence: each, touchedAt: at, skip, wasPromoted: false }, now, held)).toEqual({
          type: "leave",
          because: skip,
        });
      }),
    );
  });

  test("a pending version that may still be worked on is left alone, to the minute", () => {
    fc.assert(
      fc.property(evidence, (each) => {
        expect(verdict(each, 59).type).toBe("leave");
      }),
    );
    expect(verdict({}, 60).type).toBe("promote");
  });

  test("one whose age nobody knows is said, and not touched", () => {
    expect(
      decide(
        {
          evidence: { pending: works, current: works, previous: untried },
          touchedAt: null,
          skip: null,
          wasPromoted: false,
        },
        now,
        act,
      ),
    ).toEqual({
      type: "undecided",
      because: "nobody can say how old the pending version is",
    });
  });

  test("nobody logs in more often than it takes", () => {
    fc.assert(
      fc.property(evidence, (each) => {
        const next = wanted(each);
        if (next !== null) expect(each[next].is).toBe("untried");
        if (each.pending.is === "empty" || each.pending.is === "unknown") expect(next).toBeNull();
      }),
    );
    expect(wanted({ pending: works, current: untried, previous: untried })).toBe("current");
    expect(wanted({ pending: works, current: refused, previous: untried })).toBeNull();
    expect(wanted({ pending: refused, current: refused, previous: untried })).toBe("previous");
  });

  test("is told in a line of fixed words", () => {
    expect(evidenceTable({ pending: works, current: { is: "unknown", reason: "tls" }, previous: untried })).toBe(
      "pending: it works; current: unknown (tls); previous: not tried",
    );
    expect(evidenceTable({ pending: refused, current: absent, previous: empty })).toBe(
      "pending: it is refused; current: there is none; previous: it is empty",
    );
  });
});
