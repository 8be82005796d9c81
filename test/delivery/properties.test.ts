import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { childrenOf } from "../../shared/delivery/alarm-rule.ts";
import { parseDeliveries, stampOf } from "../../shared/delivery/parse.ts";
import { changed, envelopes, golden, kinds, parseOne, ways } from "./documents.ts";

const wraps = Object.values(envelopes);
const wrapping = fc.array(fc.constantFrom(...wraps), { maxLength: 4 });
const delivery = fc.constantFrom(...kinds.flatMap((kind) => ways.map(({ document }) => document(golden(kind)))));

/** Every dotted path in a document, lists left alone. */
function pathsIn(value: unknown, prefix = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [prefix + key, ...pathsIn(inner, `${prefix}${key}.`)]);
}

describe("for any document", () => {
  test("there is at least one delivery and never a throw", () => {
    fc.assert(
      fc.property(fc.jsonValue(), wrapping, (document, wrapped) => {
        const enveloped = wrapped.reduce<unknown>((inner, wrap) => wrap(inner), document);
        const deliveries = parseDeliveries(enveloped);
        expect(deliveries.length).toBeGreaterThanOrEqual(1);
        expect(deliveries.map(stampOf).every((at) => at === null || Number.isInteger(at))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a known document with anything anywhere in it gives one delivery", () => {
    const documents = kinds.flatMap((kind) => [golden(kind).event, golden(kind).action, golden(kind).topic]);
    const change = fc.constantFrom(...documents).chain((document) =>
      fc.record({
        document: fc.constant(document),
        path: fc.constantFrom(...pathsIn(document)),
        value: fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, null, "", [], {})),
      }),
    );
    fc.assert(
      fc.property(change, ({ document, path, value }) => {
        const hurt = changed(document, path, value);
        const [first, ...others] = parseDeliveries(hurt);
        expect(others).toEqual([]);
        // Whatever is reported as failing is what was hurt, or what it stood for.
        if (first?.type === "unparsed") {
          expect(first.raw).toBe(hurt);
          expect(first.problem).not.toBe("");
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

test("an envelope changes nothing of what is in it", () => {
  fc.assert(
    fc.property(delivery, wrapping, (document, wrapped) => {
      const enveloped = wrapped.reduce((inner, wrap) => wrap(inner), document);
      expect(parseOne(enveloped)).toEqual(parseOne(document));
    }),
    { numRuns: 500 },
  );
});

test("a batch gives what its records give, in their order", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(delivery, fc.jsonValue()), { minLength: 1, maxLength: 8 }), (documents) => {
      const bodies = documents.map((document) => ({ eventSource: "aws:sqs", body: JSON.stringify(document) }));
      const together = parseDeliveries({ Records: bodies });
      expect(together).toEqual(bodies.flatMap((body) => parseDeliveries(body)));
    }),
    { numRuns: 300 },
  );
});

test("a rule that was written from names gives back those names", () => {
  const parent = { account: "111122223333", region: "eu-west-1", partition: "aws" };
  const names = fc.array(fc.string({ minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(names, fc.constantFrom(" AND ", " OR NOT ", ") OR ("), (all, operator) => {
      const quoted = all.map((name) => `ALARM("${name.replace(/[\\"]/g, "\\$&")}")`);
      const arns = all.map((name) => `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${name}`);
      expect(childrenOf(`(${quoted.join(operator)})`, parent)).toEqual([...new Set(arns)].sort());
    }),
  );
  fc.assert(fc.property(fc.string({ unit: "binary" }), (rule) => Array.isArray(childrenOf(rule, parent))));
});
