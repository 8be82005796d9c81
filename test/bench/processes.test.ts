import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { peakMemory } from "../../bench/peak-memory.ts";
import { runNode } from "../../bench/processes.ts";

test("a process's peak is its own, not that of whoever started it", async () => {
  const held = Buffer.alloc(150_000_000, 1);
  const idle = fileURLToPath(new URL("../../bench/empty-process.ts", import.meta.url));
  const { peakBytes } = JSON.parse(await runNode([idle]));
  expect(peakMemory()).toBeGreaterThan(held.length);
  expect(peakBytes).toBeGreaterThan(10_000_000);
  expect(peakBytes).toBeLessThan(held.length);
});

test("a process that fails says why, in a line", async () => {
  const script = "process.stdout.write('half'); throw new TypeError('no such measure')";
  await expect(runNode(["--eval", script])).rejects.toThrow(
    /^a process that was measured failed: TypeError: no such measure$/,
  );
});
