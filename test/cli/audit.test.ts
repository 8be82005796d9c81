import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parseArguments } from "../../cli/arguments.ts";
import { runWith } from "../../cli/commands/run.ts";
import { report } from "../../cli/ending.ts";
import { type AuditedAccount, createAuditedAccount } from "../../simulation/audited-account.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { createSecret } from "../secrets/audit-account.ts";
import { production, region } from "../secrets/audit-stage.ts";
import { connected, estate } from "./audited.ts";
import { nightshift, onTerminal, type Setting } from "./terminal.ts";

async function dryRun(audited: AuditedAccount, words: string[], setting: Setting = {}) {
  const command = runWith(connected(audited));
  return onTerminal(async (terminal) => {
    try {
      return await command.run(parseArguments(command, ["audit-secrets", "--dry-run", ...words]), terminal);
    } catch (error) {
      return report(error, terminal);
    }
  }, setting);
}

const withLedger = ["--ledger", ledgerTable];

describe("a dry run of the audit", () => {
  test("prints a document that obeys its schema, and says on the other channel where it looked", async () => {
    const { default: Ajv } = await import("ajv/dist/2020.js");
    const schema = JSON.parse(readFileSync(new URL("audit-secrets.schema.json", import.meta.url), "utf8"));
    const validate = new Ajv.default().compile(schema);
    const { code, output, errors } = await dryRun(await estate(), ["--json", ...withLedger]);
    const document = JSON.parse(output);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect({ code, errors }).toEqual({ code: 1, errors: "account 111122223333, region eu-west-1\n" });
    expect(document).toMatchObject({ account: "111122223333", region, complete: true });
    const verdicts = document.secrets.map(({ name, verdict }: Record<string, string>) => [name, verdict]);
    expect(verdicts).toEqual([
      ["=cmd|'/c calc'!A1", "UNKNOWN"],
      ["shop/old", "OVERDUE"],
      ["shop/owned", "EXEMPT"],
      ["shop/rotated", "OK"],
      ["shop/tls", "UNKNOWN"],
    ]);
    expect(document.calls).toMatchObject({ ListSecrets: 1, Query: 2, GetCallerIdentity: 1, BatchGetSecretValue: 1 });
    expect(output).not.toContain("hidden");
  });

  test("sends no call that writes", async () => {
    const audited = await estate();
    for (const words of [["--json"], ["--csv"], []]) await dryRun(audited, [...words, ...withLedger]);
    const reads = ["ListSecrets", "BatchGetSecretValue", "Query", "ListCertificates", "ListServerCertificates"];
    expect([...audited.calls.keys()].toSorted()).toEqual(reads.map((name) => `${name}Command`).toSorted());
    expect(audited.findings).toEqual([]);
  });

  test("is the same twice, but for the time", async () => {
    const audited = await estate();
    const printed = async () => (await dryRun(audited, ["--json"])).output.replace(/"(at|ageDays)": .*/g, "");
    expect(await printed()).toBe(await printed());
  });

  test.each([
    { words: ["--ledger", "nowhere"], setting: {} },
    { words: [], setting: { variables: { NIGHTSHIFT_LEDGER_TABLE: "nowhere" } } },
  ])("of a ledger that is not there ends with 2 and its name: $words", async ({ words, setting }) => {
    const { code, output, errors } = await dryRun(await estate(), ["--json", ...words], setting);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors.split("\n")[1]).toContain('there is no table "nowhere" in this account and region');
  });

  test("without a ledger every age is a bound, and a warning says so", async () => {
    const { output, errors } = await dryRun(await estate(), ["--json"]);
    expect(errors.split("\n")[1]).toContain("warning: no ledger is named");
    const bases = JSON.parse(output).secrets.map(
      (row: { oldestLiveCredential: { basis: string } | null }) => row.oldestLiveCredential?.basis,
    );
    expect(new Set(bases)).toEqual(new Set(["bound", undefined]));
    expect(JSON.parse(output).complete).toBe(true);
  });

  test("says what it could not look at, and is not complete", async () => {
    const audited = await estate();
    audited.fail = (name) => (name === "ListCertificatesCommand" ? new Error("no") : null);
    const { code, output, errors } = await dryRun(audited, ["--json", ...withLedger]);
    expect(code).toBe(1);
    expect(errors).toContain("warning: ACM's certificates could not be looked at: Error");
    expect(JSON.parse(output).complete).toBe(false);
  });

  test("ends with 3 and one line more when the list itself is refused", async () => {
    const audited = await estate();
    const denied = Object.assign(new Error("not authorised"), { name: "AccessDeniedException", $metadata: {} });
    audited.fail = (name) => (name === "ListSecretsCommand" ? denied : null);
    const { code, output, errors } = await dryRun(audited, ["--json", ...withLedger]);
    expect({ code, output }).toEqual({ code: 3, output: "" });
    expect(errors.split("\n")[1]).toBe("nightshift: AWS refused: AccessDeniedException: not authorised");
  });

  test("ends with 3 when nothing is wrong as far as it could look", async () => {
    const audited = await createAuditedAccount({ configuration: production, start: Date.now() });
    await createSecret(audited, "shop/good");
    audited.fail = (name) => (name === "ListCertificatesCommand" ? new Error("no") : null);
    const { code, errors } = await dryRun(audited, [...withLedger]);
    expect(code).toBe(3);
    expect(errors).toContain("warning: ACM's certificates could not be looked at: Error");
  });

  test("ends with 0 when nothing is wrong", async () => {
    const audited = await createAuditedAccount({ configuration: production, start: Date.now() });
    await createSecret(audited, "shop/good");
    const { code, output } = await dryRun(audited, [...withLedger]);
    expect(code).toBe(0);
    expect(output).toContain("no findings");
    expect(output).toContain("1 secrets: 1 OK; 0 findings; ");
  });
});

