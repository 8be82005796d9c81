import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../shared/evidence/canonical.ts";
import { firstUncanonicalByte } from "../../shared/evidence/uncanonical.ts";
import { Broken } from "../../shared/failures.ts";

const wrongAt = (text: string) => firstUncanonicalByte(Buffer.from(text));

describe("canonical JSON", () => {
  test("is that of RFC 8785", () => {
    const example = {
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false],
    };
    expect(canonicalJson(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const keys = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\u{1f600}": 5, "\u0080": 6, "\u00f6": 7 };
    const values = /\d(?=[,}])/g;
    expect(canonicalJson(keys).match(values)?.join("")).toBe("2467153");
    expect(canonicalJson([-0, "\ud800"])).toBe('[0,"\ufffd"]');
  });

  test.each([[undefined], [{ a: undefined }], [Number.NaN], [[Number.POSITIVE_INFINITY]], [1n]])(
    "is not of %s",
    (value) => {
      expect(() => canonicalJson(value)).toThrow(Broken);
    },
  );

  test("says the same as what it was made of, and is found to be canonical", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(wrongAt(text)).toBeNull();
      }),
    );
  });
});

describe("the first byte after which nothing could follow", () => {
  test.each<[string, number]>([
    ["", 0],
    ['{"a":1', 6],
    ['{"a":1}}', 7],
    ['{"a":1 }', 6],
    [' {"a":1}', 0],
    ['{"b":1,"a":2}', 8],
    ['{"ab":1,"aa":2}', 10],
    ['{"a":1,"a":2}', 9],
    ['{"a":01}', 7],
    ['{"a":1.0}', 8],
    ['{"a":1e5}', 8],
    ['{"a":-0}', 7],
    ['["\\u000a"]', 3],
    ['["\\u000F"]', 3],
    ['["\\/"]', 3],
    ['["a\nb"]', 3],
    ['["ab', 4],
    ["[1,]", 3],
    ["[trua]", 4],
    ["[nul", 4],
    ["[-]", 2],
    ['{"a"=1}', 4],
    ["{a:1}", 1],
    ['["ö"x]', 5],
    ["[".repeat(200), 101],
  ])("of %s is %i", (text, offset) => {
    expect(wrongAt(text)).toBe(offset);
  });

  test("is one that is no UTF-8", () => {
    expect(firstUncanonicalByte(Buffer.from([0x5b, 0x22, 0xc3, 0x22, 0x5d]))).toBe(3);
    expect(firstUncanonicalByte(Buffer.from([0x5b, 0x22, 0xef, 0xbf, 0x22, 0x5d]))).toBe(4);
    expect(firstUncanonicalByte(Buffer.from([0x5b, 0x22, 0xc3]))).toBe(3);
    expect(firstUncanonicalByte(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d, 0x5d]))).toBe(2);
  });

  test("is never before the one that was changed", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), fc.integer({ min: 1, max: 255 }), (value, place, mask) => {
        const bytes = Buffer.from(canonicalJson(value));
        const at = place % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ mask, at);
        const wrong = firstUncanonicalByte(bytes);
        if (wrong !== null) expect(wrong).toBeGreaterThanOrEqual(at);
      }),
      { numRuns: 3_000 },
    );
  });
});
