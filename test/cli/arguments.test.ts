import { describe, expect, test } from "vitest";
import { parseArguments } from "../../cli/arguments.ts";
import type { Command } from "../../cli/command.ts";

const command: Command = {
  name: "measure",
  summary: "for these tests",
  usage: "measure [--metric NAME=FILE…] [--once TEXT] [--json]",
  options: {
    metric: { type: "string", multiple: true, value: "NAME=FILE", description: "again for each" },
    once: { type: "string", value: "TEXT", description: "one value" },
    json: { type: "boolean", description: "set or not" },
  },
  positionals: { minimum: 0, maximum: 0 },
  run: async () => 0,
};

describe("an option that may be given again", () => {
  test.each([
    { words: [], lists: {} },
    { words: ["--metric", "cpu=a.csv"], lists: { metric: ["cpu=a.csv"] } },
    {
      words: ["--metric=cpu=a.csv", "--json", "--metric", "memory=b.csv"],
      lists: { metric: ["cpu=a.csv", "memory=b.csv"] },
    },
    { words: ["--metric", "a", "--metric", "a"], lists: { metric: ["a", "a"] } },
  ])("$words", ({ words, lists }) => {
    expect(parseArguments(command, words).lists).toEqual(lists);
  });

  test.each([
    { words: ["--metric"], line: "--metric needs a value: --metric NAME=FILE" },
    { words: ["--metric", "a", "--metric", "--json"], line: "--metric needs a value: --metric NAME=FILE" },
    { words: ["--metric="], line: "--metric needs a value: --metric NAME=FILE" },
    { words: ["--once", "a", "--once", "b"], line: "--once is given twice" },
    { words: ["--json", "--json"], line: "--json is given twice" },
    { words: ["--metrics", "a"], line: 'unknown option "--metrics" of measure; did you mean "--metric"?' },
  ])("$words: $line", ({ words, line }) => {
    expect(() => parseArguments(command, words)).toThrow(line);
  });
});
