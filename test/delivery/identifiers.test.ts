import { expect, test } from "vitest";
import { parseDeliveries } from "../../shared/delivery/parse.ts";
import { at, contributor } from "../incident/stories.ts";

test("a contributor's id that is longer than any that CloudWatch makes is refused, and the problem says how long it is", () => {
  const document = contributor("slow", "x".repeat(129), "ALARM", at(0));
  expect(parseDeliveries(document)).toMatchObject([
    { type: "unparsed", problem: "must have at most 128 characters; it has 129" },
  ]);
});
