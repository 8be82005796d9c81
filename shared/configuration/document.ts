import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import type { Path } from "./path.ts";

/** A problem of the text itself, before anything is known of what it says. */
export interface TextProblem {
  line: number | null;
  path: Path;
  reason: string;
}

export type Read =
  | { ok: true; value: unknown; lineOf(path: Path): number | null }
  | { ok: false; problems: TextProblem[] };

const maximumAliases = 20;
const maximumProblems = 20;

/** Reads one YAML 1.2 document (core schema: `08:00` and `no` are text) whose keys are text and whose top is a map, or nothing. */
export function readDocument(text: string): Read {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    uniqueKeys: true,
    merge: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const problems = [...syntaxProblems(document, lines), ...keyProblems(document, lines)];
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, maximumProblems) };
  return contentOf(document, lines);
}

function contentOf(document: Document, lines: LineCounter): Read {
  if (document.contents !== null && !isMap(document.contents) && !isEmpty(document.contents)) {
    return {
      ok: false,
      problems: [{ line: lineAt(document.contents, lines), path: [], reason: "must be a map (lines of `key: value`)" }],
    };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: maximumAliases });
    return { ok: true, value: value ?? {}, lineOf: (path) => findLine(document, lines, path) };
  } catch (error) {
    const reason = error instanceof ReferenceError ? aliasReason(error) : "cannot be read as YAML";
    return { ok: false, problems: [{ line: null, path: [], reason }] };
  }
}

function aliasReason(error: ReferenceError): string {
  if (/^Excessive/.test(error.message)) return `uses aliases more than ${maximumAliases} times over`;
  return "refers to an anchor that is not defined before it";
}

/** The first error makes most others; duplicate keys are independent of each other and are all told. */
function syntaxProblems(document: Document, lines: LineCounter): TextProblem[] {
  const found: YAMLError[] = [...document.errors, ...document.warnings];
  const [first] = found;
  if (first === undefined) return [];
  const told = first.code === "DUPLICATE_KEY" ? found.filter((error) => error.code === "DUPLICATE_KEY") : [first];
  return told.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    path: error.code === "DUPLICATE_KEY" ? pathAt(document, error.pos[0]) : [],
    reason: reasons[error.code] ?? `is not YAML: ${error.message}`,
  }));
}

const reasons: Partial<Record<YAMLError["code"], string>> = {
  DUPLICATE_KEY: "stands here twice; remove one of them",
  TAB_AS_INDENT: "a tab is no indentation in YAML; use spaces",
  MULTIPLE_DOCS: "holds several documents (---); one is expected",
  RESOURCE_EXHAUSTION: "is nested too deeply",
};

/** Keys that are no text (`? [a, b]`) would be turned into some, and nobody would know which. */
function keyProblems(document: Document, lines: LineCounter): TextProblem[] {
  const problems: TextProblem[] = [];
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key)) return undefined;
      problems.push({ line: lineAt(pair.key, lines), path: [], reason: "a key must be plain text" });
      return visit.SKIP;
    },
  });
  return problems;
}

function pathAt(document: Document, offset: number): Path {
  let path: Path = [];
  visit(document, {
    Pair(_, pair, ancestors) {
      if (!isScalar(pair.key) || pair.key.range?.[0] !== offset) return undefined;
      const keys = ancestors.flatMap((node) => (isPair(node) && isScalar(node.key) ? [String(node.key.value)] : []));
      path = [...keys, String(pair.key.value)];
      return visit.BREAK;
    },
  });
  return path;
}

function findLine(document: Document, lines: LineCounter, path: Path): number | null {
  let node: unknown = document.contents;
  let line: number | null = null;
  for (const segment of path) {
    const inside: unknown = isAlias(node) ? node.resolve(document) : node;
    if (isMap(inside)) {
      const pair = inside.items.find((item) => isScalar(item.key) && String(item.key.value) === String(segment));
      if (pair === undefined) return line;
      line = lineAt(pair.key, lines) ?? line;
      node = pair.value;
    } else if (isSeq(inside)) {
      node = inside.items[Number(segment)];
      if (node === undefined) return line;
      line = lineAt(node, lines) ?? line;
    } else {
      return line;
    }
  }
  return line;
}

function lineAt(node: unknown, lines: LineCounter): number | null {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return null;
  return node.range ? lines.linePos(node.range[0]).line : null;
}

function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}
