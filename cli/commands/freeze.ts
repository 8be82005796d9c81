import { environmentNamed } from "../../shared/configuration/environments.ts";
import { Refused } from "../../shared/failures.ts";
import { operations } from "../../shared/operations.ts";
import { printable, quoted, suggestion } from "../../shared/text.ts";
import type { Arguments, Command } from "../command.ts";
import { awsOptions, type Connect, connectAws, ledgerNamed, openLedger, required } from "../connection.ts";
import type { Terminal } from "../terminal.ts";

export const freeze: Command = freezeWith(connectAws);
export const thaw: Command = thawWith(connectAws);

export function freezeWith(connect: Connect): Command {
  return {
    name: "freeze",
    summary: "lets an operation change nothing until it is thawed; it goes on looking",
    usage: "freeze OPERATION [--reason TEXT] [--environment E] [--ledger TABLE]",
    options: {
      reason: { type: "string", value: "TEXT", description: "why, for whoever finds it frozen" },
      ...awsOptions,
    },
    positionals: { minimum: 1, maximum: 1 },
    async run(given, terminal) {
      const { whoWeAre } = await import("../clients.ts");
      const { writeFreeze } = await import("../../shared/freezes.ts");
      const { operation, environment, table } = asked(given, terminal);
      const connected = await connect();
      const { arn: by } = await whoWeAre(connected);
      const reason = given.texts.reason ?? "no reason was given";
      await writeFreeze(openLedger(connected.ledger, table), { operation, by, reason, at: Date.now() });
      terminal.output.write(`${operation} of ${environment} is frozen: ${printable(reason)}\n`);
      return 0;
    },
  };
}

export function thawWith(connect: Connect): Command {
  return {
    name: "thaw",
    summary: "lets a frozen operation act again",
    usage: "thaw OPERATION [--environment E] [--ledger TABLE]",
    options: awsOptions,
    positionals: { minimum: 1, maximum: 1 },
    async run(given, terminal) {
      const { readFreeze, removeFreeze } = await import("../../shared/freezes.ts");
      const { operation, environment, table } = asked(given, terminal);
      const ledger = openLedger((await connect()).ledger, table);
      const frozen = await readFreeze(ledger, operation);
      await removeFreeze(ledger, operation);
      const before = frozen === null ? "was not frozen" : `is thawed; it was frozen by ${printable(frozen.by)}`;
      terminal.output.write(`${operation} of ${environment} ${before}\n`);
      return 0;
    },
  };
}

function asked(given: Arguments, terminal: Terminal) {
  const [operation = ""] = given.positionals;
  const known = operations.map(({ name }) => name);
  if (!known.some((name) => name === operation)) {
    throw new Refused(`unknown operation ${quoted(operation)}${suggestion(operation, known)}`);
  }
  const environment = environmentNamed(given.texts.environment ?? "production");
  return { operation, environment, table: required(ledgerNamed(given, terminal)) };
}
