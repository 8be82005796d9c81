import { describe, expect, test } from "vitest";
import { configurationFor } from "../../shared/configuration/bundled.ts";
import { environments } from "../../shared/configuration/environments.ts";
import { bundleAll } from "../../shared/configuration/files.ts";
import { Broken, Refused } from "../../shared/failures.ts";

const packed = JSON.parse(JSON.stringify(bundleAll()));

test.each(environments)("%s comes out of the bundle as it went in", async (environment) => {
  expect(await configurationFor(packed, environment, undefined)).toEqual(bundleAll()[environment]);
  expect(await configurationFor(packed, environment, "")).toEqual(bundleAll()[environment]);
});

test("an override replaces what it names and nothing else", async () => {
  const before = await configurationFor(packed, "production", undefined);
  const after = await configurationFor(packed, "production", '{"incidents":{"stabilitySeconds":5}}');
  expect(after).toEqual({ ...before, incidents: { ...before.incidents, stabilitySeconds: 5 } });
});

describe("what is wrong is refused in one line", () => {
  test.each([
    ["no JSON", "{", "NIGHTSHIFT_OVERRIDES: is not JSON"],
    ["no object", "[]", "NIGHTSHIFT_OVERRIDES: must be a JSON object"],
    ["null", "null", "NIGHTSHIFT_OVERRIDES: must be a JSON object"],
    [
      "an unknown key",
      '{"incidnts":{}}',
      'NIGHTSHIFT_OVERRIDES: incidnts = {}: unknown key; did you mean "incidents"?',
    ],
    ["a wrong value", '{"defaultTeam":"x"}', 'NIGHTSHIFT_OVERRIDES: defaultTeam = "x": no team has this name'],
    [
      "null for a value",
      '{"incidents":{"reopenMinutes":null}}',
      "NIGHTSHIFT_OVERRIDES: incidents.reopenMinutes = null: is empty",
    ],
    ["a polluting key", '{"__proto__":{"a":1}}', "NIGHTSHIFT_OVERRIDES: __proto__"],
    ["too much", `{"defaultTeam":"${"x".repeat(5_000)}"}`, "NIGHTSHIFT_OVERRIDES: is longer than 4096 characters"],
  ])("%s", async (_, overrides, message) => {
    const error = await configurationFor(packed, "production", overrides).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Refused);
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain("\n");
  });

  test("an unknown environment", async () => {
    await expect(configurationFor(packed, "prodution", undefined)).rejects.toThrow(
      'unknown environment "prodution"; did you mean "production"?',
    );
    await expect(configurationFor(packed, "constructor", undefined)).rejects.toThrow(Refused);
  });

  test("an override is not blamed for a bundle that is itself wrong: that is our own bug", async () => {
    await expect(configurationFor({ ...packed, staging: {} }, "staging", "{}")).rejects.toThrow(Broken);
  });
});
