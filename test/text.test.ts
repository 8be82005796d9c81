import fc from "fast-check";
import { expect, test } from "vitest";
import { clipped, nearest, printable, printableJson, printableLines, quoted, suggestion } from "../shared/text.ts";

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
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test.each([
  ["a\tb\r\n", "a\\tb\\r\\n"],
  ["\u001b[2J\u009b", "\\u001b[2J\\u009b"],
  ["a\u200bb\u202ec\ufeff", "a\\u200bb\\u202ec\\ufeff"],
  ["\u{e0041}", "\\u{e0041}"],
  ["\ud800", "\\ud800"],
  ["müßig 警告 😀 ❤️", "müßig 警告 😀 ❤️"],
])("%j is shown as %s", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("of several lines only the breaks between them stay", () => {
  expect(printableLines("a\u0007\nb\r\nc")).toBe("a\\u0007\nb\\r\nc");
  expect(printableLines("aaaa\nb", 3)).toBe("aaa…\nb");
});

test("harmless JSON is the same document", () => {
  const property = fc.property(fc.jsonValue({ stringUnit: "binary" }), fc.nat(3), (value, indentation) => {
    const json = printableJson(value, indentation);
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
    expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });
  fc.assert(property, { numRuns: 500 });
  expect(printableJson({ a: "\u{e0041}\u009b" })).toBe('{"a":"\\udb40\\udc41\\u009b"}');
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
