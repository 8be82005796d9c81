import { expect, test } from "vitest";
import { clientOptions, deadlineOf, handingOverMs } from "../shared/runtime.ts";

test("a call that nobody answers, begun at the last moment, ends before Lambda ends the function", () => {
  const { maxAttempts, requestHandler } = clientOptions;
  // Between two attempts the SDK waits for a hundred milliseconds, and twice that, at most.
  const pauses = 300;
  expect(maxAttempts * requestHandler.requestTimeout + pauses).toBeLessThan(handingOverMs);
});

test("nothing new is begun when so much is left", () => {
  const deadline = deadlineOf({ getRemainingTimeInMillis: () => 60_000 });
  expect(Math.abs(deadline() - (Date.now() + 60_000 - handingOverMs))).toBeLessThan(1_000);
});
