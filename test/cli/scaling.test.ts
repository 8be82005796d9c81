import { describe, expect, test } from "vitest";
import { parseArguments } from "../../cli/arguments.ts";
import type { Command } from "../../cli/command.ts";
import { runWith } from "../../cli/commands/run.ts";
import { savingsThrough } from "../../cli/commands/savings.ts";
import { whyThrough } from "../../cli/commands/why.ts";
import { connectAws } from "../../cli/connection.ts";
import { report } from "../../cli/ending.ts";
import type { ConnectScaling } from "../../cli/scaling.ts";
import { writeFreeze } from "../../shared/freezes.ts";
import { minute } from "../../shared/instant.ts";
import { evaluate } from "../../shared/scaling/evaluate.ts";
import type { ScaledAccount } from "../../simulation/scaled-account.ts";
import { decisionsTable, ledgerTable } from "../../simulation/table.ts";
import { busy, calm, configurationWith, createScene, desired, idle, measure, pass } from "../scaling/scene.ts";
import { onTerminal } from "./terminal.ts";

// What people ask about scaling, from the command line; nothing that they ask changes anything.

function connected(account: ScaledAccount): ConnectScaling {
  const { observers, ledger } = account.reading();
  return async ({ texts }) => ({
    ...{ account: "111122223333", region: "eu-west-1", configuration: account.configuration, observers },
    ledger: { client: ledger, table: ledgerTable },
    decisions: texts.decisions === undefined ? null : { client: ledger, table: texts.decisions },
    now: () => account.clock.at,
  });
}

async function asked(command: Command, words: readonly string[]) {
  return onTerminal(async (terminal) => {
    try {
      return await command.run(parseArguments(command, words), terminal);
    } catch (error) {
      return report(error, terminal);
    }
  });
}

const decisions = ["--decisions", decisionsTable];
const dryRun = (account: ScaledAccount, ...words: string[]) =>
  asked(runWith(connectAws, connected(account)), ["evaluate-scaling", "--dry-run", ...words]);
const why = (account: ScaledAccount, ...words: string[]) => asked(whyThrough(connected(account)), words);
const savings = (account: ScaledAccount, ...words: string[]) => asked(savingsThrough(connected(account)), words);

const api = { type: "ecs-service", cluster: "shop", service: "api" };

describe("a dry run", () => {
  test("says of every target what would be done, and why, in one sentence", async () => {
    const account = await createScene(
      configurationWith({ targets: { api, lost: { ...api, service: "lost" } } }, "recommend"),
    );
    account.ecs.put("shop", "api", { desiredCount: 1 });
    measure(account, busy);
    measure(account, idle, { service: "api" });
    const { code, output, errors } = await dryRun(account, ...decisions);
    expect({ code, errors }).toEqual({ code: 1, errors: "" });
    const lines = output.split("\n").map((line) => line.replace(/ {2,}/g, " | "));
    expect(lines.slice(1, 4)).toEqual([
      "out | checkout | recommend | cpu > 70 for 10 min: from 4 to 5",
      "unknown | lost | recommend | there is no ECS service shop/lost",
      "hold: minimum | api | recommend | cpu < 30 for 30 min and memory < 40 for 30 min, but no scale-in: it has 1, and its minimum is 1",
    ]);
    expect(lines.at(-2)).toBe("3 targets, 6 metrics in 1 calls; every minute that is at most 2.59 USD a month");
    expect(desired(account)).toBe(4);
  });

  test("for machines is one document", async () => {
    const account = await createScene();
    measure(account, calm);
    const { code, output, errors } = await dryRun(account, "--json");
    expect({ code, errors }).toEqual({ code: 0, errors: expect.stringMatching(/^warning: no table of decisions/) });
    expect(JSON.parse(output)).toMatchObject({
      ...{ account: "111122223333", frozen: null, gaps: [], calls: 1, metrics: 2 },
      targets: [{ name: "checkout", type: "ecs-service", verdict: "hold", reason: null, capacityBefore: 4 }],
    });
  });

  test("for spreadsheets is a line for each target", async () => {
    const account = await createScene();
    measure(account, busy);
    const { output } = await dryRun(account, "--csv");
    expect(output.split("\r\n")).toEqual([
      "name,type,mode,verdict,reason,rule,capacityBefore,capacityAfter,explanation",
      "checkout,ecs-service,act,out,,cpu > 70 for 10 min,4,5,cpu > 70 for 10 min: from 4 to 5",
      "",
    ]);
  });

  test("explains one target with its whole record, which evaluates to itself", async () => {
    const account = await createScene();
    measure(account, busy);
    const { output } = await dryRun(account, "--explain", "checkout");
    const record = JSON.parse(output);
    expect(evaluate(record.question).record).toEqual(record);
  });

  test("says that nothing would be done while it is frozen", async () => {
    const account = await createScene();
    measure(account, busy);
    const ledger = { client: account.dependencies().ledger, table: ledgerTable };
    await writeFreeze(ledger, { operation: "evaluate-scaling", by: "carol", reason: "release", at: account.clock.at });
    const { output } = await dryRun(account);
    expect(output).toContain("nothing would be done: frozen by carol: release");
    expect(output).toContain("hold: freeze");
  });

  test.each([
    [["--explain", "chekout"], 'no target is named "chekout"; did you mean "checkout"?'],
    [["--json", "--csv"], "--json and --csv exclude each other"],
  ])("of %j is refused", async (words, problem) => {
    const { code, errors } = await dryRun(await createScene(), ...words, ...decisions);
    expect({ code, errors }).toEqual({ code: 2, errors: `nightshift: ${problem}\n` });
  });

  test("without a target says how to name one", async () => {
    const account = await createScene();
    account.configuration.scaling.targets = {};
    const { code, output } = await dryRun(account, ...decisions);
    expect({ code, output }).toEqual({
      ...{ code: 0, output: "no targets: name some in scaling.targets, or a tag in scaling.tagged\n" },
    });
  });

  test("that could not look at a target is not fine", async () => {
    const account = await createScene();
    measure(account, calm);
    account.cloudwatch.metrics.fail = () => "InternalError";
    const { code, output } = await dryRun(account, ...decisions);
    expect(code).toBe(3);
    expect(output).toContain("unknown");
  });
});

