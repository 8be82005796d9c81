import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { simulateDays } from "../../simulation/days.ts";
import { root } from "../tidy/source.ts";

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...globSync("docs/**/*.md", { cwd: root }),
];
const read = (page: string) => readFileSync(join(root, page), "utf8");
const { scripts } = JSON.parse(read("package.json"));
const steps = /readonly steps=\(([^)]*)\)/.exec(read(".ci/run"))?.[1]?.split(" ") ?? [];

describe.each(pages)("%s", (page) => {
  test("links to files that are there", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = ""]) => link);
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  test("names scripts and steps that there are", () => {
    const text = read(page);
    const named = [...text.matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
    const asked = [...text.matchAll(/\.ci\/run ([a-z]+)/g)].map(([, name = ""]) => name);
    expect(asked.filter((name) => !steps.includes(name))).toEqual([]);
  });
});

test("README shows the promises that are printed, in their order", async () => {
  const { configuration } = loadConfiguration("production", {});
  const { promises } = await simulateDays({ configuration, seed: "readme", days: 1, faults: "none" });
  const block = /Promises\n[^\n]*\n(.*?)```/s.exec(read("README.md"))?.[1] ?? "";
  const shown = block
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(6).replace(/ {2,}.*/, ""));
  expect(shown).toEqual(promises.map(({ name }) => name));
});
