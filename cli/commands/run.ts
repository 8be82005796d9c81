import type { Report, report } from "../../functions/audit-secrets/run.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { Refused } from "../../shared/failures.ts";
import { operations } from "../../shared/operations.ts";
import { printable, quoted, suggestion } from "../../shared/text.ts";
import { backupsOptions, type ConnectBackups, connectBackups } from "../backups.ts";
import { type Arguments, type Command, jsonOption } from "../command.ts";
import { type Connect, connectAws, ledgerNamed, openLedger } from "../connection.ts";
import { type ConnectScaling, connectScaling, scalingOptions } from "../scaling.ts";
import { type Terminal, writeJson } from "../terminal.ts";

export const run: Command = runWith(connectAws);

/** Each leads to AWS, or to what stands for it. */
export function runWith(
  connect: Connect,
  toScale: ConnectScaling = connectScaling,
  toBackups: ConnectBackups = connectBackups,
): Command {
  return {
    name: "run",
    summary: "what an operation would find and do now, without doing it",
    usage:
      "run OPERATION --dry-run [--environment E] [--json|--csv|--markdown] [--explain TARGET] [--owner TEAM] [--region R] [--account A] [--local FILE] [--ledger TABLE] [--decisions TABLE]",
    options: {
      "dry-run": { type: "boolean", description: "only look: nothing is written, nowhere" },
      ...scalingOptions,
      explain: { type: "string", value: "TARGET", description: "evaluate-scaling: the whole record of one target" },
      ...backupsOptions,
      json: jsonOption,
      csv: { type: "boolean", description: "a line for each secret, target or resource, for spreadsheets" },
    },
    positionals: { minimum: 1, maximum: 1 },
    async run(given, terminal) {
      const { positionals, flags } = given;
      const [operation = ""] = positionals;
      requireKnown(operation);
      if (!flags.has("dry-run"))
        throw new Refused("only a dry run starts from here: add --dry-run; the function itself acts");
      const forms = ["json", "csv", "markdown"].filter((form) => flags.has(form));
      if (forms.length > 1) throw new Refused(`--${forms.join(" and --")} exclude each other`);
      if (operation === "evaluate-scaling") {
        return await (await import("../dry-run-scaling.ts")).dryRunScaling(given, terminal, toScale);
      }
      if (operation === "verify-backups") {
        return await (await import("../dry-run-backups.ts")).dryRunBackups(given, terminal, toBackups);
      }
      return await dryRun(given, terminal, connect);
    },
  };
}

const runnable = ["audit-secrets", "evaluate-scaling", "verify-backups"];

function requireKnown(name: string): void {
  const known = operations.map((operation) => operation.name);
  if (!known.some((each) => each === name))
    throw new Refused(`unknown operation ${quoted(name)}${suggestion(name, known)}`);
  if (!runnable.includes(name))
    throw new Refused(`${name} cannot be run from here: today only ${runnable.join(", ")} can`);
}

async function dryRun(given: Arguments, terminal: Terminal, connect: Connect): Promise<number> {
  const { texts, flags } = given;
  const { configuration } = loadConfiguration(texts.environment ?? "production", { localFile: texts.local });
  const { counted, whoWeAre } = await import("../clients.ts");
  const calls: Record<string, number> = {};
  const count = (name: string, times: number) => {
    calls[name] = (calls[name] ?? 0) + times;
  };
  const { region, sts, secrets, acm, iam, kms, ledger } = await connect();
  const { account } = await whoWeAre({ sts: counted(sts, count) });
  terminal.errors.write(`account ${printable(account)}, region ${printable(region)}\n`);
  const table = ledgerNamed(given, terminal);
  const report = await audit(terminal, {
    clients: {
      secrets: counted(secrets, count),
      acm: counted(acm, count),
      iam: counted(iam, count),
      kms: counted(kms, count),
    },
    ledger: table === null ? null : openLedger(counted(ledger, count), table),
    configuration,
    region,
    now: Date.now,
    hasTime: () => true,
  });
  for (const gap of report.gaps) terminal.errors.write(`warning: ${printable(gap)}\n`);
  const { auditCsv, auditJson, auditTables } = await import("../audit-report.ts");
  const audited = { report, account, calls };
  if (flags.has("json")) writeJson(terminal, auditJson(audited));
  else terminal.output.write(flags.has("csv") ? auditCsv(audited) : auditTables(audited, terminal));
  if (report.findings.length > 0) return 1;
  // What could not be looked at is not fine.
  return report.complete ? 0 : 3;
}

/** Without a ledger nobody has recorded anything: every age is what AWS's dates allow. One that is named and not there is a mistake. */
async function audit(terminal: Terminal, options: Parameters<typeof report>[0]): Promise<Report> {
  const { report: inspect } = await import("../../functions/audit-secrets/run.ts");
  if (options.ledger === null) {
    const none = "no ledger is named (--ledger TABLE, or NIGHTSHIFT_LEDGER_TABLE)";
    terminal.errors.write(`warning: ${none}: no birth of a credential is recorded, every age is a bound\n`);
  }
  return await inspect(options);
}
