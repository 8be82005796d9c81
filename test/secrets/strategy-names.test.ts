import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { strategies, strategyNamed } from "../../shared/secrets/strategies.ts";
import { strategyNames } from "../../shared/secrets/strategy-names.ts";
import { noSettings } from "./strategies/stage.ts";

test("the audit knows every strategy by its name, without what it runs", () => {
  expect(strategyNames.toSorted()).toEqual(Object.keys(strategies).toSorted());
});

test.each(strategyNames)("%s is found by the name that it bears itself", async (name) => {
  expect(await strategyNamed(name, noSettings)).toMatchObject({ name });
});

test.each(strategyNames)("%s is killed at each of its calls", (name) => {
  const files = readdirSync(import.meta.dirname).filter((file) => /^crashes.*\.test\.ts$/.test(file));
  const texts = files.map((file) => readFileSync(new URL(file, import.meta.url), "utf8"));
  expect(texts.filter((text) => text.includes(`holds("${name}`))).toHaveLength(1);
});
