import { parseDeliveries, parseSqsRecord } from "../../shared/delivery/parse.ts";
import type { Delivery } from "../../shared/delivery/types.ts";
import { reasonOf } from "../../shared/failures.ts";
import { type Chance, createChance } from "../../simulation/chance.ts";
import { problemWith, toldOf } from "./invariants.ts";
import { type Input, inputOf } from "./mutate.ts";

/** The reader under test; a test of the tests may give another. */
export type Read = (input: Input) => Delivery[];

export interface Violation {
  /** Which input of the seed: it alone makes the same input again. */
  index: number;
  /** 1, unless it is not known which of several inputs it was. */
  count: number;
  problem: string;
}

/** What a run of inputs came to. Two of them can be added up. */
export interface Tally {
  inputs: number;
  /** Deliveries by their type. */
  given: Record<Delivery["type"], number>;
  worstMilliseconds: number;
  worstIndex: number;
  /** The first of a run. */
  violation: Violation | null;
}

export const blank: Tally = {
  inputs: 0,
  given: { transition: 0, configuration: 0, finding: 0, unparsed: 0 },
  worstMilliseconds: 0,
  worstIndex: 0,
  violation: null,
};

/** For one input of at most 256 KiB; a longer one (a queue carries up to 1 MiB) may take as much for each 256 KiB. */
export const maximumMilliseconds = 20;
const charactersAtOnce = 262_144;

export const readInput: Read = (input) =>
  "body" in input ? parseSqsRecord({ messageId: "1", body: input.body }) : parseDeliveries(input.document);

/** Inputs `from` to `from + count - 1` of a seed, until the first that breaks a promise. */
export function fuzz(seed: string, from: number, count: number, read: Read = readInput): Tally {
  const tally = { ...blank, given: { ...blank.given } };
  const chance = createChance(seed);
  for (let index = from; index < from + count && tally.violation === null; index++) {
    const input = inputAt(chance, index);
    tally.inputs += 1;
    const { problem, milliseconds, deliveries } = examine(input, read, tally.worstMilliseconds);
    for (const { type } of deliveries) tally.given[type] += 1;
    if (milliseconds > tally.worstMilliseconds) {
      tally.worstMilliseconds = milliseconds;
      tally.worstIndex = index;
    }
    if (problem !== null) tally.violation = { index, count: 1, problem };
  }
  return tally;
}

export function add(one: Tally, other: Tally): Tally {
  const { transition, configuration, finding, unparsed } = other.given;
  const worse = other.worstMilliseconds > one.worstMilliseconds ? other : one;
  return {
    inputs: one.inputs + other.inputs,
    given: {
      transition: one.given.transition + transition,
      configuration: one.given.configuration + configuration,
      finding: one.given.finding + finding,
      unparsed: one.given.unparsed + unparsed,
    },
    worstMilliseconds: worse.worstMilliseconds,
    worstIndex: worse.worstIndex,
    violation: one.violation ?? other.violation,
  };
}

/** Each input has a stream of its own, so that it can be made again without those before it. */
export function inputAt(chance: Chance, index: number): Input {
  return inputOf(chance.fork(String(index)));
}

export interface Examined {
  /** The promise that is broken; null when all are kept. */
  problem: string | null;
  milliseconds: number;
  deliveries: Delivery[];
}

/** Reads one input and holds the answer to every promise. Its time is only measured with care when it seems to be above `known`. */
export function examine(input: Input, read: Read, known = 0): Examined {
  const started = performance.now();
  let deliveries: Delivery[] = [];
  try {
    deliveries = read(input);
  } catch (error) {
    return { problem: `it throws ${reasonOf(error).slice(0, 200)}`, milliseconds: 0, deliveries: [] };
  }
  const once = performance.now() - started;
  const milliseconds = once > known ? leastOf(input, read, once) : once;
  const slow = milliseconds >= maximumMilliseconds && milliseconds >= allowanceFor(input);
  const problem = slow ? `it takes ${maximumMilliseconds} ms or more` : problemOf(input, deliveries);
  return { problem, milliseconds, deliveries };
}

/**
 * Again and again, by the time that this thread itself has worked: other processes, and a pause of the machine, spoil one
 * measurement or all, and only a catastrophic input is slow every time.
 */
function leastOf(input: Input, read: Read, first: number): number {
  let least = first;
  for (let time = 0; time < remeasurements && least > fast; time++) {
    const before = process.threadCpuUsage();
    read(input);
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

const remeasurements = 12;
const fast = 1;

function problemOf(input: Input, deliveries: readonly Delivery[]): string | null {
  if (!Array.isArray(deliveries) || deliveries.length === 0) return "it gives nothing";
  if (deliveries.length > maximumDeliveries) return "it gives too many deliveries";
  for (const delivery of deliveries) {
    const problem = problemWith(delivery);
    if (problem !== null) return `a ${delivery.type} delivery: ${problem}`;
  }
  if (toldOf(deliveries) < recordsIn(input)) return "records of a list are dropped in silence";
  for (const leaked in {}) return `Object.prototype has ${leaked}`;
  return null;
}

/** A thousand, the rest of their list, and the rests of the lists around it. */
const maximumDeliveries = 1_000 + 17;

/** How many documents the outermost list holds: so many must be told of, at least. */
function recordsIn(input: Input): number {
  const document = "document" in input ? input.document : parsed(input.body);
  if (typeof document !== "object" || document === null || !Object.hasOwn(document, "Records")) return 1;
  const records = "Records" in document ? document.Records : null;
  return Array.isArray(records) ? Math.max(1, records.length) : 1;
}

/** The document of a text that may hold a list; null of every other. */
function parsed(body: string): unknown {
  if (!body.includes('"Records"')) return null;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function allowanceFor(input: Input): number {
  return maximumMilliseconds * Math.max(1, Math.ceil(charactersOf(input) / charactersAtOnce));
}

/** What is nested too deeply to be written did not come as the text of a message, and is not long either. */
function charactersOf(input: Input): number {
  if ("body" in input) return input.body.length;
  try {
    return (JSON.stringify(input.document) ?? "").length;
  } catch {
    return 0;
  }
}
