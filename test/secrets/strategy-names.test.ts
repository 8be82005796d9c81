import { expect, test } from "vitest";
import { strategies } from "../../shared/secrets/strategies.ts";
import { strategyNames } from "../../shared/secrets/strategy-names.ts";

test("the audit knows every strategy by its name, without what it runs", () => {
  const known: readonly string[] = strategyNames;
  expect(Object.keys(strategies).filter((name) => !known.includes(name))).toEqual([]);
  expect(new Set(known).size).toBe(known.length);
});
