import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseArguments } from "../../cli/arguments.ts";
import type { ConnectBackups } from "../../cli/backups.ts";
import { runWith } from "../../cli/commands/run.ts";
import { connectAws } from "../../cli/connection.ts";
import { report } from "../../cli/ending.ts";
import { connectScaling } from "../../cli/scaling.ts";
import { type BackedAccount, home } from "../../simulation/backed-account.ts";
import { abroad, configurationWith, createAccount, createShop, database, denied } from "../backups/account.ts";
import { onTerminal } from "./terminal.ts";

// What people ask about backups, from the command line; nothing that they ask changes anything.

function connected(account: BackedAccount): ConnectBackups {
  return async () => ({ ...account.looking(), now: () => account.clock.at, calls: { DescribeDBInstances: 1 } });
}

async function dryRun(account: BackedAccount, ...words: string[]) {
  const command = runWith(connectAws, connectScaling, connected(account));
  const ended = await onTerminal(async (terminal) => {
    try {
      return await command.run(parseArguments(command, ["verify-backups", "--dry-run", ...words]), terminal);
    } catch (error) {
      return report(error, terminal);
    }
  });
  const writes = account.calls.filter(({ service }) => ["bus", "evidence", "ledger"].includes(service));
  expect(writes).toEqual([]);
  expect(account.events.events).toEqual([]);
  return ended;
}

describe("a dry run", () => {
  test("says of every resource what could be restored, the worst first, and ends with 1 where something is wrong", async () => {
    const { code, output, errors } = await dryRun(await createShop());
    expect(code).toBe(1);
    const lines = output.split("\n").map((line) => line.replace(/ {2,}/g, " | "));
    expect(lines[0]).toBe("verdict | type | age | may lose | by | resource | why");
    expect(lines.slice(1, 3).map((line) => line.split(" | ")[0])).toEqual(["BREACHED", "BREACHED"]);
    expect(output).toContain("could be restored only until 2027-03-15T12:05:00.000Z, 2 h ago, by automated backups");
    expect(output).toContain("9 resources: 2 BREACHED, 2 UNATTAINABLE, 2 EXEMPT, 3 MET; 4 findings; 1 calls");
    expect(
      errors.split("\n").filter((line) => !/^warning: (config|resource-explorer) in eu-west-1: /.test(line)),
    ).toEqual([""]);
  });

  test("as JSON is what its schema says", async () => {
    const { default: Ajv } = await import("ajv/dist/2020.js");
    const schema = JSON.parse(readFileSync(new URL("verify-backups.schema.json", import.meta.url), "utf8"));
    const validate = new Ajv.default().compile(schema);
    const { code, output } = await dryRun(await createShop(), "--json");
    const document = JSON.parse(output);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(code).toBe(1);
    expect(document).toMatchObject({
      ...{ at: "2027-03-15T14:05:00.000Z", account: home.account, regions: [home.region] },
      totals: { resources: 9, BREACHED: 2, UNKNOWN: 0, UNATTAINABLE: 2, EXEMPT: 2, MET: 3 },
    });
  });

  test("as CSV has a line for each resource", async () => {
    const { output } = await dryRun(await createShop(), "--csv");
    const lines = output.trimEnd().split("\r\n");
    expect(lines).toHaveLength(10);
    expect(lines.find((line) => line.startsWith(`${database("forgotten")},`))).toContain(",BREACHED,");
  });

  test("as Markdown is the report that evidence keeps", async () => {
    const { output } = await dryRun(await createShop(), "--markdown");
    expect(output).toMatch(/^# Backups of 111122223333, 2027-03-15T14:05/);
    expect(output).toContain("| BREACHED | 2 |");
  });

  test("ends with 0 where all is well, and with 3 where not all could be looked at", async () => {
    const account = await createAccount();
    account.in(home.region).rds.putInstance("orders");
    expect((await dryRun(account)).code).toBe(0);
    account.around = async (call, execute) => {
      if (call.service === "fsx") throw denied();
      return execute();
    };
    const { code, errors } = await dryRun(account);
    expect(code).toBe(3);
    expect(errors).toContain("warning: files in eu-west-1: AccessDeniedException: no\n");
  });
});

describe("it can be narrowed", () => {
  async function owned() {
    const account = await createShop(configurationWith({ regions: [abroad] }));
    account.in(home.region).rds.putInstance("billing", { tags: { "nightshift:owner": "payments" } });
    account.in(abroad).rds.putInstance("far", { retentionDays: 0 });
    return account;
  }
  const names = async (...words: string[]) => {
    const { output } = await dryRun(await owned(), "--json", ...words);
    return JSON.parse(output).resources.map(({ arn }: { arn: string }) => arn.split(/[:/]/).at(-1));
  };

  test("to what a team owns", async () => {
    expect(await names("--owner", "payments")).toEqual(["billing"]);
  });

  test("to a region", async () => {
    expect(await names("--region", abroad)).toEqual(["far"]);
    expect(await names()).toHaveLength(11);
  });

  test("to the account that one is in", async () => {
    expect(await names("--account", home.account)).toHaveLength(11);
  });

  test.each([
    [["--owner", "payment"], '--owner "payment" owns nothing here; did you mean "payments"?'],
    [
      ["--region", "eu-central-2"],
      '--region "eu-central-2" is none of those that are looked at; did you mean "eu-central-1"?',
    ],
    [["--account", "1"], '--account "1" is not the account that you are in: 111122223333'],
    [["--json", "--csv"], "--json and --csv exclude each other"],
    [["--json", "--markdown"], "--json and --markdown exclude each other"],
  ])("and %j is refused in a line", async (words, says) => {
    const { code, output, errors } = await dryRun(await owned(), ...words);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toContain(`nightshift: ${says}`);
  });
});
