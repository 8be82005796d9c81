import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "./tidy/source.ts";

// SECURITY.md says what stands against whom, and where. What it names must be there.

const text = readFileSync(join(root, "SECURITY.md"), "utf8");
const manifest: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const named = [...text.matchAll(/`([^`\n]+)`/g)].map(([, word = ""]) => word);
const paths = [...new Set(named.filter((word) => /^[\w.-]+\/[\w./-]*$/.test(word)))];

test.each(paths)("%s is there", (path) => {
  expect(existsSync(join(root, path))).toBe(true);
});

test.each(named.filter((word) => word.startsWith("npm run ")))("%s is a command", (command) => {
  expect(manifest.scripts).toHaveProperty([command.split(" ")[2] ?? ""]);
});

describe("every door", () => {
  const [, doors = ""] = text.split("## Doors");
  const [within = ""] = doors.split("\n## ");
  const sections = within
    .split("\n### ")
    .slice(1)
    .map((section) => [section.split("\n")[0] ?? "", section]);

  test("is one of twelve", () => expect(sections).toHaveLength(12));

  test.each(sections)("%s: what could be done, what stands against it, what remains", (_, section) => {
    expect(section).toMatch(/\*[A-Z][^*]+\.\*/);
    expect(section).toContain("**Remains:**");
  });
});

test("it names nobody's address", () => {
  expect(text).not.toMatch(/[\w.]+@[\w.]+|https?:/);
  expect(paths.length).toBeGreaterThan(25);
});
