import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nightshift } from "./terminal.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "nightshift-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function local(text: string): string {
  const path = join(directory, "local.yml");
  writeFileSync(path, text);
  return path;
}

test("prints each value with the layer, file and line that it came from", async () => {
  const path = local("incidents:\n  stabilitySeconds: 10\n");
  const { code, output } = await nightshift(["configuration", "staging", "--local", path]);
  expect(code).toBe(0);
  const lines = output.split("\n");
  const line = (key: string) => lines.find((each) => each.startsWith(`${key} `))?.replace(/\s+/g, " ");
  expect(line("incidents.stabilitySeconds")).toBe(`incidents.stabilitySeconds = 10 # local ${path}:2`);
  expect(line("environment.stability")).toMatch(
    /^environment.stability = "stable" # environment configuration\/staging.yml:\d+$/,
  );
  expect(line("incidents.reopenMinutes")).toMatch(/^incidents.reopenMinutes = 30 # base configuration\/base.yml:\d+$/);
  expect(line("calendar.businessDays")).toContain('["monday", "tuesday", "wednesday", "thursday", "friday"]');
  expect(line("teams.operations.levels[2].channels[0].type")).toContain('= "sns"');
});

test("--json holds the same values and an origin for each leaf", async () => {
  const { code, output, errors } = await nightshift(["configuration", "production", "--json"]);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  const document = JSON.parse(output);
  expect(document.environment).toBe("production");
  expect(document.configuration.severities.P0.acknowledge).toEqual({ minutes: 5 });
  expect(document.origins["severities.P0.acknowledge.minutes"]).toEqual({
    layer: "base",
    file: "configuration/base.yml",
    line: expect.any(Number),
  });
});

describe("a wrong local file ends with 2, and each problem has its line", () => {
  test("one problem, one line with file, line, path, value, reason", async () => {
    const path = local("incidents:\n  stabiltySeconds: 10\n");
    const { code, output, errors } = await nightshift(["configuration", "production", "--local", path]);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toBe(
      `nightshift: ${path}:2: incidents.stabiltySeconds = 10: unknown key; did you mean "stabilitySeconds"?\n`,
    );
  });

  test("all problems are told at once", async () => {
    const path = local('defaultTeam: operatons\nfindings:\n  cadenceMinutes: "60"\ncalendar:\n  timeZone: Mars\n');
    const { code, errors } = await nightshift(["configuration", "production", "--local", path]);
    expect(code).toBe(2);
    expect(errors.trimEnd().split("\n")).toEqual([
      `nightshift: ${path}:5: calendar.timeZone = "Mars": must be an IANA time zone, for example Europe/Berlin`,
      `nightshift: ${path}:3: findings.cadenceMinutes = "60": must be a whole number; write 60 without quotes`,
    ]);
  });
});
