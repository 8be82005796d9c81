import { expect, test } from "vitest";
import { createChance } from "../../simulation/chance.ts";
import { services } from "../../simulation/throttles.ts";

/** Those by which the SDK knows a throttle, whatever class it has, and tries again later than after other errors. */
const known = new Set([
  ...["Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException"],
  ...["RequestThrottled", "ProvisionedThroughputExceededException", "SlowDown", "RequestLimitExceeded"],
]);

test.each(Object.entries(services))("%s is throttled by a name that the SDK knows", (_, { throttled }) => {
  const error = throttled(createChance("throttled"));
  expect(error).toBeInstanceOf(Error);
  expect(known).toContain(error.name);
  expect([400, 429, 503]).toContain(Object(error.$metadata).httpStatusCode);
});
