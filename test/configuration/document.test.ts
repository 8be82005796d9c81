import { describe, expect, test } from "vitest";
import { readDocument } from "../../shared/configuration/document.ts";
import { resolveConfiguration } from "../../shared/configuration/layers.ts";

function problemsOf(text: string): string[] {
  const resolved = resolveConfiguration([{ layer: "local", path: "local.yml", text }]);
  return resolved.ok ? [] : resolved.problems;
}

describe("a text that is no configuration is refused in one clear line", () => {
  test.each([
    [
      "a duplicate key",
      "incidents:\n  storm: 1\n  storm: 2\n",
      "local.yml:3: incidents.storm: stands here twice; remove one of them",
    ],
    ["a tab", "incidents:\n\tstorm: 1\n", "local.yml:2: a tab is no indentation in YAML; use spaces"],
    ["two documents", "a: 1\n---\nb: 2\n", "local.yml:2: holds several documents (---); one is expected"],
    ["a list", "- a\n", "local.yml:1: must be a map (lines of `key: value`)"],
    ["a word", "hello\n", "local.yml:1: must be a map (lines of `key: value`)"],
    ["nothing", "", "local.yml: states nothing"],
    ["a comment alone", "# later\n", "local.yml: states nothing"],
    ["an empty map", "{}\n", "local.yml: states nothing"],
    ["a missing anchor", "a: *b\n", "local.yml: refers to an anchor that is not defined before it"],
    ["a key that is a list", "? [a]\n: 1\n", "local.yml:1: a key must be plain text"],
    ["deep nesting", "[".repeat(50_000), "local.yml:1: is nested too deeply"],
  ])("%s", (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test.each([
    ["an open quote", 'a: "b\nc: 1\n'],
    ["an unknown tag", "a: !secret b\n"],
    ["binary rubbish", "\u0000\u0001\u0002"],
    ["a circle of aliases", "services: &a\n  x: *a\n"],
    ["nesting that is only just readable", `a: ${"[".repeat(40)}${"]".repeat(40)}\n`],
  ])("%s", (_, text) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(/^local\.yml(:\d+)?: [^\n]+$/);
  });

  test("a bomb of aliases is stopped before it goes off", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let n = 1; n < 12; n++)
      lines.push(
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(", ")}]`,
      );
    expect(problemsOf(lines.join("\n"))).toEqual(["local.yml: uses aliases more than 20 times over"]);
  });

  test("every duplicate key is told", () => {
    expect(problemsOf("a: 1\na: 2\nb: 1\nb: 2\n")).toHaveLength(2);
  });
});

test("the line of a path is the line of its key, also through an alias", () => {
  const read = readDocument("a: &x\n  b:\n    - c: 1\n    - c: 2\nd: *x\n");
  if (!read.ok) throw new Error("refused");
  expect(read.lineOf(["a"])).toBe(1);
  expect(read.lineOf(["a", "b"])).toBe(2);
  expect(read.lineOf(["a", "b", 1, "c"])).toBe(4);
  expect(read.lineOf(["d", "b", 0])).toBe(3);
  expect(read.lineOf(["a", "missing"])).toBe(1);
  expect(read.lineOf(["missing"])).toBe(null);
});
