import { expect, test } from "vitest";
import { operations } from "../../shared/operations.ts";
import { nightshift } from "./terminal.ts";

test("tells each operation, its trigger and its mode in one line", async () => {
  const { code, output } = await nightshift(["list"]);
  expect(code).toBe(0);
  const lines = output.trimEnd().split("\n");
  expect(lines).toHaveLength(operations.length);
  for (const [index, { name, trigger, mode }] of operations.entries()) {
    expect(lines[index]).toContain(name);
    expect(lines[index]).toContain(trigger);
    expect(lines[index]).toContain(mode);
  }
});

test("--json prints one document", async () => {
  const { code, output, errors } = await nightshift(["list", "--json"]);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(JSON.parse(output)).toEqual({ operations });
});

test.each([
  { setting: { screen: true }, colours: true },
  { setting: { screen: true, variables: { NO_COLOR: "1" } }, colours: false },
  { setting: { screen: true, variables: { TERM: "dumb" } }, colours: false },
  { setting: { screen: false }, colours: false },
])("shows colours only on a screen that wants them: $setting", async ({ setting, colours }) => {
  const { output } = await nightshift(["list"], setting);
  expect(output.includes("\u001b[")).toBe(colours);
});
