import { expect, test } from "vitest";
import { verdictOf } from "./verdict.ts";

// What npm prints, in its own shapes: https://docs.npmjs.com/cli/commands/npm-audit, report version 2.

const metadata = { vulnerabilities: { total: 0 }, dependencies: { prod: 47, dev: 170, optional: 5, total: 217 } };
const advisory = {
  source: 1,
  title: "Prototype pollution",
  url: "https://github.com/advisories/GHSA-1",
  severity: "high",
};

function report(vulnerabilities: object): string {
  return JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata });
}

test("nothing is known", () => {
  expect(verdictOf(report({}))).toEqual({ type: "answered", grave: [], lesser: 0, dependencies: 47 });
});

test("what is grave is told with its reason and its remedy, what is not is counted", () => {
  const output = report({
    yaml: { severity: "high", range: "<2.9.2", via: [advisory], fixAvailable: true },
    "cli-table3": { severity: "critical", range: "*", via: ["string-width"], fixAvailable: false },
    zod: { severity: "moderate", range: "<4.7.0", via: [{ ...advisory, severity: "moderate" }], fixAvailable: true },
  });
  expect(verdictOf(output)).toEqual({
    type: "answered",
    grave: [
      "yaml <2.9.2: high: Prototype pollution (https://github.com/advisories/GHSA-1); a newer version mends it",
      "cli-table3 *: critical: by string-width; no version mends it yet",
    ],
    lesser: 1,
    dependencies: 47,
  });
});

test.each([404, 405, 410, 501])(
  "a registry that answers %i offers no advisories, and that is no pass",
  (statusCode) => {
    const output = JSON.stringify({
      message: `${statusCode} - POST https://registry.example.com/-/npm/v1/x`,
      statusCode,
    });
    expect(verdictOf(output)).toEqual({ type: "not-offered", reason: String(statusCode) });
  },
);

test.each([
  ["", "npm audit printed no JSON"],
  ["npm error", "npm audit printed no JSON"],
  ["null", "npm audit printed no JSON"],
  ["{}", "npm audit gave no reason"],
  [
    '{"message":"503 Service Unavailable - POST https://r.example.com/-/x","statusCode":503}',
    "503 Service Unavailable - POST the registry",
  ],
  ['{"error":{"code":"ENOTFOUND","summary":"getaddrinfo failed\\nmore"}}', "getaddrinfo failed"],
  ['{"vulnerabilities":{}}', "npm audit gave no reason"],
])("no answer is no pass either: %s", (output, reason) => {
  expect(verdictOf(output)).toEqual({ type: "failed", reason });
});
