import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { report } from "../../cli/ending.ts";
import { Broken } from "../../shared/failures.ts";
import { iso } from "../../shared/instant.ts";
import { nightshift } from "../cli/terminal.ts";
import { arnOf, at, clears, finding, fires, nonsense } from "../incident/stories.ts";
import { harmIn, hostileTexts, longTexts } from "./texts.ts";

// What the command line prints of hostile texts: in its tables, in its JSON, and in the one line of each mistake.

const folder = mkdtempSync(join(tmpdir(), "nightshift-hostile-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The same story of any alarm: its name, words and service are what `text` says. */
function storyOf(text: string): string[] {
  const name = text.slice(0, 255);
  const documents = [
    fires(name, at(0), { reason: text }),
    fires("served", at(1), { reason: text }),
    { ...finding("raised", at(2), { resource: text.slice(0, 200) }), message: text, remedy: text },
    nonsense(at(3), text),
    clears(name, at(30), { reason: text }),
  ];
  const tags = { [arnOf("served")]: { "nightshift:tier": "high", "nightshift:service": name } };
  const lines = documents.map((document) => JSON.stringify(document)).join("\n");
  const until = ["--until", iso(at(37))];
  return [file("story.ndjson", lines), "--tags", file("tags.json", JSON.stringify(tags)), ...until];
}

const harmless = await nightshift(["replay", ...storyOf("harmless")]);
const all = [...Object.entries(hostileTexts), ...Object.entries(longTexts)];

describe.each(all)("%s", (_, text) => {
  test("the tables have a line for each row, and nothing that a terminal obeys", async () => {
    const { code, output } = await nightshift(["replay", ...storyOf(text)]);
    expect(code).toBe(1);
    expect(harmIn(output)).toBeNull();
    expect(output.split("\n")).toHaveLength(harmless.output.split("\n").length);
  });

  test("on a screen there are our own colours, and no other escape", async () => {
    const { output } = await nightshift(["replay", ...storyOf(text)], { screen: true });
    const ours = output.replaceAll(new RegExp(`${String.fromCharCode(0x1b)}\\[\\d{1,2}m`, "g"), "");
    expect(ours.length).toBeLessThan(output.length);
    expect(harmIn(ours)).toBeNull();
  });

  test("the JSON holds every text as it came, written harmlessly", async () => {
    const { output } = await nightshift(["replay", ...storyOf(text), "--json"]);
    expect(harmIn(output)).toBeNull();
    const { incidents } = JSON.parse(output);
    const keys = incidents.map(({ key }: { key: string }) => key);
    expect(keys).toContain(text.slice(0, 255).toWellFormed());
    expect(keys).toContain(arnOf(text.slice(0, 255).toWellFormed()));
  });

  const json = JSON.stringify(text);
  const mistakes: [what: string, words: string[]][] = [
    ["a command", [text]],
    ["an option", ["list", `--${text}`]],
    ["a file to replay", ["replay", text]],
    ["a file of tags", ["replay", file("empty.json", "{}"), "--tags", text]],
    ["a local file", ["configuration", "production", "--local", text]],
    ["an environment", ["configuration", text]],
    ["a time", ["replay", file("empty.json", "{}"), "--until", text]],
    ["a seed", ["simulate", "--seed", `${text} `]],
    ["a number of days", ["simulate", "--days", text]],
    ["a line that is no JSON", ["replay", file("broken.ndjson", text)]],
    ["tags that are no JSON", ["replay", file("empty.json", "{}"), "--tags", file("broken.json", `{"a":${text}`)]],
    [
      "a tag that is no text",
      ["replay", file("empty.json", "{}"), "--tags", file("odd.json", `{${json}:{${json}:1}}`)],
    ],
    ["a team", ["configuration", "production", "--local", file("team.yml", `{"teams":{${json}:{"levels":[]}}}`)]],
    ["a key", ["configuration", "production", "--local", file("key.yml", `{${json}:1}`)]],
    [
      "a value",
      ["configuration", "production", "--local", file("value.yml", `{"incidents":{"stabilitySeconds":${json}}}`)],
    ],
    ["what is no YAML", ["configuration", "production", "--local", file("broken.yml", `incidents: [${text}`)]],
  ];
  test.each(mistakes)("is refused as %s, in lines of ours", async (_what, words) => {
    const { code, output, errors } = await nightshift(words);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(harmIn(errors)).toBeNull();
    const lines = errors.trimEnd().split("\n");
    expect(lines.filter((line) => !line.startsWith("nightshift: "))).toEqual([]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(2_100);
  });

  test("a bug that quotes it, and its stack, are harmless too", () => {
    const written: string[] = [];
    const errors = Object.assign(Object.create(process.stderr), { write: (chunk: string) => written.push(chunk) });
    const terminal = { output: errors, errors, input: process.stdin, variables: { NIGHTSHIFT_DEBUG: "1" } };
    expect(report(new Broken(text, { cause: new Error(text) }), terminal)).toBe(3);
    expect(harmIn(written.join(""))).toBeNull();
  });
});

test("what a local file routes by is shown harmlessly", async () => {
  // The name that every object has is refused as a key, as above.
  const texts = Object.values(hostileTexts).filter((text) => text !== "__proto__");
  const routing = texts.map((text, index) => ({
    name: `rule-${index}`,
    match: { alarmName: text, tags: { [text]: text } },
    severity: "P3",
  }));
  const local = file("routing.yml", JSON.stringify({ routing }));
  const { code, output } = await nightshift(["configuration", "production", "--local", local]);
  expect({ code, harm: harmIn(output) }).toEqual({ code: 0, harm: null });
  const json = await nightshift(["configuration", "production", "--local", local, "--json"]);
  expect(harmIn(json.output)).toBeNull();
  expect(JSON.parse(json.output).configuration.routing[0].match.alarmName).toBe(routing[0]?.match.alarmName);
});
