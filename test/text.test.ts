import fc from "fast-check";
import { expect, test } from "vitest";
import { clipped, nearest, printable, quoted, suggestion } from "../shared/text.ts";

test.each([
  ["reopenMinute", "reopenMinutes"],
  ["REOPENMINUTES", "reopenMinutes"],
  ["roepenMinutes", "reopenMinutes"],
  ["storm", "storm"],
  ["st", "storm"],
])("%s is close to %s", (word, candidate) => {
  expect(nearest(word, ["storm", "reopenMinutes", "flapping"])).toEqual({ candidate, close: true });
});

test("what is far from everything is named, but not proposed", () => {
  expect(suggestion("xyzxyzxyz", ["storm"])).toBe('; the nearest known one is "storm"');
  expect(suggestion("x", [])).toBe("");
});

test("whatever is printed stays on one line and moves no cursor", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      for (const shown of [printable(text), quoted(text), quoted({ [text]: text })])
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test("long text is cut", () => {
  expect(quoted("x".repeat(100), 10)).toBe(`"${"x".repeat(9)}…`);
});

test("nothing is cut through a character", () => {
  expect(clipped("a😀", 2)).toBe("a");
  expect(clipped("a😀", 3)).toBe("a😀");
  expect(clipped("😀", 1)).toBe("");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(20), (text, length) => {
      for (const cut of [clipped(text, length), printable(text, length), quoted(text, length)])
        expect(cut.isWellFormed()).toBe(true);
      expect(clipped(text, length).length).toBeLessThanOrEqual(length);
      expect(text.startsWith(clipped(text, length))).toBe(true);
    }),
  );
});
