import { arithmetic, markdownOf } from "../shared/backups/markdown.ts";
import { type BackupsReport, reportJson, worstFirst } from "../shared/backups/report.ts";
import type { BackupsJson, ResourceJson } from "../shared/backups/report-shape.ts";
import { lasting } from "../shared/backups/words.ts";
import type { Severity } from "../shared/severity.ts";
import { printable } from "../shared/text.ts";
import { csv } from "./csv.ts";
import { table } from "./tables.ts";
import { coloured, type Format, type Terminal } from "./terminal.ts";

/** For machines: the shape of test/cli/verify-backups.schema.json. An incomplete source is a finding of the given severity. */
export function backupsJson(report: BackupsReport, incomplete: Severity): object {
  return reportJson(report, incomplete);
}

/** For auditors: the same text that evidence keeps. */
export function backupsMarkdown(report: BackupsReport, incomplete: Severity): string {
  return `${markdownOf(reportJson(report, incomplete))}\n`;
}

const columns = [
  ...["arn", "type", "region", "environment", "owner", "verdict", "reason", "mechanism", "restorableAt", "ageSeconds"],
  ...["rpoSeconds", "copies", "lock", "key", "findings", "remedy"],
];

/** For spreadsheets: a line for each resource, by ARN, and one for each source that is not complete. */
export function backupsCsv(report: BackupsReport, incomplete: Severity): string {
  const { resources, findings } = reportJson(report, incomplete);
  const byResource = Map.groupBy(findings, ({ resource }) => resource);
  const rows = resources.map((row) => {
    const { arn, type, region, environment, owner, verdict, reason, mechanism, restorableAt, ...more } = row;
    const told = byResource.get(arn) ?? [];
    const copies = row.copies.map((copy) => `${copy.region}/${copy.vault} ${copy.restorableAt ?? "none"}`).join("; ");
    const first = [arn, type, region, environment, owner, verdict, reason, mechanism, restorableAt];
    const rest = [more.ageSeconds, more.rpoSeconds, copies, more.lock, more.key];
    const last = [told.map(({ rule }) => rule).join(" "), told.map(({ remedy }) => remedy).join("; ")];
    return [...first, ...rest, ...last].map((value) => String(value ?? ""));
  });
  const unread = findings.filter(({ rule }) => rule === "inventory-incomplete");
  const more = unread.map(({ resource, rule, message, remedy }) => {
    const values: Record<string, string> = { arn: resource, reason: message, findings: rule, remedy };
    return columns.map((column) => values[column] ?? "");
  });
  return csv(columns, [...rows, ...more]);
}

/** So many a person reads; the rest is counted. */
const maximumRows = 60;

/** For people: breaches first, the oldest of them first. */
export function backupsTables(report: BackupsReport, incomplete: Severity, terminal: Terminal): string {
  const document = reportJson(report, incomplete);
  const { resources, inventory } = document;
  const rows = resources.toSorted(
    (left, right) =>
      worstFirst.indexOf(left.verdict) - worstFirst.indexOf(right.verdict) ||
      (right.ageSeconds ?? Number.MAX_VALUE) - (left.ageSeconds ?? Number.MAX_VALUE),
  );
  const shown = rows.slice(0, maximumRows).map((row) => resourceRow(row, terminal));
  const head = ["verdict", "type", "age", "may lose", "by", "resource", "why"];
  const unread = inventory.filter(({ complete }) => !complete);
  return [
    rows.length === 0 ? "no resources\n" : `${table(terminal, head, shown)}\n${rest(rows.length)}`,
    findingTable(document, terminal),
    ...unread.map(({ source, region, reason }) => `not complete: ${source} in ${region}: ${printable(reason ?? "")}`),
    `${counted(document)}\n`,
  ].join("\n");
}

const verdictColours: Record<ResourceJson["verdict"], Format> = {
  BREACHED: "red",
  UNKNOWN: "yellow",
  UNATTAINABLE: "cyan",
  EXEMPT: "dim",
  MET: "green",
};
const colours = { P0: "red", P1: "yellow", P2: "cyan", P3: "dim" } satisfies Record<Severity, Format>;

function resourceRow(row: ResourceJson, terminal: Terminal): string[] {
  const { verdict, type, ageSeconds, rpoSeconds, mechanism, arn, reason } = row;
  return [
    coloured(terminal, terminal.output, verdictColours[verdict], verdict),
    type,
    ageSeconds === null ? "" : lasting(ageSeconds),
    rpoSeconds === null ? "" : lasting(rpoSeconds),
    printable(mechanism ?? "", 30),
    printable(arn, 80),
    printable(verdict === "MET" ? arithmetic(row) : reason, 120),
  ];
}

function findingTable({ findings }: BackupsJson, terminal: Terminal): string {
  if (findings.length === 0) return "no findings\n";
  const grave = findings.toSorted((left, right) => left.severity.localeCompare(right.severity));
  const rows = grave.slice(0, maximumRows).map(({ severity, rule, resource, message }) => {
    const word = coloured(terminal, terminal.output, colours[severity], severity);
    return [word, rule, printable(resource, 80), printable(message, 160)];
  });
  return `${table(terminal, ["sev", "rule", "about", "what"], rows)}\n${rest(grave.length)}`;
}

function rest(count: number): string {
  return count > maximumRows ? `… and ${count - maximumRows} more; --json lists them all\n` : "";
}

function counted({ resources, findings, inventory, calls }: BackupsJson): string {
  const counts = worstFirst.map(
    (verdict) => [verdict, resources.filter((row) => row.verdict === verdict).length] as const,
  );
  const some = counts.filter(([, count]) => count > 0).map(([verdict, count]) => `${count} ${verdict}`);
  const sum = Object.values(calls).reduce((all, count) => all + count, 0);
  const whole = inventory.every(({ complete }) => complete) ? "" : "; not everything could be looked at";
  const told = some.length > 0 ? `: ${some.join(", ")}` : "";
  return `${resources.length} resources${told}; ${findings.length} findings; ${sum} calls${whole}`;
}
