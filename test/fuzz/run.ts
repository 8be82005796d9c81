import { availableParallelism } from "node:os";
import { parseArguments } from "../../cli/arguments.ts";
import type { Command } from "../../cli/command.ts";
import { readSeed } from "../../cli/knobs.ts";
import { progressBar } from "../../cli/progress.ts";
import type { Terminal } from "../../cli/terminal.ts";
import { Refused } from "../../shared/failures.ts";
import { printable, quoted } from "../../shared/text.ts";
import { createChance } from "../../simulation/chance.ts";
import { examine, inputAt, maximumMilliseconds, readInput, type Violation } from "./fuzz.ts";
import { type Growth, leaks, maximumGrowth } from "./memory.ts";
import { minimise, shown } from "./minimise.ts";
import { type Run, runBlocks } from "./processes.ts";

// npm run fuzz: deliveries that are hurt in every way through the reader, in as many processes as the machine has cores.
// It ends with 0 when every promise was kept, 1 when one was broken, 2 for bad input.

const terminal: Terminal = {
  output: process.stdout,
  errors: process.stderr,
  input: process.stdin,
  variables: process.env,
};
const print = (line: string) => terminal.output.write(`${line}\n`);

const command: Command = {
  name: "fuzz",
  summary: "hurt deliveries through the reader",
  usage: "fuzz [--deliveries N] [--seed S] [--from I]",
  options: {
    deliveries: { type: "string", value: "N", description: "how many inputs; 1000000 unless stated" },
    seed: { type: "string", value: "S", description: "the same seed makes the same inputs; nightshift unless stated" },
    from: { type: "string", value: "I", description: "the first of the seed's inputs; 0 unless stated" },
  },
  positionals: { minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  async run({ positionals: [surplus], texts }) {
    if (surplus !== undefined) throw new Refused(`${quoted(surplus)} is too much; usage: npm run ${command.usage}`);
    const seed = readSeed(texts.seed ?? "nightshift");
    const count = readNumber("deliveries", texts.deliveries ?? "1000000", 1);
    const from = readNumber("from", texts.from ?? "0", 0);
    const processes = Math.min(availableParallelism(), maximumProcesses);
    print(`seed ${seed}, ${count} inputs from ${from}, ${processes} processes`);
    const progress = progressBar(terminal, count, "inputs");
    const started = performance.now();
    const run = await runBlocks({ seed, from, count, processes, progress });
    return conclude(seed, run, (performance.now() - started) / 1_000);
  },
};

const maximumProcesses = 16;

try {
  process.exitCode = await command.run(parseArguments(command, process.argv.slice(2)), terminal);
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  terminal.errors.write(`fuzz: ${printable(error.message)}\n`);
  process.exitCode = 2;
}

function conclude(seed: string, { tally, growth }: Run, seconds: number): number {
  const { inputs, given, worstMilliseconds, worstIndex, violation } = tally;
  const types = Object.entries(given).map(([type, count]) => `${count} ${type}`);
  print(`${inputs} inputs in ${Math.round(seconds)} s gave ${types.join(", ")}`);
  print(
    `worst input: ${worstMilliseconds.toFixed(1)} ms (input ${worstIndex}); the limit is ${maximumMilliseconds} ms`,
  );
  for (const each of growth) print(memoryLine(each));
  if (growth.length === 0 && violation === null) print("memory: too few inputs to warm up on, so not measured");
  if (violation !== null) return broken(seed, violation);
  if (growth.some(leaks)) {
    print(`BROKEN: memory grew by more than ${maximumGrowth.heap} MiB of heap or ${maximumGrowth.resident} MiB in all`);
    print(`again: ${commandFor(seed, tally.inputs, 0)}`);
    return 1;
  }
  const measured = growth.length > 0 ? ", no memory kept" : "";
  print(`every promise kept: no throw, nothing dropped, every delivery well formed, none slow${measured}`);
  return 0;
}

function memoryLine({ warm, last }: Growth): string {
  const heap = `heap ${warm.heap} MiB after the warm-up, ${last.heap} MiB at the end`;
  return `memory: ${heap}; resident ${warm.resident} MiB, then ${last.resident} MiB`;
}

/** The input itself, as small as it becomes, and the command that makes the whole one again. */
function broken(seed: string, { index, count, problem }: Violation): number {
  print(`BROKEN by input ${index}: ${printable(problem)}`);
  if (count === 1) {
    const input = inputAt(createChance(seed), index);
    const smallest = minimise(input, (smaller) => examine(smaller, readInput).problem === problem);
    print(`smallest: ${shown(smallest)}`);
  }
  print(`again: ${commandFor(seed, count, index)}`);
  return 1;
}

function commandFor(seed: string, count: number, from: number): string {
  return `npm run fuzz -- --seed ${seed} --from ${from} --deliveries ${count}`;
}

function readNumber(name: string, text: string, minimum: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (number >= minimum) return number;
  throw new Refused(`--${name} ${quoted(text)} must be a whole number, at least ${minimum}`);
}
