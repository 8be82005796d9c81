import type { Report } from "../functions/verify-backups/run.ts";
import { isIndex } from "../shared/backups/report.ts";
import { Refused } from "../shared/failures.ts";
import { printable, quoted, suggestion } from "../shared/text.ts";
import type { BackupsCloud, ConnectBackups } from "./backups.ts";
import type { Arguments } from "./command.ts";
import { type Terminal, writeJson } from "./terminal.ts";

/** What verify-backups would find now. Resolves to the exit code. */
export async function dryRunBackups(given: Arguments, terminal: Terminal, connect: ConnectBackups): Promise<number> {
  const { texts, flags } = given;
  const cloud = await connect(given, terminal);
  const report = narrowed(await inspected(cloud, given), texts.owner);
  for (const { source, region, complete, reason } of report.inventory) {
    if (!complete)
      terminal.errors.write(`warning: ${printable(`${source} in ${region}: ${reason ?? "incomplete"}`)}\n`);
  }
  const { backupsCsv, backupsJson, backupsMarkdown, backupsTables } = await import("./backups-report.ts");
  const shown = { ...report, calls: { ...cloud.calls } };
  const severity = cloud.policies[cloud.environment].backups.severities["inventory-incomplete"];
  if (flags.has("json")) writeJson(terminal, backupsJson(shown, severity));
  else if (flags.has("csv")) terminal.output.write(backupsCsv(shown, severity));
  else if (flags.has("markdown")) terminal.output.write(backupsMarkdown(shown, severity));
  else terminal.output.write(backupsTables(shown, severity, terminal));
  if (report.resources.some(({ findings }) => findings.length > 0)) return 1;
  // What could not be looked at is not fine.
  return report.inventory.some(({ complete, source }) => !complete && !isIndex(source)) ? 3 : 0;
}

async function inspected(cloud: BackupsCloud, { texts }: Arguments): Promise<Report> {
  const { inspect } = await import("../functions/verify-backups/run.ts");
  const { account, region } = cloud.place;
  if (texts.account !== undefined && texts.account !== account) {
    throw new Refused(`--account ${quoted(texts.account)} is not the account that you are in: ${account}`);
  }
  const known = [region, ...cloud.policies[cloud.environment].backups.regions];
  if (texts.region !== undefined && !known.includes(texts.region)) {
    const near = suggestion(texts.region, known);
    throw new Refused(`--region ${quoted(texts.region)} is none of those that are looked at${near} (backups.regions)`);
  }
  // A dry run knows of no run before it.
  const inquiry = { hasTime: () => true, lastKnown: async () => [] };
  return await inspect({ ...cloud, ...inquiry, regions: texts.region === undefined ? null : [texts.region] });
}

function narrowed(report: Report, owner: string | undefined): Report {
  if (owner === undefined) return report;
  const owners = [...new Set(report.resources.flatMap((each) => each.owner ?? []))];
  if (owners.length > 0 && !owners.includes(owner)) {
    throw new Refused(`--owner ${quoted(owner)} owns nothing here${suggestion(owner, owners)}`);
  }
  return { ...report, resources: report.resources.filter((each) => each.owner === owner) };
}
