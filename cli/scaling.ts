import type { report } from "../functions/evaluate-scaling/run.ts";
import { loadConfiguration } from "../shared/configuration/files.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { Refused } from "../shared/failures.ts";
import type { Instant } from "../shared/instant.ts";
import type { Ledger } from "../shared/ledger/store.ts";
import { clientOptions } from "../shared/runtime.ts";
import type { Target } from "../shared/scaling/policy.ts";
import { printable, quoted, suggestion } from "../shared/text.ts";
import type { Arguments, Option } from "./command.ts";
import { awsOptions, ledgerNamed, openLedger } from "./connection.ts";
import type { Terminal } from "./terminal.ts";

// The account that a command about scaling is about. The SDK is loaded when it is needed.

export interface ScalingCloud {
  account: string;
  region: string;
  configuration: Configuration;
  observers: Parameters<typeof report>[0]["observers"];
  /** Null where nobody has named it. */
  ledger: Ledger | null;
  /** The table of decisions; null where nobody has named it. */
  decisions: Ledger | null;
  now: () => Instant;
}

export type ConnectScaling = (given: Arguments, terminal: Terminal) => Promise<ScalingCloud>;

export const scalingOptions: Readonly<Record<string, Option>> = {
  ...awsOptions,
  decisions: {
    type: "string",
    value: "TABLE",
    description: "the stack's output DecisionsTable; NIGHTSHIFT_DECISIONS_TABLE unless stated",
  },
  local: { type: "string", value: "FILE", description: "your own configuration, laid on top" },
};

/** Names the account and the region before anything else is asked there. */
export const connectScaling: ConnectScaling = async (given, terminal) => {
  const { texts } = given;
  const { configuration } = loadConfiguration(texts.environment ?? "production", { localFile: texts.local });
  const options = { ...clientOptions, maxAttempts: 6 };
  const { connectedWith, whoWeAre } = await import("./clients.ts");
  const { observersOf } = await import("../shared/scaling/clients.ts");
  const { region, sts, ledger } = await connectedWith(options);
  const { account } = await whoWeAre({ sts });
  terminal.errors.write(`account ${printable(account)}, region ${printable(region)}\n`);
  const named = ledgerNamed(given, terminal);
  const decisions = texts.decisions || terminal.variables.NIGHTSHIFT_DECISIONS_TABLE || null;
  return {
    ...{ account, region, configuration, observers: observersOf(options), now: Date.now },
    ledger: named === null ? null : openLedger(ledger, named, "LedgerTable"),
    decisions: decisions === null ? null : openLedger(ledger, decisions, "DecisionsTable"),
  };
};

/** The target of that name, named or tagged. Throws `Refused` with the nearest. */
export async function targetNamed(
  { observers, configuration }: Pick<ScalingCloud, "observers" | "configuration">,
  name: string,
): Promise<Target> {
  const { allTargets } = await import("../functions/evaluate-scaling/run.ts");
  const { targets, gaps } = await allTargets(observers, configuration);
  const found = targets.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = targets.map((each) => each.name);
  const near = names.length === 0 ? "; there are no targets" : suggestion(name, names);
  throw new Refused(`no target is named ${quoted(name)}${near}${gaps.map((gap) => ` (${printable(gap)})`).join("")}`);
}
