import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { judge } from "../../shared/backups/judge.ts";
import type { Verdict } from "../../shared/backups/types.ts";
import { beyondCases } from "./beyond-cases.ts";
import { circumstanceCases } from "./circumstance-cases.ts";
import { freshnessCases } from "./freshness-cases.ts";
import { byLastJob, byNewestPoint, mistakeOf } from "./oracle.ts";
import { type Case, nowOf, policyOf } from "./scene.ts";
import { statusCases } from "./status-cases.ts";

// What is to be said of each case, and what simple rules would have said.

const cases = [...statusCases, ...freshnessCases, ...circumstanceCases, ...beyondCases];
const judged = (each: Case) => judge(each.evidence, nowOf(each), policyOf(each));

describe("the verdict and the findings of", () => {
  test.each(cases.map((each) => [each.says, each] as const))("%s", (_, each) => {
    const { verdict, findings } = judged(each);
    expect({ verdict, findings: findings.map(({ rule }) => rule) }).toEqual({
      verdict: each.verdict,
      findings: each.findings,
    });
  });
});

describe("an oracle that knows what would be lost", () => {
  test("finds no MET that is false, and one BREACHED that is meant", () => {
    expect(cases.length).toBeGreaterThan(100);
    expect(new Set(cases.map(({ says }) => says)).size).toBe(cases.length);
    const mistakes = cases.map((each) => ({ says: each.says, mistake: mistakeOf(each, judged(each).verdict) }));
    // What replaced the continuous backup is within the objective for three minutes of each hour: to mend and to break by turns
    // would page somebody every hour.
    const meant = "continuous backup that fell back to a snapshot of two minutes ago";
    expect(mistakes.filter(({ mistake }) => mistake !== null)).toEqual([{ says: meant, mistake: "false BREACHED" }]);
  });

  test("finds the mistakes of the simple rules that docs/backups.md counts", () => {
    const rows = [
      ["`judge`, as it is shipped", (each: Case) => judged(each).verdict] as const,
      ["the newest point is young enough", byNewestPoint] as const,
      ["the newest job is COMPLETED", byLastJob] as const,
    ].map(([name, rule]) => `| ${name} | ${count(rule, "false MET")} | ${count(rule, "false BREACHED")} |`);
    const page = readFileSync(new URL("../../docs/backups.md", import.meta.url), "utf8");
    expect(page).toContain(`${cases.length} cases`);
    for (const row of rows) expect(page).toContain(row);
  });
});

function count(rule: (each: Case) => Verdict, mistake: string): number {
  return cases.filter((each) => mistakeOf(each, rule(each)) === mistake).length;
}

describe("a verdict", () => {
  test("is told with the way that was judged", () => {
    const byName = (says: string) => judged(cases.find((each) => each.says === says) ?? cases[0] ?? neverThere());
    expect(byName("a standing log, and a snapshot that is fresher")).toMatchObject({
      mechanism: "automated backups",
      restorableAt: Date.parse("2026-03-10T10:30:00Z"),
      ageSeconds: 5_400,
      rpoSeconds: 300,
      reason:
        "it could be restored only until 2026-03-10T10:30:00.000Z, 90 min ago, by automated backups, and no more than 5 min may be lost",
    });
    expect(byName("tags that could not be read: it may be of a stricter environment")).toMatchObject({
      environment: null,
      rpoSeconds: null,
      mechanism: "snapshot",
      reason: "it is not known: its tags could not be read, and may name another environment",
    });
    expect(byName("only a copy in another region, of a snapshot that has gone").mechanism).toBe("copy in eu-central-1");
  });

  test("has the severity that the configuration gives its rule", () => {
    const [first] = judged(cases.find(({ verdict }) => verdict === "BREACHED") ?? neverThere()).findings;
    expect(first).toMatchObject({ rule: "unprotected", severity: "P2", remedy: expect.stringContaining("back it up") });
  });
});

function neverThere(): never {
  throw new Error("there is no such case");
}
