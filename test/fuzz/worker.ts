import { fuzz, type Tally } from "./fuzz.ts";
import { type Memory, memoryKept } from "./memory.ts";

// One of the processes of a fuzz run: it takes a block of inputs after the other from its parent, and says what came of each.

/** What the parent asks: a block of inputs, or how much memory is held now. */
export type Question = { type: "block"; seed: string; from: number; count: number } | { type: "memory" };
export type Answer = { type: "tally"; tally: Tally } | { type: "memory"; memory: Memory };

process.on("message", (question: Question) => {
  const answer: Answer =
    question.type === "memory"
      ? { type: "memory", memory: memoryKept() }
      : { type: "tally", tally: fuzz(question.seed, question.from, question.count) };
  process.send?.(answer);
});
