import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { backupsCsv, backupsJson, backupsMarkdown, backupsTables } from "../../cli/backups-report.ts";
import { judge } from "../../shared/backups/judge.ts";
import { type BackupsReport, readReport } from "../../shared/backups/report.ts";
import { backupRules } from "../../shared/backups/types.ts";
import { severities } from "../../shared/severity.ts";
import { circumstanceCases } from "../backups/circumstance-cases.ts";
import { freshnessCases } from "../backups/freshness-cases.ts";
import { now, nowOf, policyOf } from "../backups/scene.ts";
import { statusCases } from "../backups/status-cases.ts";
import { onTerminal } from "./terminal.ts";

// The report of a run, for machines, spreadsheets, auditors and people: of the cases that are judged in test/backups.

const cases = [...statusCases, ...freshnessCases, ...circumstanceCases];
const resources = cases.map((each, index) => ({
  ...judge(each.evidence, nowOf(each), policyOf(each)),
  arn: `arn:aws:rds:eu-west-1:111122223333:db:${String(index).padStart(3, "0")}`,
}));
const report: BackupsReport = {
  ...{ at: now, account: "111122223333", regions: ["eu-west-1", "eu-central-1"] },
  resources: resources.toReversed(),
  inventory: [
    { source: "files", region: "eu-west-1", complete: false, reason: "no index" },
    { source: "rds", region: "eu-west-1", complete: true, reason: null },
    // What is switched off knows nothing that the owners do not.
    { source: "config", region: "eu-west-1", complete: false, reason: "it does not record" },
  ],
  calls: { ListRecoveryPointsByBackupVault: 4, DescribeDBInstances: 1 },
};
const [hostile] = resources;
const odd: BackupsReport = {
  ...{ ...report, inventory: [] },
  resources:
    hostile === undefined ? [] : [{ ...hostile, owner: "=cmd|'/c calc'!A1", reason: "a | b <img> [x](y)\n`c`" }],
};

test("is a document that obeys its schema, in a stable order, and can be read again", async () => {
  const { default: Ajv } = await import("ajv/dist/2020.js");
  const schema = JSON.parse(readFileSync(new URL("verify-backups.schema.json", import.meta.url), "utf8"));
  const validate = new Ajv.default().compile(schema);
  const document = backupsJson(report, "P3");
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(backupsJson({ ...report, resources }, "P3")).toEqual(document);
  const read = readReport(JSON.parse(JSON.stringify(document)));
  expect(read).toEqual(document);
  expect(read?.resources.map(({ arn }) => arn)).toEqual(resources.map(({ arn }) => arn));
  expect(read?.totals).toEqual({
    ...{ resources: cases.length, BREACHED: 49, UNKNOWN: 7, UNATTAINABLE: 5, EXEMPT: 4, MET: cases.length - 65 },
  });
  expect(Object.keys(read?.calls ?? {})).toEqual(["DescribeDBInstances", "ListRecoveryPointsByBackupVault"]);
});

test("every rule and severity that a finding may have is one that a document may have", () => {
  const findings = backupRules.flatMap((rule) =>
    severities.map((severity) => ({ rule, severity, message: "m", remedy: "r" })),
  );
  const all = { ...report, resources: resources.slice(0, 1).map((each) => ({ ...each, findings })) };
  expect(readReport(backupsJson(all, "P3"))?.findings.length).toBe(findings.length + 1);
});

test("an incomplete source is a finding of its own", () => {
  const { findings } = readReport(backupsJson(report, "P2")) ?? { findings: [] };
  expect(findings.at(-1)).toEqual({
    ...{ resource: "inventory/files/eu-west-1", rule: "inventory-incomplete", severity: "P2" },
    message: "files did not tell all that there is in eu-west-1: no index",
    remedy: "let the role read it, or switch it on; until then what only it knows is missing here",
  });
});

describe("for spreadsheets it", () => {
  test("has a line for each resource, and one for each incomplete source", () => {
    const lines = backupsCsv(report, "P3").trimEnd().split("\r\n");
    expect(lines).toHaveLength(cases.length + 2);
    expect(lines[0]).toMatch(/^arn,type,region,environment,owner,verdict,reason,mechanism,restorableAt,ageSeconds,/);
    expect(lines.at(-1)).toContain("inventory/files/eu-west-1,");
    expect(new Set(lines.slice(0, 3).map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).length))).toEqual(
      new Set([16]),
    );
  });

  test("has no cell that a spreadsheet takes for a formula", () => {
    expect(backupsCsv(odd, "P3")).toContain(`"'=cmd|'/c calc'!A1"`);
  });
});

describe("for auditors it", () => {
  const text = backupsMarkdown(report, "P3");

  test("says how complete it is, counts, and tells the worst first with both sides of each comparison", () => {
    const titles = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      ...["Verdicts", "Breached", "Of these, unprotected", "Unknown", "Unattainable", "Exempt", "Met"],
      ...["Copies, locks and keys", "Findings", "Inventory", "Calls"],
    ]);
    expect(text).toMatch(/^# Backups of 111122223333, 2026-03-10T12:00:00.000Z\n/);
    expect(text).toContain("**Not complete:** 2 of 3 sources did not tell all that there is (see Inventory).");
    expect(text).toContain("| BREACHED | 49 |");
    expect(text).toContain("| 3000 s > 300 s (5 min) |");
    expect(text).toContain("| 360 s > 300 s (5 min), within the tolerance |");
    expect(text).toContain("| until 2026-03-31: a cache |");
    expect(text).toContain("| files | eu-west-1 | **no** | no index |");
    expect(text).toContain("| DescribeDBInstances | 1 |");
  });

  test("draws nothing but its own tables, whatever is in a tag or a message", () => {
    const hostileText = backupsMarkdown(odd, "P3");
    expect(hostileText).toContain("a \\| b \\<img> \\[x\\](y)\\\\n\\`c\\`");
    expect(hostileText).toContain("Every source told all that there is.");
  });
});

describe("for people it", () => {
  const shown = async (told: BackupsReport) =>
    (
      await onTerminal(async (terminal) => {
        terminal.output.write(backupsTables(told, "P3", terminal));
        return 0;
      })
    ).output;

  test("begins with what is breached, and ends with what it counted", async () => {
    const output = await shown(report);
    expect(output).toMatch(/^verdict +type +age +may lose +by +resource +why\nBREACHED/);
    expect(output).toContain(`… and ${cases.length - 60} more; --json lists them all`);
    expect(output).toContain("not complete: files in eu-west-1: no index");
    expect(output).toMatch(/105 resources: 49 BREACHED, 7 UNKNOWN, .*; 5 calls; not everything could be looked at\n$/);
  });

  test("says so where there is nothing", async () => {
    const output = await shown({ ...report, resources: [], inventory: [] });
    expect(output).toBe("no resources\n\nno findings\n\n0 resources; 0 findings; 5 calls\n");
  });
});
