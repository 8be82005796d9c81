import { setTimeout as wait } from "node:timers/promises";

/**
 * Waits a moment after a lost race, by chance and longer with each attempt (from 0), so that those who raced do not meet
 * again. The full jitter of https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.
 */
export async function pauseByChance(attempt: number): Promise<void> {
  await wait(Math.random() * Math.min(longestMs, firstMs * 2 ** attempt));
}

const firstMs = 20;
const longestMs = 400;
