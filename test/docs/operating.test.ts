import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../../cli/commands/run.ts";
import { commands } from "../../cli/commands.ts";
import { scalingRules } from "../../functions/evaluate-scaling/findings.ts";
import { ownAlarms } from "../../infra/alarms.ts";
import { readWish } from "../../sandbox/arguments.ts";
import * as backupTags from "../../shared/backups/tags.ts";
import { backupRules } from "../../shared/backups/types.ts";
import { bundleAll, readBase } from "../../shared/configuration/files.ts";
import { resolveConfiguration } from "../../shared/configuration/layers.ts";
import { look } from "../../shared/configuration/path.ts";
import { operations } from "../../shared/operations.ts";
import { scalingTag } from "../../shared/scaling/tags.ts";
import { failureReasons } from "../../shared/secrets/failure.ts";
import { secretRules } from "../../shared/secrets/rules.ts";
import { resources, synthesise } from "../infra/synthesis.ts";
import { allSources, root } from "../tidy/source.ts";

// Whoever is woken at night believes what docs/operating.md says. Whatever it quotes is held against what there is.

const guide = readFileSync(join(root, "docs/operating.md"), "utf8");
const { template } = synthesise({ environment: "staging", overrides: "{}" });
const { production } = bundleAll();
const functions = allSources().filter(({ path }) => /^(functions|shared)\//.test(path));
const code = functions.map(({ statements }) => statements).join("\n");

/** Everything that the page may quote, by what it is. */
const known: Record<string, (quoted: string) => boolean> = {
  "an output of the stack": oneOf(Object.keys(template.toJSON().Outputs)),
  "a key of the configuration": (quoted) => quoted.includes(".") && look(production, quoted.split(".")).found,
  "a message in a log": oneOf(matches(/\blog\.(?:info|warn|error)\(\s*"([^"]+)"/g)),
  "a field of a log's line": oneOf(matches(/\blog\.(?:info|warn|error)\(\s*"[^"]+",\s*\{([^}]*)\}/g).flatMap(namesIn)),
  "a field of every line": oneOf(matches(/persistentKeys: \{([^}]*)\}/g).flatMap(namesIn)),
  "a field of an incident": oneOf(matches(/^export interface Incident \{([\s\S]*?)^\}/gm).flatMap(fieldsIn)),
  "a part of the sweep": oneOf(matches(/\battempt\(sweep, "(\w+)"/g)),
  "a failure": oneOf(matches(/^export class (\w+) extends Error/gm)),
  "an environment": oneOf(Object.keys(bundleAll())),
  "a variable of a function": oneOf(
    resources(template, "AWS::Lambda::Function").flatMap(([, { Properties }]) => variablesOf(Properties)),
  ),
  "a metric that an alarm looks at": oneOf(
    resources(template, "AWS::CloudWatch::Alarm").map(([, { Properties }]) => String(Properties.MetricName)),
  ),
  "a dashboard": oneOf(
    resources(template, "AWS::CloudWatch::Dashboard").map(([, { Properties }]) =>
      String(Properties.DashboardName).replace("staging", "production"),
    ),
  ),
  // Of Lambda's metrics, of Powertools' lines, of the letters that the scheduler, a rule and a stream write, of the CDK.
  "a word of AWS": oneOf([
    ...["Invocations", "Duration", "ConcurrentExecutions", "Invoke"],
    ...["function_request_id", "ERROR_CODE", "ERROR_MESSAGE", "DDBStreamBatchInfo", "--revert-drift"],
  ]),
  "a command of the AWS CLI": (quoted) => /^aws [a-z]+ [a-z-]+/.test(quoted),
  "a command of ours": (quoted) =>
    Object.keys(commands).includes(/^(?:npm run )?nightshift (?:-- )?([a-z]+) /.exec(quoted)?.[1] ?? ""),
  "a rule of the audit": oneOf(secretRules),
  "a tag": oneOf([scalingTag, ...Object.values(backupTags)]),
  "a verdict": oneOf(matches(/^export type Verdict = ([^;]+);/gm).flatMap((verdicts) => verdicts.match(/\w+/g) ?? [])),
  "a reason why a rotation failed": oneOf(failureReasons),
  "an option of ours": oneOf(Object.keys(run.options).map((name) => `--${name}`)),
  "a command of the sandbox": (quoted) =>
    /^npm run sandbox -- /.test(quoted) && readWish(quoted.split(" ").slice(4)) !== null,
};

test("whatever is quoted in a sentence exists", () => {
  const quoted = quotedIn(guide);
  expect(quoted.length).toBeGreaterThan(50);
  expect(quoted.filter(isUnknown)).toEqual([]);
});

test.each([
  "incidents.reopenMinute",
  "page undeliverd",
  "PagesP9",
  "NIGHTSHIFT_OVERRIDE",
  "notifyResponders.timeout",
  "nightshift --keep",
])("and what does not is found: %s", (quoted) => {
  expect(quotedIn(`Look at \`${quoted}\` first.`).filter(isUnknown)).toEqual([quoted]);
});

test("every alarm that a sentence or a command names is one of ours", () => {
  const names = operations.map(({ name }) => name).join("|");
  const named = [...guide.matchAll(new RegExp(`(?:${names})-[a-z-]+`, "g"))].map(([name]) => name);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !ownAlarms.some(({ id }) => id === name))).toEqual([]);
});

test("every word in capitals that stands for an output has one", () => {
  const outputs = Object.keys(template.toJSON().Outputs).map((name) =>
    name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase(),
  );
  const words = [...guide.matchAll(/(?<=--queue-url )[A-Z_]{5,}/g)].map(([word]) => word);
  expect(words.length).toBeGreaterThan(3);
  expect(words.filter((word) => !outputs.includes(word))).toEqual([]);
});

test("every rule of the audit and of heal-rotations has its heading, in their order", () => {
  const successions = matches(/SuccessionRule = ([^;]+);/g).flatMap((rules) => rules.match(/[a-z-]{3,}/g) ?? []);
  const healing = [...matches(/operation: "heal-rotations", rule: "([a-z-]+)"/g), ...successions];
  expect(healing).toHaveLength(3);
  const section = /^## What is found wrong with secrets$([\s\S]*?)^## /m.exec(guide)?.[1] ?? "";
  const explained = [...section.matchAll(/^### ([a-z-]+)$/gm)].map(([, rule]) => rule);
  expect(explained).toEqual([...secretRules, ...healing]);
});

test("so has every rule of scaling", () => {
  const section = /^## What is found wrong with scaling$([\s\S]*?)^## /m.exec(guide)?.[1] ?? "";
  expect([...section.matchAll(/^### ([a-z-]+)$/gm)].map(([, rule]) => rule)).toEqual([...scalingRules]);
});

test("and every rule of backups", () => {
  const section = /^## What is found wrong with backups$([\s\S]*?)^## /m.exec(guide)?.[1] ?? "";
  expect([...section.matchAll(/^### ([a-z-]+)$/gm)].map(([, rule]) => rule)).toEqual([...backupRules]);
});

describe("what stands in blocks", () => {
  const blocks = [...guide.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));

  test("is commands of the AWS CLI, a line each", () => {
    const lines = blocks.filter(({ language }) => language === "").flatMap(({ text }) => text.trimEnd().split("\n"));
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => !line.startsWith("aws "))).toEqual([]);
  });

  test("or configuration that can be laid on ours", () => {
    const layers = blocks.filter(({ language }) => language !== "");
    expect(layers.map(({ language }) => language)).toEqual(["yaml"]);
    for (const { text } of layers) {
      const base = { layer: "base", path: "base.yml", text: readBase() } as const;
      expect(resolveConfiguration([base, { layer: "local", path: "operating.md", text }])).toMatchObject({ ok: true });
    }
  });
});

function quotedIn(text: string): string[] {
  const sentences = text.replace(/^```[\s\S]*?^```$/gm, "");
  return [...sentences.matchAll(/`([^`]+)`/g)].map(([, quoted = ""]) => quoted.replace(/\s+/g, " "));
}

function isUnknown(quoted: string): boolean {
  return !Object.values(known).some((fits) => fits(quoted));
}

function oneOf(words: readonly string[]): (quoted: string) => boolean {
  if (words.length === 0) throw new Error("there is nothing to hold a word against");
  return (quoted) => words.includes(quoted);
}

function matches(pattern: RegExp): string[] {
  return [...code.matchAll(pattern)].map(([, found = ""]) => found);
}

/** The names of an object's fields: `a, b: c.d` has two. */
function namesIn(fields: string): string[] {
  return fields.split(",").flatMap((field) => /^\s*(\w+)/.exec(field)?.slice(1) ?? []);
}

/** The names of an interface's fields, one a line. */
function fieldsIn(fields: string): string[] {
  return [...fields.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name = ""]) => name);
}

function variablesOf(properties: Record<string, unknown>): string[] {
  const environment = look(properties, ["Environment", "Variables"]);
  return environment.found ? Object.keys(Object(environment.value)) : [];
}
