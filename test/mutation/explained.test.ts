import { describe, expect, test } from "vitest";
import { compare, nameOf } from "./explained.ts";

const zero = { name: "shared/a.ts StringLiteral: 0 → 1", line: 3 };
const one = { name: "shared/a.ts StringLiteral: 1 → 0", line: 7 };
const page = (...names: string[]) =>
  `# Why\n\nThey are alike.\n\n\`\`\`\n${names.join("\n")}\n\`\`\`\n\nAnd no more.\n`;

describe("survivors are compared with the page that explains them", () => {
  test("one that stands there is explained, any other is not", () => {
    const compared = compare([zero, one], page(zero.name));
    expect(compared).toEqual({ unexplained: [one], explained: 1, obsolete: [] });
  });

  test("one that survives in two places must stand there twice", () => {
    expect(compare([zero, { ...zero, line: 9 }], page(zero.name)).unexplained).toEqual([{ ...zero, line: 9 }]);
    expect(compare([zero, { ...zero, line: 9 }], page(zero.name, zero.name)).unexplained).toEqual([]);
  });

  test("what stands there in vain is said", () => {
    expect(compare([zero], page(zero.name, one.name)).obsolete).toEqual([one.name]);
    expect(compare([], "").obsolete).toEqual([]);
  });

  test("what stands outside the fences explains nothing", () => {
    expect(compare([zero], `${zero.name}\n${page(one.name)}${zero.name}\n`).unexplained).toEqual([zero]);
  });
});

describe("a mutant's name", () => {
  test("is one line, however its code is laid out", () => {
    expect(nameOf("shared/a.ts", "BlockStatement", "{\n  one();\n  two();\n}", "{}")).toBe(
      "shared/a.ts BlockStatement: { one(); two(); } → {}",
    );
  });

  test("is short, and ends with the code's own end", () => {
    const name = nameOf("shared/a.ts", "BlockStatement", `{ ${"work(); ".repeat(90)}end(); }`, "{}");
    expect(name.length).toBeLessThan(150);
    expect(name).toMatch(/ … .*end\(\); } → {}$/);
  });
});