describe("why", () => {
  test("answers from what was decided, also between two decisions", async () => {
    const account = await createScene();
    measure(account, calm);
    await pass(account, 15, busy);
    const at = (minutes: number) => new Date(account.clock.at - minutes * minute).toISOString();
    const { code, output } = await why(account, "checkout", "--at", at(1), ...decisions);
    expect(code).toBe(0);
    const [first, second] = output.split("\n");
    expect(first).toMatch(/^checkout at 2027-03-15 14:19: hold: cooldown \(last decided at 2027-03-15 14:1\d\)$/);
    expect(second).toMatch(/^cpu > 70 for 10 min, but no scale-out: a cooldown lasts until /);
    const early = await why(account, "checkout", "--at", at(13), ...decisions, "--json");
    expect(JSON.parse(early.output)).toMatchObject({ source: "decisions", record: { decision: { verdict: "hold" } } });
  });

  test("is recomputed from CloudWatch where nothing is kept, and says what is not known then", async () => {
    const account = await createScene();
    measure(account, busy);
    const { code, output, errors } = await why(account, "checkout", "--at", "14:00", ...decisions);
    expect(code).toBe(0);
    expect(errors).toMatch(/^no decision of that time is kept: recomputed from CloudWatch, without the capacity/);
    expect(output).toContain("cpu > 70 for 10 min: more capacity is advised");
    expect(output).toContain("capacity unknown, from 2 to 10");
  });

  test("of a target that there is not is refused", async () => {
    const { code, errors } = await why(await createScene(), "chekout", "--at", "14:00", ...decisions);
    expect({ code, errors }).toEqual({
      ...{ code: 2, errors: 'nightshift: no target is named "chekout"; did you mean "checkout"?\n' },
    });
  });
});

describe("savings", () => {
  test("are hours of capacity, and money where there is a price", async () => {
    const account = await createScene(configurationWith({ targets: { checkout: { hourPrice: 0.5 } } }));
    measure(account, idle);
    await pass(account, 1, idle);
    expect(desired(account)).toBe(3);
    account.clock.at += 60 * minute;
    const { code, output } = await savings(account, "checkout", ...decisions);
    expect({ code, output }).toEqual({
      code: 0,
      output:
        "checkout, last 30 days: 1 scale-ins saved 1 hours of capacity, which is 0.5 USD (decisions since 2027-03-15 14:06)\n",
    });
    const { output: json } = await savings(account, "checkout", ...decisions, "--json");
    expect(JSON.parse(json)).toMatchObject({ target: "checkout", hours: 1, money: 0.5, currency: "USD" });
  });

  test.each([
    [["chekout", ...decisions], 'no target is named "chekout"; did you mean "checkout"?'],
    [["checkout"], "no table of decisions is named: --decisions TABLE (the stack's output DecisionsTable)"],
  ])("%j is refused", async (words, problem) => {
    const { code, errors } = await savings(await createScene(), ...words);
    expect({ code, errors }).toEqual({ code: 2, errors: `nightshift: ${problem}\n` });
  });
});
