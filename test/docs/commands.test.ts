import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseArguments } from "../../cli/arguments.ts";
import { commandNamed } from "../../cli/commands.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { strategyNameOf } from "../../shared/secrets/strategies.ts";
import { strategyNames } from "../../shared/secrets/strategy-names.ts";
import { root } from "../tidy/source.ts";

// A command that a page shows is one that can be typed: it is there, and so are its options.

const pages = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"],
  ...globSync("docs/**/*.md", { cwd: root }),
];
const read = (page: string) => readFileSync(join(root, page), "utf8");

/** What stands after `nightshift` in a line of a block, or between backquotes; what only names a command is not meant. */
function commandsIn(text: string): string[] {
  const lines = [...text.matchAll(/^ *npm run (?:-s )?nightshift -- (.+)$/gm)];
  const quoted = [...text.matchAll(/`(?:npm run (?:-s )?nightshift --|nightshift)\s+([^`]+)`/g)];
  return [...lines, ...quoted].map(([, words = ""]) => words.trim().replace(/\s+/g, " "));
}

/** What is wrong with it; null when nothing is. */
async function problemOf(words: string): Promise<string | null> {
  const [name = "", ...others] = words.split(" ");
  if (/^[A-Z]+$/.test(name)) return null;
  try {
    const command = await commandNamed(name);
    if (others.length > 0) parseArguments(command, others);
    return null;
  } catch (error) {
    return `${words}: ${error}`;
  }
}

test.each(pages)("the commands of %s can be typed", async (page) => {
  const problems = await Promise.all(commandsIn(read(page)).map(problemOf));
  expect(problems.filter((problem) => problem !== null)).toEqual([]);
});

test("there are many, and one that cannot be is found", async () => {
  expect(pages.flatMap((page) => commandsIn(read(page))).length).toBeGreaterThan(20);
  const [asked = ""] = commandsIn("Say `npm run nightshift -- rotate SECRET --legder T` first.");
  expect(await problemOf(asked)).toMatch(/did you mean "--ledger"/);
});

describe("docs/rotation.md", () => {
  const page = read("docs/rotation.md");

  test("has a section for each strategy", () => {
    const sections = [...page.matchAll(/^## ([a-z-]+)$/gm)].map(([, name]) => name);
    expect(sections.toSorted()).toEqual(strategyNames.toSorted());
  });

  test("states the defaults that hold", () => {
    const { configuration } = loadConfiguration("production", {});
    const rows = [...page.matchAll(/^\| `([a-z-]+)`(?:, engine ([^|]+))? \| \[`([a-z-]+)`\]/gm)];
    const stated = rows.flatMap(([, kind = "", engines = "``", strategy = ""]) =>
      [...engines.matchAll(/`([a-z-]*)`/g)].map(([, engine = ""]) => ({ kind, engine, strategy })),
    );
    expect(stated).toHaveLength(11);
    for (const { kind, engine, strategy } of stated) {
      const value = { version: "", text: JSON.stringify({ engine }), createdAt: 0 };
      expect(strategyNameOf({ kind, tags: {} }, value, configuration)).toBe(strategy);
    }
  });

  test("says of each where it has been run", () => {
    const table = page.slice(page.indexOf("## What has been run where"));
    const untold = strategyNames.filter(
      (name) => !/^(random|signing-key)$/.test(name) && !table.includes(`\`${name}\``),
    );
    expect(untold).toEqual([]);
  });

  test("leads only to sections that are there", () => {
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, "")
        .replaceAll(" ", "-"),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = ""]) => anchor);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });
});
