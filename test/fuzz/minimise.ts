import { inspect } from "node:util";
import { printable } from "../../shared/text.ts";
import type { Input } from "./mutate.ts";

/**
 * The smallest input found that still breaks the same promise: fields and list items are left out, texts are halved, as
 * long as `breaks` says so. Stops after so many trials, so that a slow failure is shown too.
 */
export function minimise(input: Input, breaks: (smaller: Input) => boolean, maximumTrials = 2_000): Input {
  let trials = maximumTrials;
  let smallest = input;
  for (;;) {
    const next = firstOf(smaller(smallest), breaks, () => trials-- > 0);
    if (next === null) return smallest;
    smallest = next;
  }
}

function firstOf(candidates: Iterable<Input>, breaks: (input: Input) => boolean, goOn: () => boolean): Input | null {
  for (const candidate of candidates) {
    if (!goOn()) return null;
    if (breaks(candidate)) return candidate;
  }
  return null;
}

/** One line that shows what it holds, as JavaScript writes it: JSON knows neither NaN nor undefined. */
export function shown(input: Input): string {
  const options = { depth: 60, maxStringLength: 400, maxArrayLength: 40, compact: 100, breakLength: 1e6 };
  return printable(inspect(input, options), 4_000);
}

function* smaller(input: Input): Generator<Input> {
  if ("body" in input) {
    for (const body of shorterTexts(input.body)) yield { body };
    return;
  }
  for (const document of smallerValues(input.document, 0)) yield { document };
}

/** Big steps first: a half, then less and less, down to single parts. */
function* smallerValues(value: unknown, depth: number): Generator<unknown> {
  if (depth > maximumDepth) return;
  if (typeof value === "string") yield* shorterTexts(value);
  if (Array.isArray(value)) {
    for (const [from, to] of cuts(value.length)) yield value.toSpliced(from, to - from);
    for (const [index, item] of value.slice(0, maximumItems).entries()) {
      yield item;
      for (const less of smallerValues(item, depth + 1)) yield value.with(index, less);
    }
  } else if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    for (const [from, to] of cuts(entries.length)) yield Object.fromEntries(entries.toSpliced(from, to - from));
    for (const [index, [key, item]] of entries.slice(0, maximumItems).entries()) {
      yield item;
      for (const less of smallerValues(item, depth + 1)) yield Object.fromEntries(entries.with(index, [key, less]));
    }
  }
}

function* shorterTexts(text: string): Generator<string> {
  for (const [from, to] of cuts(text.length)) yield text.slice(0, from) + text.slice(to);
}

/** What to leave out of so many parts: halves, quarters, and so on; of many parts not every single one. */
function* cuts(length: number): Generator<[from: number, to: number]> {
  for (let size = length; size >= 1; size = Math.floor(size / 2)) {
    if (length / size > maximumItems) return;
    for (let from = 0; from < length; from += size) yield [from, Math.min(length, from + size)];
  }
}

const maximumDepth = 40;
const maximumItems = 64;
