import { expect, test } from "vitest";
import { minute } from "../../shared/instant.ts";
import { createChance } from "../../simulation/chance.ts";
import { replay } from "../../simulation/replay.ts";
import { passTime } from "../../simulation/sweeping.ts";
import { policy } from "../incident/stage.ts";
import { inputAt } from "./fuzz.ts";
import type { Input } from "./mutate.ts";

// What the reader lets through must not break what comes after it either: each input is taken in, paged and swept in a
// world of its own, because a clock that one of them moves by years would let all others wait.

const inputs = 1_000;

test(`${inputs} hurt deliveries are taken in, paged and swept, and none fails`, async () => {
  const chance = createChance("npm test");
  for (let index = 0; index < inputs; index++) {
    const world = await replay(only(inputAt(chance, index)), { configuration: policy, tags: {}, until: 0 });
    await passTime(world, world.clock.now() + 6 * minute, true);
    const { deliveries, complaints } = world.collected;
    const failures = [...complaints.keys()].filter((message) => !expected.has(message));
    expect({ index, failed: deliveries.failed, failures }).toEqual({ index, failed: 0, failures: [] });
    expect(deliveries.received).toBeGreaterThan(0);
  }
});

const expected = new Set(["delivery of unknown shape", "lost event", "blind alarm"]);

async function* only(input: Input): AsyncGenerator<unknown> {
  yield "body" in input ? { messageId: "1", eventSource: "aws:sqs", body: input.body } : input.document;
}
