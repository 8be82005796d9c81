import { expect, test } from "vitest";
import { nightshift } from "./terminal.ts";

test("crashes prints each call with how many deaths before and after it were healed, and the sum as n of n", async () => {
  const { code, output, errors } = await nightshift(["crashes", "--stories", "strange"]);
  expect(code).toBe(0);
  expect(output).toMatch(/^open-incidents +TransactWriteItems\(incident, thread\) +1 of 1 +1 of 1$/m);
  expect(output).toMatch(/\n(\d+) of \1 deaths were healed by the next invocation\n$/);
  expect(errors).toContain(" deaths");
});

test("crashes --json prints one document", async () => {
  const { output } = await nightshift(["crashes", "--stories", "finding", "--json"]);
  const { deaths, healed, of } = JSON.parse(output);
  expect(healed).toBe(of);
  expect(deaths).toHaveLength(of);
  expect(deaths[0]).toMatchObject({ story: "finding", side: "before", differences: [] });
});

test("crashes of a story that nobody knows ends with one line and 2", async () => {
  const { code, errors } = await nightshift(["crashes", "--stories", "outrage"]);
  expect(code).toBe(2);
  expect(errors).toMatch(/^nightshift: --stories "outrage" is unknown; did you mean "outage"\?.*\n$/);
});
