import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { configurationSchema } from "../shared/configuration/schema.ts";
import { operations } from "../shared/operations.ts";
import { blank } from "./tidy/blank.ts";
import { importProblems, reachOf } from "./tidy/imports.ts";
import { functionsOf, impuritiesOf, ruleProblems } from "./tidy/rules.ts";
import { allSources, root, sourceOf } from "./tidy/source.ts";

// The style guide as a test. What it looks for is shown first, on pieces of code that break it.

const sources = allSources();

describe("every file", () => {
  test("keeps the rules of style and size", () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.flatMap(ruleProblems)).toEqual([]);
  });

  test("imports only what its folder may", () => {
    expect(sources.flatMap((source) => importProblems(source).map((problem) => `${source.path}: ${problem}`))).toEqual(
      [],
    );
  });
});

describe("decisions are pure", () => {
  const roots = sources
    .map(({ path }) => path)
    .filter((path) => /^functions\/[^/]+\/decide\.ts$|^shared\/incident\/(decide|evolve)[^/]*\.ts$/.test(path));

  test.each(roots)("%s and all that it runs", (path) => {
    const { files, packages } = reachOf(path, sources);
    expect(files.flatMap(impuritiesOf)).toEqual([]);
    expect(packages.filter((name) => name !== "@date-fns/tz/tzOffset")).toEqual([]);
  });

  test("what a function carries of configuration reads neither YAML nor files", () => {
    const { packages } = reachOf("shared/configuration/bundled.ts", sources);
    expect(packages).toEqual(["zod/mini"]);
  });
});

describe("one name, five places", () => {
  const folders = readdirSync(join(root, "functions"));

  test("every operation has its folder, and every folder is an operation", () => {
    expect(folders.toSorted()).toEqual(operations.map(({ name }) => name).toSorted());
  });

  test.each(folders)("%s has the same few files as the others, and its key in the configuration", (folder) => {
    const files = readdirSync(join(root, "functions", folder));
    expect(files).toEqual(expect.arrayContaining(["run.ts", "handler.ts", "environment.ts"]));
    const key = folder.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    expect(Object.keys(configurationSchema.shape)).toContain(key);
  });

  test.each(folders)("the handler of %s has at most 30 lines", (folder) => {
    const path = join(root, "functions", folder, "handler.ts");
    const lines = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n").length : 0;
    expect(lines).toBeLessThanOrEqual(30);
  });
});

describe("the rules bite", () => {
  test.each([
    ["export default 1;", "no default export"],
    ["export enum Colour {}", "no enum"],
    ["const x: any = 1;", "no `any`"],
    ["function f(list: Array<any>) {}", "no `any`"],
    ["const y = x!;", "no `!`"],
    ["f(x!.y, z![0]);", "no `!`"],
    ["interface IThing {}", "no interface named I"],
    ['export { a } from "./a.ts";', "no barrel"],
    ['export * from "./a.ts";', "no barrel"],
    ["const a = b as Thing;", "no `as`"],
    ["const a = process.env.HOME;", "the environment is read at the edge"],
    [`// ${"TO"}DO later`, "no work left to a comment"],
  ])("%s", (text, says) => {
    expect(ruleProblems(sourceOf("shared/example.ts", text)).join()).toContain(says);
  });

  test.each(["await new Promise((resolve) => setTimeout(resolve, 5));", "vi.mock(path);", "const send = vi.fn();"])(
    "in a test: %s",
    (text) => {
      expect(ruleProblems(sourceOf("test/example.test.ts", text))).toHaveLength(1);
    },
  );

  test.each([
    "const at = Date.now();",
    "const at = new Date();",
    "const n = Math.random();",
    "const id = crypto.randomUUID();",
    "const x = await y;",
    "const e = process.env.A;",
    "console.log(1);",
    "setTimeout(f, 1);",
    `const x = \`\${Date.now()}\`;`,
  ])("in a decision: %s", (text) => {
    expect(impuritiesOf(sourceOf("functions/open-incidents/decide.ts", text))).toHaveLength(1);
  });

  test.each([
    'const word = "export default any x! process.env";',
    "const some = list.any(x); const a = b !== c; const d = !e;",
    "// An `any`, an enum, a process.env, or x! in a comment.",
    "const pattern = /as any|x!|[/]as Thing/; const half = a / b; const c = d / e;",
    'import { a as b, type c as D } from "./a.ts";\nimport * as z from "zod/mini";',
    `const list = [1] as const; const at = new Date(0); const s = \`as any \${a} x!\`;`,
    'export const from = "x"; export const a = { b } satisfies C;',
  ])("and lets pass: %s", (text) => {
    expect(ruleProblems(sourceOf("shared/example.ts", text))).toEqual([]);
  });

  test.each([
    ["shared/a.ts", "../functions/x/run.ts"],
    ["shared/a.ts", "@middy/core"],
    ["shared/a.ts", "aws-cdk-lib"],
    ["functions/x/run.ts", "../y/decide.ts"],
    ["functions/x/run.ts", "../../simulation/clock.ts"],
    ["functions/x/run.ts", "./handler.ts"],
    ["functions/x/decide.ts", "@aws-sdk/client-sns"],
    ["functions/x/decide.ts", "node:crypto"],
    ["infra/stack.ts", "../functions/x/run.ts"],
    ["infra/stack.ts", "../functions/x/environment.ts"],
    ["infra/stack.ts", "../shared/incident/decide.ts"],
    ["simulation/world.ts", "../functions/x/handler.ts"],
    ["simulation/world.ts", "../cli/main.ts"],
    ["simulation/world.ts", "../test/a.ts"],
    ["cli/a.ts", "../bench/a.ts"],
    ["cli/a.ts", "../infra/app.ts"],
    ["bench/a.ts", "../cli/main.ts"],
    ["bench/a.ts", "../infra/app.ts"],
    ["sandbox/a.ts", "../cli/ending.ts"],
    ["test/a.test.ts", "../functions/x/handler.ts"],
  ])("%s may not import %s", (path, specifier) => {
    expect(importProblems(sourceOf(path, `import {\n  a,\n} from "${specifier}";\n`))).toHaveLength(1);
    expect(importProblems(sourceOf(path, `const a = await import("${specifier}");\n`))).toHaveLength(1);
  });

  test("infra may take the type of an environment", () => {
    expect(
      importProblems(sourceOf("infra/a.ts", 'import type { Environment } from "../functions/x/environment.ts";')),
    ).toEqual([]);
  });

  test("a long function is measured from its first line, in every form", () => {
    const body = Array(61).fill("  work();").join("\n");
    const long = [
      `function f() {\n${body}\n}`,
      `const f = () => {\n${body}\n};`,
      `function f(\n  a: A,\n): B {\n${body}\n}`,
    ];
    expect(long.map((code) => functionsOf(code)[0]?.lines)).toEqual([63, 63, 65]);
    for (const code of long) expect(ruleProblems(sourceOf("shared/a.ts", code))).toHaveLength(1);
    expect(ruleProblems(sourceOf("shared/a.ts", "x();\n".repeat(251)))).toHaveLength(1);
  });

  test("blanking keeps every line and column", () => {
    for (const { text, code } of sources) {
      expect(code.length).toBe(text.length);
      expect(code.split("\n").length).toBe(text.split("\n").length);
    }
    expect(blank('a("b"); // c', { strings: true })).toBe("a(   );     ");
  });
});
