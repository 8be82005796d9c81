import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { examplesIn, explanationsIn } from "../../shared/configuration/comments.ts";
import { readDocument } from "../../shared/configuration/document.ts";
import { environments } from "../../shared/configuration/environments.ts";
import { readBase } from "../../shared/configuration/files.ts";
import { editorSchema } from "../../shared/configuration/json-schema.ts";
import { resolveConfiguration } from "../../shared/configuration/layers.ts";
import { merge } from "../../shared/configuration/merge.ts";
import { isMap, type Path } from "../../shared/configuration/path.ts";
import { configurationSchema } from "../../shared/configuration/schema.ts";
import { nightshift } from "../cli/terminal.ts";

// What an editor is told of the configuration is what our own reader holds it to.

const base = readBase();
const files = { base: "base.schema.json", layer: "schema.json" } as const;
const validators = { base: validatorOf(files.base), layer: validatorOf(files.layer) };

describe("the schemas that are checked in", () => {
  test.each([
    { words: ["schema"], file: files.layer },
    { words: ["schema", "--base"], file: files.base },
  ])("are what schema.ts and base.yml make of them: $file", async ({ words, file }) => {
    const { code, output, errors } = await nightshift(words);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(textOf(file) === output, `configuration/${file} is out of date; mend it with: npm run schema`).toBe(true);
  });

  test("a key that no comment explains is told by name", () => {
    const bare = base.replace(/^ +# .* resolution reopens the incident .*\n/m, "");
    expect(() => editorSchema(bare, "layer")).toThrow(
      "no comment in configuration/base.yml explains incidents.reopenMinutes",
    );
  });

  test.each(["base.yml", ...environments.map((name) => `${name}.yml`)])("%s names its own, and keeps to it", (name) => {
    const text = textOf(name);
    const [, named = ""] = /^# yaml-language-server: \$schema=\.\/(\S+)\n/.exec(text) ?? [];
    expect(named).toBe(name === "base.yml" ? files.base : files.layer);
    const validate = validatorOf(named);
    expect(validate(contentOf(text)), JSON.stringify(validate.errors)).toBe(true);
  });
});

describe("comments", () => {
  test("stand above a key, or behind it; an example's count as well", () => {
    const text = [
      "# Of the file.",
      "",
      "# Of one,",
      "# in two lines.",
      "one:",
      '  two: "# no comment" # of two',
      "  # Of three and four.",
      "  three: { four: 4 }",
      "# Of five. Example:",
      "#   five:",
      "#     - six: 6 # of six",
      "five: []",
    ].join("\n");
    expect(explanationsIn(text)).toEqual([
      { path: ["one"], says: "Of one, in two lines." },
      { path: ["one", "two"], says: "of two" },
      { path: ["one", "three"], says: "Of three and four." },
      { path: ["one", "three", "four"], says: "Of three and four." },
      { path: ["five"], says: "Of five." },
      { path: ["five", "*", "six"], says: "of six" },
    ]);
  });

  test("base.yml's examples are a configuration", () => {
    const text = examplesIn(base).join("");
    expect(Object.keys(contentOf(text))).toEqual([
      "services",
      "teams",
      "routing",
      "secrets",
      "network",
      "backups",
      "scaling",
      "verifyBackups",
    ]);
    expect(problemsOf(text)).toEqual([]);
    expect(validators.layer(contentOf(text))).toBe(true);
  });
});

describe("both refuse", () => {
  test.each([
    ["an unknown key", "incidents: { reopenMinute: 5 }"],
    ["one at the top", "incident: {}"],
    ["one in a list", "routing: [{ name: a, team: operations, match: { regoin: eu } }]"],
    ["a name that is none of the four", "severities: { P4: {} }"],
    ["a wrong word", "incidents: { unroutedTier: hihg }"],
    ["a wrong type", "incidents: { reopenMinutes: soon }"],
    ["a number in quotes", 'incidents: { reopenMinutes: "5" }'],
    ["a fraction", "incidents: { reopenMinutes: 1.5 }"],
    ["too little", "incidents: { reopenMinutes: 0 }"],
    ["too much", "incidents: { reopenMinutes: 99999999 }"],
    ["nothing where something must stand", "incidents: { reopenMinutes: }"],
    ["an hour that no day has", "calendar: { digestAt: 25:00 }"],
    ["a day that no month has", "calendar: { holidays: [2027-02-30] }"],
    ["an empty list", "calendar: { businessDays: [] }"],
    ["a retention that CloudWatch Logs does not know", "openIncidents: { logRetentionDays: 8 }"],
    ["a channel that there is not", "teams: { operations: { levels: [{ channels: [{ type: smtp }] }] } }"],
    ["an entry that no layer below completes", "teams: { payments: {} }"],
    ["a map that none completes", "severities: { P3: { escalate: {} } }"],
    ["a name with a blank", 'services: { "a b": { tier: low } }'],
    ["an address of another kind", "services: { a: { runbook: 'javascript:1' } }"],
  ])("%s: %s", (_, text) => {
    expect(problemsOf(text)).not.toEqual([]);
    expect(validators.layer(contentOf(text))).toBe(false);
  });
});

describe("both agree on whatever one makes of a configuration", () => {
  const bottom = contentOf(base);
  const whole = merge(bottom, contentOf(examplesIn(base).join("")));
  const places = pathsOf(whole).filter((path) => path.join(".") !== "calendar.timeZone");

  test("in any place, of one that states only what differs", () => {
    const layers = places.flatMap((path) => [
      ...values.map((by) => onlyAt(changed(whole, { path, kind: "replaced", by }), path)),
      ...["surplus", "a b"].map((by) => onlyAt(changed(whole, { path, kind: "joined", by }), path)),
      onlyAt(changed(whole, { path, kind: "removed", by: null }), path),
    ]);
    const accepts = (layer: unknown) => configurationSchema.safeParse(merge(bottom, layer)).success;
    const disputed = layers.filter((layer) => validators.layer(layer) !== accepts(layer));
    expect(disputed.map((layer) => JSON.stringify(layer))).toEqual([]);
  });

  test("in several places, of a complete one", () => {
    const change = fc.record({
      path: fc.constantFrom(...places),
      kind: fc.constantFrom("replaced", "removed", "joined"),
      by: fc.constantFrom(...values),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (made) => {
        const document = made.reduce(changed, whole);
        expect(validators.base(document)).toBe(configurationSchema.safeParse(document).success);
      }),
      { numRuns: 1_000 },
    );
  });

  test("but for time zones, of which the editor knows only the letters", () => {
    const zone = (timeZone: string) => ({ calendar: { timeZone } });
    const known = [...Intl.supportedValuesOf("timeZone"), "UTC", "Etc/GMT+12", "+05:30", "-0330"];
    expect(known.filter((each) => !validators.layer(zone(each)))).toEqual([]);
    expect(["", "Europe Berlin", "Zürich"].filter((each) => validators.layer(zone(each)))).toEqual([]);
  });
});

interface Change {
  path: Path;
  kind: "replaced" | "removed" | "joined";
  by: unknown;
}

/** Right in one place and wrong in most: on either side of every limit, and every type. */
const values: readonly unknown[] = [
  ...["", "at-once", "digest", "never", "P1", "high", "08:00", "2027-02-28", "a b", "x".repeat(256), "x".repeat(257)],
  ...[-1, 0, 1, 1.5, 2, 7, 8, 10, 11, 14, 15, 20, 21, 127, 128, 900, 901, 1_000, 1_001, 10_240, 10_241],
  ...[5_256_000, 5_256_001, 1e20, null, true, "https://wiki.example.com/a", "ftp://wiki.example.com/a"],
  ...[{}, { minutes: 5 }, { minutes: 0 }, { gatherMinutes: 5 }, { gatherMinutes: 5, more: 1 }, { type: "log" }],
  ...[[], ["monday"], ["2027-02-28"], [{ type: "sns" }], [{ channels: [{ type: "log" }] }], [1]],
];

/** The document with one place changed. What is not there any more stays away. */
function changed(document: unknown, { path, kind, by }: Change): unknown {
  const [segment, ...rest] = path;
  if (segment === undefined) return kind === "joined" ? joined(document, by) : by;
  const inside = (value: unknown) => changed(value, { path: rest, kind, by });
  if (Array.isArray(document)) {
    if (kind === "removed" && rest.length === 0) return document.filter((_, index) => index !== segment);
    return document.map((item, index) => (index === segment ? inside(item) : item));
  }
  if (!isMap(document) || !Object.hasOwn(document, segment)) return document;
  const { [segment]: value, ...others } = document;
  return kind === "removed" && rest.length === 0 ? others : { ...document, [segment]: inside(value) };
}

function joined(document: unknown, by: unknown): unknown {
  if (Array.isArray(document)) return [...document, by];
  return isMap(document) ? { ...document, [typeof by === "string" ? by : "surplus"]: by } : document;
}

/** A layer that states one place and nothing else; lists replace as a whole, so one is stated with all its entries. */
function onlyAt(document: unknown, [segment, ...rest]: Path): unknown {
  if (segment === undefined || !isMap(document)) return document;
  return Object.hasOwn(document, segment) ? { [segment]: onlyAt(document[segment], rest) } : {};
}

function pathsOf(value: unknown, path: Path = []): Path[] {
  const inner = Array.isArray(value) ? [...value.entries()] : isMap(value) ? Object.entries(value) : [];
  return inner.flatMap(([segment, item]) => [[...path, segment], ...pathsOf(item, [...path, segment])]);
}

function problemsOf(text: string): string[] {
  const resolved = resolveConfiguration([
    { layer: "base", path: "base.yml", text: base },
    { layer: "environment", path: "layer.yml", text },
  ]);
  return resolved.ok ? [] : resolved.problems;
}

function contentOf(text: string): object {
  const read = readDocument(text);
  if (!read.ok || !isMap(read.value)) throw new Error("no configuration");
  return read.value;
}

function textOf(name: string): string {
  return readFileSync(new URL(`../../configuration/${name}`, import.meta.url), "utf8");
}

function validatorOf(name: string): ValidateFunction {
  const ajv = new Ajv({ strict: true });
  formats.default(ajv);
  return ajv.compile(JSON.parse(textOf(name)));
}
