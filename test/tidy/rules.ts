import type { Source } from "./source.ts";

interface Rule {
  says: string;
  pattern: RegExp;
  /** The files that it holds for; all unless stated. */
  in?: RegExp;
  except?: RegExp;
  /** What of the file is searched; the code without comments and strings unless stated. */
  of?: "text";
}

const word = (...parts: string[]) => parts.join("");

const rules: readonly Rule[] = [
  { says: "no default export", pattern: /^export default\b/m, except: /^vitest\.config\.ts$/ },
  { says: "no enum", pattern: /^\s*(export |declare |const )*enum \w/m },
  { says: "no `any`", pattern: /(?<![.\w$])any(?![\w$(:])/ },
  { says: "no `!` that denies null", pattern: /[\w$)\]]!(?=[.;,)\]}[\s]|$)(?!=)/m },
  { says: "no interface named I…", pattern: /\binterface I[A-Z]/ },
  {
    says: "no barrel: a file does not export what another one made",
    pattern: /^export\b(?![^;]*=)[^;{]*(\{[^}]*\})?\s*from\b/m,
  },
  { says: "no `as` but `as const`", pattern: /\bas (?!const\b)[\w{([]/, in: /^(shared|functions|infra|cli)\// },
  { says: "no namespace", pattern: /^\s*(export |declare )*namespace \w/m },
  {
    says: "the environment is read at the edge",
    pattern: /\bprocess\.env\b/,
    in: /^(shared|simulation)\/|^functions\/[^/]+\/(?!handler)/,
  },
  {
    says: "no work left to a comment",
    pattern: new RegExp(`\\b(${word("TO", "DO")}|${word("FIX", "ME")})\\b`),
    of: "text",
  },
  { says: "tests never sleep", pattern: /\b(setTimeout|setInterval|setImmediate)\b/, in: /^test\// },
  {
    says: "no mock library",
    pattern: /\bvi\.(mock|doMock|fn|spyOn|hoisted|stubGlobal|useFakeTimers)\b/,
    in: /^test\//,
  },
];

const impurities: readonly Rule[] = [
  { says: "no clock", pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\b|\bhrtime\b/ },
  { says: "no timer", pattern: /\b(setTimeout|setInterval|setImmediate)\b/ },
  { says: "no chance", pattern: /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b|\brandomBytes\b/ },
  { says: "nothing to wait for", pattern: /\bawait\b|\basync\b|\bPromise\b/ },
  { says: "no environment", pattern: /\bprocess\b/ },
  { says: "no console", pattern: /\bconsole\b/ },
];

/** What one file does against the style guide, as sentences with their line. */
export function ruleProblems(source: Source): string[] {
  const applicable = rules.filter((rule) => (rule.in?.test(source.path) ?? true) && !rule.except?.test(source.path));
  return [...applicable.flatMap((rule) => violations(rule, source)), ...sizeProblems(source)];
}

/** What keeps a file from being pure. */
export function impuritiesOf(source: Source): string[] {
  return impurities.flatMap((rule) => violations(rule, source));
}

function violations({ says, pattern, of }: Rule, source: Source): string[] {
  const searched = of === "text" ? source.text : withoutImports(source.code);
  const match = pattern.exec(searched);
  return match === null ? [] : [`${source.path}:${lineAt(searched, match.index)}: ${says}`];
}

/** Imports rename with `as`, and may name what a rule is about. */
function withoutImports(code: string): string {
  return code.replace(/^import\b[^;]*;/gm, (statement) => statement.replace(/[^\n]/g, " "));
}

const maximumFileLines = 250;
const maximumFunctionLines = 60;

function sizeProblems({ path, text, code }: Source): string[] {
  const lines = text.trimEnd().split("\n").length;
  const tooLong = lines > maximumFileLines ? [`${path}: ${lines} lines, ${maximumFileLines} at most`] : [];
  const functions = functionsOf(code).filter((each) => each.lines > maximumFunctionLines);
  return [
    ...tooLong,
    ...functions.map(
      (each) => `${path}:${each.from}: a function of ${each.lines} lines, ${maximumFunctionLines} at most`,
    ),
  ];
}

/** The functions of formatted code: each ends at the first line that begins with `}` at its own indentation. */
export function functionsOf(code: string): { from: number; lines: number }[] {
  const lines = code.split("\n");
  return lines.flatMap((line, index) => {
    if (!opensFunction(line)) return [];
    const indentation = /^\s*/.exec(line)?.[0] ?? "";
    const from = line.trimStart().startsWith(")") ? startOf(lines, index, indentation) : index;
    const length = lines.slice(index + 1).findIndex((later) => later.startsWith(`${indentation}}`));
    return length === -1 ? [] : [{ from: from + 1, lines: index + length + 2 - from }];
  });
}

/** A suite of tests is a chapter, not a function. */
function opensFunction(line: string): boolean {
  if (!line.endsWith("{") || /^\s*describe\b/.test(line)) return false;
  if (/\bfunction\b|=> \{$|^\s*\).* \{$/.test(line)) return true;
  return (
    /^\s*(async |static |get |set |\*)*[\w$]+(<.*>)?\(.*\).* \{$/.test(line) &&
    !/^\s*(if|for|while|switch|catch)\b/.test(line)
  );
}

/** Where a signature of several lines began. */
function startOf(lines: readonly string[], index: number, indentation: string): number {
  const before = lines.slice(0, index);
  const found = before.findLastIndex(
    (line) => line.startsWith(indentation) && /\S/.test(line.charAt(indentation.length)),
  );
  return found === -1 ? index : found;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