describe("for people and auditors", () => {
  test("a table, the worst first", async () => {
    const { output } = await dryRun(await estate(), withLedger);
    const lines = output.split("\n");
    expect(lines[0]?.split(/ {2,}/)).toEqual(["verdict", "kind", "interval", "age", "basis", "due", "secret"]);
    expect(lines.slice(1, 6).map((line) => line.split(/ +/)[0])).toEqual([
      "OVERDUE",
      "UNKNOWN",
      "UNKNOWN",
      "OK",
      "EXEMPT",
    ]);
    expect(output).toMatch(/5 secrets: 1 OVERDUE, 2 UNKNOWN, 1 OK, 1 EXEMPT; \d+ findings; \d+ calls\n$/);
  });

  test("the table says how often a kind is rotated, and what is to be done about each finding", async () => {
    const audited = await estate();
    const { output } = await dryRun(audited, withLedger);
    expect(output).toMatch(/^OVERDUE +api-key +90 d +/m);
    expect(output).toMatch(/^UNKNOWN +certificate +its end +/m);
    const { findings } = JSON.parse((await dryRun(audited, ["--json", ...withLedger])).output);
    for (const { message, remedy } of findings) {
      const lines = output.split("\n");
      const place = lines.findIndex((line) => line.endsWith(message));
      expect(lines.slice(place + 1).find((line) => line.trim() === `do: ${remedy}`)).toBeDefined();
    }
    expect(output.split("\n").filter((line) => line.trim().startsWith("do: "))).toHaveLength(findings.length);
  });

  test("lines for spreadsheets, of which none is a formula", async () => {
    const { code, output } = await dryRun(await estate(), ["--csv", ...withLedger]);
    expect(code).toBe(1);
    const lines = output.split("\r\n");
    expect(lines).toHaveLength(7);
    expect(lines[0]).toBe(
      "arn,name,kind,intervalDays,oldestLiveCredentialAt,basis,ageDays,verdict,dueAt,notAfter,findings,remedy,exemption",
    );
    expect(output).toContain(`,"'=cmd|'/c calc'!A1",`);
    expect(output.replace(/"(?:[^"]|"")*"/g, "")).not.toMatch(/(^|,)[=+\-@]/m);
  });
});

describe("bad input ends with 2 and one line", () => {
  test.each([
    [["audit-secrets"], "add --dry-run"],
    [["audit-secrts", "--dry-run"], 'did you mean "audit-secrets"?'],
    [["notify-responders", "--dry-run"], "notify-responders cannot be run from here"],
    [["audit-secrets", "--dry-run", "--json", "--csv"], "exclude each other"],
    [["audit-secrets", "--dry-run", "--environment", "prod"], 'unknown environment "prod"'],
  ])("%j", async (words, says) => {
    const { code, output, errors } = await nightshift(["run", ...words]);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toContain(says);
    expect(errors.trimEnd().split("\n")).toHaveLength(1);
  });

  test.each(["freeze", "thaw"])("%s without a ledger's name, and of what is no operation", async (command) => {
    expect(await nightshift([command, "audit-secrets"])).toMatchObject({
      code: 2,
      errors: expect.stringContaining("--ledger TABLE"),
    });
    expect(await nightshift([command, "audit"])).toMatchObject({
      code: 2,
      errors: expect.stringContaining("unknown operation"),
    });
  });
});

describe("without AWS it ends with 3, and one line", () => {
  const nothing = { AWS_EC2_METADATA_DISABLED: "true", HOME: "/nonexistent", PATH: process.env.PATH ?? "" };
  const keys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: region };
  test.each([
    { what: "no region", variables: nothing, says: /no AWS region is set/ },
    { what: "no credentials", variables: { ...nothing, AWS_REGION: region }, says: /no AWS credentials were found/ },
    {
      what: "nobody at the endpoint",
      variables: { ...nothing, ...keys, AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
      says: /cannot reach the endpoint \(ECONNREFUSED\)/,
    },
  ])("$what", async ({ variables, says }) => {
    const { code, output, errors } = await spawned(["run", "audit-secrets", "--dry-run", "--json"], variables);
    expect({ code, output }).toEqual({ code: 3, output: "" });
    expect(errors).toMatch(says);
    expect(errors.trimEnd().split("\n")).toHaveLength(1);
  });
});

function spawned(
  words: string[],
  env: Record<string, string>,
): Promise<{ code: number; output: string; errors: string }> {
  const door = fileURLToPath(new URL("../../cli/nightshift.ts", import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [door, ...words], { env }, (error, output, errors) => {
      resolve({ code: error === null ? 0 : Number(error.code), output, errors });
    });
  });
}
