import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { add, blank, type Tally } from "./fuzz.ts";
import type { Growth, Memory } from "./memory.ts";
import type { Answer, Question } from "./worker.ts";

export interface Run {
  tally: Tally;
  /** Of each process, from its warm-up to its end. Empty after a violation. */
  growth: Growth[];
}

export interface RunOptions {
  seed: string;
  from: number;
  count: number;
  processes: number;
  progress: (done: number) => void;
}

/** The blocks of a run, dealt out to processes of their own: what one of them holds in memory is its inputs' alone. */
export async function runBlocks(options: RunOptions): Promise<Run> {
  const shared: Shared = { ...options, next: options.from, tally: blank };
  const all = await Promise.all(Array.from({ length: options.processes }, () => work(shared)));
  return { tally: shared.tally, growth: all.flatMap((growth) => (growth === null ? [] : [growth])) };
}

interface Shared extends RunOptions {
  /** The first input that nobody has taken yet. */
  next: number;
  tally: Tally;
}

/** Small, so that a run of few inputs warms up too, and a process that dies is found near its last input. */
const blockSize = 2_500;
/** So many blocks before memory is measured for the first time: by then every path has been compiled. */
const warmUp = 8;

async function work(shared: Shared): Promise<Growth | null> {
  const child = fork(fileURLToPath(new URL("worker.ts", import.meta.url)));
  try {
    let warm: Memory | null = null;
    for (let blocks = 0; shared.tally.violation === null; blocks++) {
      if (blocks === warmUp) warm = await memoryOf(child);
      const { seed, next: from } = shared;
      const count = Math.min(blockSize, shared.from + shared.count - from);
      if (count <= 0) return warm === null ? null : { warm, last: await memoryOf(child) };
      shared.next += count;
      const tally = await tallyOf(child, { type: "block", seed, from, count });
      shared.tally = add(shared.tally, tally);
      shared.progress(shared.tally.inputs);
    }
    return null;
  } finally {
    child.kill();
  }
}

async function memoryOf(child: ChildProcess): Promise<Memory> {
  const answer = await ask(child, { type: "memory" });
  if (answer?.type !== "memory") throw new Error("a process ended before it could say what it holds");
  return answer.memory;
}

/** What kills the process (memory without end, a stack that overflows past catching) is a violation of one of the block's inputs. */
async function tallyOf(child: ChildProcess, block: Question & { type: "block" }): Promise<Tally> {
  const answer = await ask(child, block);
  if (answer?.type === "tally") return answer.tally;
  const { from, count } = block;
  const problem = `one of inputs ${from} to ${from + count - 1} ended the process`;
  return { ...blank, inputs: count, violation: { index: from, count, problem } };
}

/** The answer; null when the process ended instead. */
function ask(child: ChildProcess, question: Question): Promise<Answer | null> {
  return new Promise((resolve) => {
    const ended = () => resolve(null);
    child.once("exit", ended);
    child.once("message", (answer: Answer) => {
      child.off("exit", ended);
      resolve(answer);
    });
    child.send(question, (error) => {
      if (error !== null) resolve(null);
    });
  });
}
