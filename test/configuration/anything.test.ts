import fc from "fast-check";
import { expect, test } from "vitest";
import { bundleAll } from "../../shared/configuration/files.ts";
import { resolveConfiguration } from "../../shared/configuration/layers.ts";
import { overridden } from "../../shared/configuration/overridden.ts";
import { Refused } from "../../shared/failures.ts";

// Whatever stands in a file or in the override, the answer is a configuration or one clear line for each problem.

const packed = bundleAll();
const keys = fc.constantFrom(
  ...Object.keys(packed.production),
  "P0",
  "minutes",
  "__proto__",
  "constructor",
  "levels",
  "",
  "a\nb",
);
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.jsonValue({ maxDepth: 1 }),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("map"),
  ),
  map: fc.dictionary(keys, tie("value"), { maxKeys: 4 }),
}));

test("any override is obeyed or refused in one line", () => {
  fc.assert(
    fc.property(anything.map, (override) => {
      try {
        overridden(packed.production, JSON.stringify(override));
      } catch (error) {
        expect(error).toBeInstanceOf(Refused);
        if (error instanceof Refused) expect(error.message).toMatch(/^NIGHTSHIFT_OVERRIDES: [^\n]+$/);
      }
    }),
    { numRuns: 300 },
  );
});

test("any text is read or refused, each problem in one line", () => {
  const signs = fc.constantFrom(
    "a",
    "b",
    ":",
    " ",
    "\n",
    "\n  ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    "&a ",
    "*a",
    "!!",
    "|",
    ">",
    "#",
    "\t",
    "?",
    ",",
    "<<",
    "---\n",
  );
  const text = fc.oneof(
    fc.array(signs, { maxLength: 40 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(text, (local) => {
      const resolved = resolveConfiguration([{ layer: "local", path: "local.yml", text: local }]);
      expect(resolved.ok).toBe(false);
      if (!resolved.ok)
        for (const problem of resolved.problems)
          expect(problem).toMatch(/^(local\.yml(:\d+)?|configuration): ?[^\n]+$/);
    }),
    { numRuns: 500 },
  );
});
