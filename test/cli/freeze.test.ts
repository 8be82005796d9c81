import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseArguments } from "../../cli/arguments.ts";
import { freezeWith, thawWith } from "../../cli/commands/freeze.ts";
import { Refused } from "../../shared/failures.ts";
import { readFreeze } from "../../shared/freezes.ts";
import { operations } from "../../shared/operations.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { region } from "../secrets/audit-stage.ts";
import { connected, estate, identity } from "./audited.ts";
import { onTerminal } from "./terminal.ts";

const withLedger = ["--ledger", ledgerTable];

test("freezing and thawing leave a row, and take it away", async () => {
  const audited = await estate();
  const ledger = { client: audited.dependencies().ledger, table: ledgerTable };
  const [freeze, thaw] = [freezeWith(connected(audited)), thawWith(connected(audited))];
  const words = ["audit-secrets", "--reason", "a release", ...withLedger];
  const frozen = await onTerminal((terminal) => freeze.run(parseArguments(freeze, words), terminal));
  const where = `account ${identity.Account}, region ${region}, as ${identity.Arn}\n`;
  expect(frozen).toEqual({ code: 0, output: `audit-secrets is frozen in ${ledgerTable}: a release\n`, errors: where });
  expect(await readFreeze(ledger, "audit-secrets")).toMatchObject({ by: identity.Arn, reason: "a release" });
  const again = ["audit-secrets", ...withLedger];
  const thawed = await onTerminal((terminal) => thaw.run(parseArguments(thaw, again), terminal));
  const output = `audit-secrets is thawed in ${ledgerTable}; it was frozen by ${identity.Arn}\n`;
  expect(thawed).toEqual({ code: 0, output, errors: where });
  expect(await readFreeze(ledger, "audit-secrets")).toBeNull();
  const twice = await onTerminal((terminal) => thaw.run(parseArguments(thaw, again), terminal));
  expect(twice.output).toBe(`audit-secrets was not frozen in ${ledgerTable}\n`);
});

test.each([
  { make: freezeWith, words: ["audit-secrets"] },
  { make: thawWith, words: ["audit-secrets"] },
])("a ledger that is not there is told by its name: $make.name", async ({ make, words }) => {
  const command = make(connected(await estate()));
  const ran = onTerminal((terminal) =>
    command.run(parseArguments(command, [...words, "--ledger", "nowhere"]), terminal),
  );
  await expect(ran).rejects.toThrow(
    new Refused('there is no table "nowhere" in this account and region: name the stack\'s output LedgerTable'),
  );
});

test.each([freezeWith, thawWith])("an operation that no freeze stops is refused in one line: %o", async (make) => {
  const audited = await estate();
  const command = make(connected(audited));
  for (const { name } of operations.filter(({ freezes }) => !freezes)) {
    const ran = onTerminal((terminal) => command.run(parseArguments(command, [name, ...withLedger]), terminal));
    await expect(ran).rejects.toThrow(`nothing freezes ${name}: only rotate-secrets, heal-rotations, audit-secrets, `);
  }
  expect([...audited.calls.keys()]).toEqual([]);
});

test("the operations that a freeze stops are those that read it", () => {
  for (const { name, freezes } of operations) {
    const folder = new URL(`../../functions/${name}/`, import.meta.url);
    const texts = readdirSync(folder).filter((file) => file.endsWith(".ts"));
    const reads = texts.some((file) => readFileSync(new URL(file, folder), "utf8").includes("readFreeze("));
    expect({ name, freezes }).toEqual({ name, freezes: reads });
  }
});
