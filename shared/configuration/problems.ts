import type * as z from "zod/mini";
import { printable, quoted, suggestion } from "../text.ts";
import { adviceFor } from "./known.ts";
import { dotted, isMap, look, type Path } from "./path.ts";

/** One thing that is wrong with a configuration, and how to mend it. */
export interface Problem {
  path: Path;
  value: unknown;
  reason: string;
}

type Issue = z.core.$ZodIssue;

/** The schema's issues in a person's words. `value` is the whole configuration that was refused. */
export function problemsOf(schema: z.core.$ZodType, issues: readonly Issue[], value: unknown): Problem[] {
  return issues.flatMap((issue) => explain(schema, issue, value));
}

/** `incidents.reopenMinutes = "x": must be a whole number`, on one line. */
export function describe({ path, value, reason }: Problem): string {
  const place = printable(dotted(path), 300);
  const shown = value === undefined ? place : `${place} = ${quoted(value)}`;
  return path.length === 0 ? printable(reason, 600) : `${shown}: ${printable(reason, 600)}`;
}

function explain(schema: z.core.$ZodType, issue: Issue, root: unknown): Problem[] {
  const path = pathOf(issue);
  const { value } = look(root, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(schema, root, path, key));
    case "invalid_union":
      return explainUnion(schema, issue, root);
    case "invalid_key":
      return [{ path, value, reason: `the key must be ${issue.issues[0]?.message ?? "another"}` }];
    default:
      return [{ path, value, reason: reasonFor(issue, value) }];
  }
}

function unknownKey(schema: z.core.$ZodType, root: unknown, path: Path, key: string): Problem {
  const full = [...path, key];
  return { path: full, value: look(root, full).value, reason: `unknown key; ${adviceFor(schema, path, key)}` };
}

/** Of the shapes that a value may have, the one that it was meant to have is told by whether it is a map. */
function explainUnion(schema: z.core.$ZodType, issue: z.core.$ZodIssueInvalidUnion, root: unknown): Problem[] {
  const path = pathOf(issue);
  const { value } = look(root, path);
  if ("options" in issue && Array.isArray(issue.options)) {
    return [{ path, value, reason: oneOf(issue.options.map(String), value) }];
  }
  const branches = issue.errors.map((errors) =>
    errors.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
  );
  const forMaps = branches.filter((errors) =>
    errors.every((inner) => inner.code !== "invalid_value" || inner.path.length > path.length),
  );
  if (isMap(value)) return forMaps.flatMap((errors) => problemsOf(schema, errors, root));
  const words = branches.flat().flatMap((inner) => (inner.code === "invalid_value" ? inner.values.map(String) : []));
  return [{ path, value, reason: oneOf([...words, "a map"], value) }];
}

function reasonFor(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, value);
    case "invalid_value":
      return oneOf(issue.values.map(String), value);
    case "too_small":
      return `must ${bound(issue.origin, "at least", Number(issue.minimum) + (issue.inclusive === false ? 1 : 0))}`;
    case "too_big":
      return `must ${bound(issue.origin, "at most", Number(issue.maximum))}`;
    default:
      return `must be ${issue.message}`;
  }
}

function wrongType(expected: string, value: unknown): string {
  const wanted = kinds[expected] ?? expected;
  if (value === undefined) return `is missing; write ${wanted}`;
  if (value === null) return `is empty; write ${wanted}, or remove the line`;
  if (expected === "string" && typeof value !== "object") return `must be text; put it in quotes: "${value}"`;
  if (typeof value === "string" && wanted.includes("number") && value.trim() !== "" && Number.isFinite(Number(value))) {
    return `must be ${wanted}; write ${value.trim()} without quotes`;
  }
  return `must be ${wanted}`;
}

const kinds: Record<string, string> = {
  int: "a whole number",
  number: "a whole number",
  string: "text",
  object: "a map (lines of `key: value`)",
  record: "a map (lines of `key: value`)",
  array: "a list",
  boolean: "true or false",
};

function oneOf(words: readonly string[], value: unknown): string {
  const advice = typeof value === "string" ? suggestion(value, words) : "";
  const near = advice.startsWith("; did") ? advice : "";
  return `${value === undefined ? "is missing; it must" : "must"} be one of ${words.join(", ")}${near}`;
}

function bound(origin: string, comparison: string, limit: number): string {
  if (origin === "array") return `have ${comparison} ${limit} ${limit === 1 ? "entry" : "entries"}`;
  if (origin === "string") return `have ${comparison} ${limit} ${limit === 1 ? "character" : "characters"}`;
  return `be ${comparison} ${limit}`;
}

function pathOf(issue: { path: PropertyKey[] }): Path {
  return issue.path.map((segment) => (typeof segment === "number" ? segment : String(segment)));
}
