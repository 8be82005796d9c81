import type { Instant } from "../instant.ts";
import { clipped, quoted } from "../text.ts";
import { parseTimestamp } from "./timestamp.ts";

/** Where a document is not as it should be: a dotted path in it (`$` is the document itself), and what is wrong there. */
export interface Failure {
  path: string;
  problem: string;
}

export const root = "$";

/**
 * Asks one document for what must be in it. Each question answers null when the answer is not there, and the first such
 * question is the failure: the order of the questions decides which path is named, so that it never depends on chance.
 */
export interface Reading {
  document: unknown;
  /** A text that is not empty; halves of surrogate pairs, which no store and no service takes, are replaced. */
  text(path: string): string | null;
  one<Choice extends string>(path: string, choices: readonly Choice[]): Choice | null;
  instant(path: string): Instant | null;
  /** What `read` makes of the value there; null is no answer. */
  ask<Answer>(path: string, read: (value: unknown) => Answer | null, wanted: string): Answer | null;
  /** Records a failure of the caller's own finding. */
  fail(path: string, problem: string): null;
  /** The first failure. */
  failure(): Failure;
}

export function reading(document: unknown): Reading {
  let first: Failure | null = null;

  function fail(path: string, problem: string): null {
    first ??= { path, problem };
    return null;
  }

  /** The value at the path, or the nearest step to it that is not there. */
  function ask<Answer>(path: string, read: (value: unknown) => Answer | null, wanted: string): Answer | null {
    const found = walk(document, path);
    if ("problem" in found) return fail(found.path, found.problem);
    return read(found.value) ?? fail(path, `must be ${wanted}; it is ${described(found.value)}`);
  }

  return {
    document,
    text: (path) => ask(path, nonEmpty, "a text that is not empty"),
    one: (path, choices) =>
      ask(path, (value) => choices.find((choice) => choice === value) ?? null, choices.join(" or ")),
    instant: (path) => ask(path, parseTimestamp, "a time between 2000 and 2200, with its zone"),
    ask,
    fail,
    failure: () => first ?? { path: root, problem: "is of a shape that nobody described" },
  };
}

/** True when every question was answered. */
export function areAnswered<Answers extends Record<string, unknown>>(
  answers: Answers,
): answers is Answers & { [Question in keyof Answers]: NonNullable<Answers[Question]> } {
  return Object.values(answers).every((answer) => answer !== null);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is at the path; undefined where a step is missing, null, or not an object. */
export function optional(document: unknown, path: string): unknown {
  const found = walk(document, path);
  return "value" in found ? found.value : undefined;
}

/** The text at the path, at most 1,024 characters of it; null when there is none. */
export function optionalText(document: unknown, path: string): string | null {
  const text = nonEmpty(optional(document, path));
  return text === null ? null : shortened(text);
}

export function shortened(text: string): string {
  return clipped(text, maximumTextLength);
}

/** A value for a problem's line: never long, whatever a sender put there. */
export function described(value: unknown): string {
  if (value === undefined || value === null) return "missing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "an object";
  return quoted(typeof value === "string" ? value.slice(0, 60) : value);
}

const maximumTextLength = 1_024;

function walk(document: unknown, path: string): { value: unknown } | Failure {
  let value = document;
  let walked = "";
  for (const step of path.split(".")) {
    if (!isObject(value)) return { path: walked || root, problem: `must be an object; it is ${described(value)}` };
    walked = walked === "" ? step : `${walked}.${step}`;
    value = Object.hasOwn(value, step) ? value[step] : undefined;
    if (value === undefined || value === null) return { path: walked, problem: "is missing" };
  }
  return { value };
}

function nonEmpty(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.toWellFormed() : null;
}
