import fc from "fast-check";
import { expect, test } from "vitest";
import { intervalTiming } from "../../functions/audit-secrets/verdict.ts";
import { day, hour, type Instant, minute } from "../../shared/instant.ts";
import {
  blankSecretRecord,
  died,
  oldestBirth,
  promoted,
  type SecretRecord,
  touched,
} from "../../shared/secrets/record.ts";
import { now, production, recordWith, secretWith } from "./audit-stage.ts";

// A secret that is rotated now and then, as the list shows it some minutes ago and as the record was read some seconds ago.

/** Days between rotations; whether each previous credential was made to fail after its grace. */
const histories = fc.array(fc.record({ days: fc.integer({ min: 2, max: 120 }), dies: fc.boolean() }), {
  minLength: 1,
  maxLength: 6,
});

interface Step {
  at: Instant;
  record: SecretRecord;
  current: string;
  /** Births of all credentials that work from then on. */
  living: readonly Instant[];
}

/** What was so, one step after the other, up to now. The first version is recorded, because Nightshift made it. */
function stepsOf(history: readonly { days: number; dies: boolean }[]): Step[] {
  const total = history.reduce((sum, { days }) => sum + days, 0);
  let at = now - total * day;
  let step: Step = { at, record: begun("v0", at), current: "v0", living: [at] };
  const steps = [step];
  const births = new Map([["v0", at]]);
  for (const [index, { days, dies }] of history.entries()) {
    at += days * day;
    if (at + 25 * hour > now) break;
    const [from, to] = [step.current, `v${index + 1}`];
    births.set(to, at);
    const after = promoted(touched(step.record, to, at), { version: to, from, retireAt: at + day });
    step = { at, record: after, current: to, living: [...step.living, at] };
    steps.push(step);
    if (!dies) continue;
    const living = step.living.filter((birth) => birth !== births.get(from));
    step = { at: at + day, record: died(step.record, from), current: to, living };
    steps.push(step);
  }
  return steps;
}

function begun(version: string, at: Instant): SecretRecord {
  return promoted(touched(blankSecretRecord(recordWith().arn), version, at), { version, from: null, retireAt: at });
}

const seenAt = (steps: readonly Step[], at: Instant) => steps.findLast((step) => step.at <= at) ?? steps[0];

test("whatever lags, what may be beyond the interval is never OK", () => {
  const lag = fc.integer({ min: 0, max: 5 * minute });
  const later = fc.integer({ min: 0, max: 200 * day });
  fc.assert(
    fc.property(histories, lag, lag, later, fc.integer({ min: 3, max: 200 }), (history, list, ledger, passed, days) => {
      const steps = stepsOf(history);
      const at = now - passed;
      const [truth, listed, recorded] = [at, at - list, at - ledger].map((instant) => seenAt(steps, instant));
      const [first] = steps;
      if (!truth || !listed || !recorded || !first || at < first.at) return;
      const changedAt = steps.findLast(
        ({ current, at: since }) => current === listed.current && since <= listed.at,
      )?.at;
      const secret = secretWith({
        createdAt: first.at,
        changedAt: changedAt ?? null,
        rotatedAt: null,
        current: listed.current,
      });
      const { verdict } = intervalTiming({ secret, record: recorded.record }, days, at, production);
      if (at - Math.min(...truth.living) > days * day) expect(["UNKNOWN", "OVERDUE"]).toContain(verdict);
    }),
    { numRuns: 500 },
  );
});

test("and where nothing lags, what is recorded is exact", () => {
  fc.assert(
    fc.property(histories, (history) => {
      const last = stepsOf(history).at(-1);
      if (last === undefined) throw new Error("there is a first step");
      expect(oldestBirth(last.record, last.current)).toBe(Math.min(...last.living));
    }),
  );
});
