import { Refused } from "../../shared/failures.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import { operations } from "../../shared/operations.ts";
import { printable, quoted, suggestion } from "../../shared/text.ts";
import type { Arguments, Command } from "../command.ts";
import { type Connect, connectAws, ledgerNamed, ledgerOption, openLedger, required, sayWhere } from "../connection.ts";
import type { Terminal } from "../terminal.ts";

export const freeze: Command = freezeWith(connectAws);
export const thaw: Command = thawWith(connectAws);

export function freezeWith(connect: Connect): Command {
  return {
    name: "freeze",
    summary: "lets an operation change nothing until it is thawed; it goes on looking",
    usage: "freeze OPERATION [--reason TEXT] [--ledger TABLE]",
    options: {
      reason: { type: "string", value: "TEXT", description: "why, for whoever finds it frozen" },
      ledger: ledgerOption,
    },
    positionals: { minimum: 1, maximum: 1 },
    async run(given, terminal) {
      const { writeFreeze } = await import("../../shared/freezes.ts");
      const { operation, table } = asked(given, terminal);
      const { ledger, by } = await opened(connect, table, terminal);
      const reason = given.texts.reason ?? "no reason was given";
      await writeFreeze(ledger, { operation, by, reason, at: Date.now() });
      terminal.output.write(`${operation} is frozen in ${printable(table)}: ${printable(reason)}\n`);
      return 0;
    },
  };
}

export function thawWith(connect: Connect): Command {
  return {
    name: "thaw",
    summary: "lets a frozen operation act again",
    usage: "thaw OPERATION [--ledger TABLE]",
    options: { ledger: ledgerOption },
    positionals: { minimum: 1, maximum: 1 },
    async run(given, terminal) {
      const { readFreeze, removeFreeze } = await import("../../shared/freezes.ts");
      const { operation, table } = asked(given, terminal);
      const { ledger } = await opened(connect, table, terminal);
      const frozen = await readFreeze(ledger, operation);
      await removeFreeze(ledger, operation);
      const by = frozen === null ? "" : `; it was frozen by ${printable(frozen.by)}`;
      const before = frozen === null ? "was not frozen" : "is thawed";
      terminal.output.write(`${operation} ${before} in ${printable(table)}${by}\n`);
      return 0;
    },
  };
}

function asked(given: Arguments, terminal: Terminal) {
  const [operation = ""] = given.positionals;
  const found = operations.find(({ name }) => name === operation);
  if (found === undefined) {
    const known = operations.map(({ name }) => name);
    throw new Refused(`unknown operation ${quoted(operation)}${suggestion(operation, known)}`);
  }
  if (!found.freezes) {
    const others = operations.filter(({ freezes }) => freezes).map(({ name }) => name);
    throw new Refused(`nothing freezes ${operation}: only ${others.join(", ")} ask whether they are frozen`);
  }
  return { operation, table: required(ledgerNamed(given, terminal)) };
}

/** Names the account and the region, and opens the ledger there. */
async function opened(connect: Connect, table: string, terminal: Terminal): Promise<{ ledger: Ledger; by: string }> {
  const { whoWeAre } = await import("../clients.ts");
  const connected = await connect();
  const { account, arn: by } = await whoWeAre(connected);
  sayWhere(terminal, { account, region: connected.region, caller: by });
  return { ledger: openLedger(connected.ledger, table), by };
}
