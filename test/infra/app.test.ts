import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../tidy/source.ts";

function runApp(context: Record<string, string>) {
  const env = { PATH: process.env.PATH, CDK_CONTEXT_JSON: JSON.stringify(context) };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "infra/app.ts")], {
    cwd: root,
    env,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

describe("a person's mistake is one line, and ends with 2", () => {
  test.each([
    [{}, "nightshift: which environment? Say -c environment=… (development, testing, staging, production)\n"],
    [
      { environment: "prod" },
      'nightshift: unknown environment "prod"; did you mean "production"? (development, testing, staging, production)\n',
    ],
    [{ environment: "staging", overrides: "[]" }, /^nightshift: NIGHTSHIFT_OVERRIDES: must be a JSON object.*\n$/],
    [
      { environment: "staging", overrides: '{"severities":{"P0":{"escalate":{"minutes":2}}}}' },
      /\nnightshift: escalation-before-acknowledgement at severities.P0.escalate.minutes: .* or acknowledge it\n$/,
    ],
  ])("%j", (context, line) => {
    const message = typeof line === "string" ? line : expect.stringMatching(line);
    expect(runApp(context as Record<string, string>)).toEqual({ status: 2, stdout: "", stderr: message });
  });
});

test("what is acknowledged is said again, a line each, and stops nothing", () => {
  const { stderr } = runApp({ environment: "staging", overrides: '{"severities":{"P0":{"escalate":{"minutes":2}}}}' });
  const [first] = stderr.split("\n");
  expect(first).toMatch(
    /^nightshift: acknowledged: frequency-cannot-meet-rpo at environment.backupFrequency: 1 d > 4 h: .*again\)$/,
  );
});
