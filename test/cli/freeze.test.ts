import { expect, test } from "vitest";
import { parseArguments } from "../../cli/arguments.ts";
import { freezeWith, thawWith } from "../../cli/commands/freeze.ts";
import { Refused } from "../../shared/failures.ts";
import { readFreeze } from "../../shared/freezes.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { connected, estate, identity } from "./audited.ts";
import { onTerminal } from "./terminal.ts";

const withLedger = ["--ledger", ledgerTable];

test("freezing and thawing leave a row, and take it away", async () => {
  const audited = await estate();
  const ledger = { client: audited.dependencies().ledger, table: ledgerTable };
  const [freeze, thaw] = [freezeWith(connected(audited)), thawWith(connected(audited))];
  const words = ["audit-secrets", "--reason", "a release", ...withLedger];
  const frozen = await onTerminal((terminal) => freeze.run(parseArguments(freeze, words), terminal));
  expect(frozen).toMatchObject({ code: 0, output: "audit-secrets of production is frozen: a release\n" });
  expect(await readFreeze(ledger, "audit-secrets")).toMatchObject({ by: identity.Arn, reason: "a release" });
  const again = ["audit-secrets", ...withLedger];
  const thawed = await onTerminal((terminal) => thaw.run(parseArguments(thaw, again), terminal));
  expect(thawed.output).toBe(`audit-secrets of production is thawed; it was frozen by ${identity.Arn}\n`);
  expect(await readFreeze(ledger, "audit-secrets")).toBeNull();
  const twice = await onTerminal((terminal) => thaw.run(parseArguments(thaw, again), terminal));
  expect(twice.output).toBe("audit-secrets of production was not frozen\n");
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
