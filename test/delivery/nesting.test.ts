import fc from "fast-check";
import { expect, test } from "vitest";
import { nestsDeeper } from "../../shared/delivery/nesting.ts";
import { parseSqsRecord } from "../../shared/delivery/parse.ts";

/** How deep a document nests, counted on what the parser built. */
function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test("the text tells how deep its document is, whatever stands in its strings", () => {
  const brackets = fc.string({ unit: fc.constantFrom("[", "]", "{", "}", '"', "\\", "a"), maxLength: 12 });
  const documents = fc.jsonValue({ maxDepth: 12, stringUnit: "grapheme" });
  const hurt = fc.tuple(documents, brackets).map(([document, text]) => ({ [text]: [text, document, `${text}\\`] }));
  fc.assert(
    fc.property(hurt, (document) => {
      const depth = depthOf(document);
      const text = JSON.stringify(document, null, 1);
      expect(nestsDeeper(text, depth)).toBe(false);
      expect(nestsDeeper(text, depth - 1)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test.each(["", "]]]]", '"', '"\\', '["', "[[[", '{"a":"[[[[[[[[[["}'])(
  "what is no JSON does not matter: %s",
  (text) => {
    expect(nestsDeeper(text, 3)).toBe(false);
  },
);

test.each([
  ["brackets", "[".repeat(1_048_576)],
  ["objects", '{"a":'.repeat(200_000)],
  ["lists that end", `${"[".repeat(500_000)}${"]".repeat(500_000)}`],
])("a megabyte of %s is refused before it is built", (_, body) => {
  expect(parseSqsRecord({ messageId: "1", body })).toMatchObject([
    { type: "unparsed", path: "body", problem: "is nested more than 100 deep" },
  ]);
});

test("a hundred levels are read, one more are not", () => {
  const nested = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
  expect(parseSqsRecord({ messageId: "1", body: nested(100) })).toMatchObject([{ path: "$" }]);
  expect(parseSqsRecord({ messageId: "1", body: nested(101) })).toMatchObject([{ path: "body" }]);
});
