import type { Report } from "../functions/audit-secrets/run.ts";
import { day, type Instant, iso } from "../shared/instant.ts";
import { printable } from "../shared/text.ts";
import { csv } from "./csv.ts";
import { table } from "./tables.ts";
import { coloured, type Format, type Terminal } from "./terminal.ts";

export interface Audited {
  report: Report;
  account: string;
  /** How often each operation was called. */
  calls: Readonly<Record<string, number>>;
}

type Row = Report["secrets"][number];

/** For machines: the shape of test/cli/audit-secrets.schema.json. Secrets by ARN; findings by resource, then as the rules stand. */
export function auditJson({ report, account, calls }: Audited): object {
  const { at, region, complete, gaps, secrets, findings } = report;
  const rows = secrets.map((row) => ({
    arn: row.arn,
    name: row.name,
    kind: row.kind,
    intervalDays: row.intervalDays,
    oldestLiveCredential: oldestJson(row),
    ageDays: ageDays(row, at),
    verdict: row.verdict,
    remedy: row.remedy,
    dueAt: time(row.dueAt),
    notAfter: time(row.notAfter),
    exemption: row.exemption,
  }));
  return { at: iso(at), account, region, complete, gaps, secrets: rows, findings, calls };
}

function oldestJson({ oldestLiveCredential: oldest }: Row) {
  return oldest === null ? null : { at: iso(oldest.at), basis: oldest.basis };
}

function ageDays({ oldestLiveCredential: oldest }: Row, at: Instant): number | null {
  return oldest === null ? null : Math.max(0, at - oldest.at) / day;
}

function time(at: Instant | null): string | null {
  return at === null ? null : iso(at);
}

const columns = [
  ...["arn", "name", "kind", "intervalDays", "oldestLiveCredentialAt", "basis", "ageDays", "verdict", "dueAt"],
  ...["notAfter", "findings", "remedy", "exemption"],
];

/** For auditors: a line for each secret, by ARN, and one for each certificate of which something is to be said. */
export function auditCsv({ report }: Audited): string {
  const { at, secrets, findings } = report;
  const rules = Map.groupBy(findings, ({ resource }) => resource);
  const rulesOf = (arn: string) => (rules.get(arn) ?? []).map(({ rule }) => rule).join(" ");
  const rows = secrets.map((row) => {
    const { arn, name, kind, intervalDays, verdict, dueAt, notAfter, remedy, exemption, oldestLiveCredential } = row;
    const oldest = [time(oldestLiveCredential?.at ?? null), oldestLiveCredential?.basis, shownDays(ageDays(row, at))];
    const rest = [verdict, time(dueAt), time(notAfter), rulesOf(arn), remedy, exemption];
    return [arn, name, kind, intervalDays, ...oldest, ...rest].map((value) => String(value ?? ""));
  });
  const known = new Set(secrets.map(({ arn }) => arn));
  const others = findings.filter(({ resource }) => !known.has(resource));
  const more = others.map(({ resource, rule, remedy }) =>
    columns.map((column) => ({ arn: resource, findings: rule, remedy })[column] ?? ""),
  );
  return csv(columns, [...rows, ...more]);
}

/** So many a person reads; the rest is counted. */
const maximumRows = 60;
const worstFirst = ["OVERDUE", "UNKNOWN", "DUE", "OK", "EXEMPT"];

/** For people: the worst first. */
export function auditTables({ report, calls }: Audited, terminal: Terminal): string {
  const { at, secrets, findings, complete } = report;
  const rows = secrets.toSorted(
    (left, right) =>
      worstFirst.indexOf(left.verdict) - worstFirst.indexOf(right.verdict) ||
      (ageDays(right, at) ?? 0) - (ageDays(left, at) ?? 0),
  );
  const grave = findings.toSorted((left, right) => left.severity.localeCompare(right.severity));
  const shown = rows.slice(0, maximumRows).map((row) => secretRow(row, at, terminal));
  const told = grave.slice(0, maximumRows).map(({ severity, rule, resource, message, remedy }) => {
    const name = report.secrets.find(({ arn }) => arn === resource)?.name ?? resource;
    return [
      coloured(terminal, terminal.output, colours[severity], severity),
      rule,
      printable(name, 60),
      `${printable(message)}\n  do: ${printable(remedy)}`,
    ];
  });
  const head = ["verdict", "kind", "interval", "age", "basis", "due", "secret"];
  const sum = Object.values(calls).reduce((all, count) => all + count, 0);
  return [
    secrets.length === 0 ? "no secrets\n" : `${table(terminal, head, shown)}\n${rest(rows.length)}`,
    findings.length === 0
      ? "no findings\n"
      : `${table(terminal, ["sev", "rule", "about", "what"], told)}\n${rest(grave.length)}`,
    `${counted(secrets)}; ${findings.length} findings; ${sum} calls${complete ? "" : "; not everything could be looked at"}\n`,
  ].join("\n");
}

const colours = { P0: "red", P1: "yellow", P2: "cyan", P3: "dim" } satisfies Record<string, Format>;
const verdictColours: Record<Row["verdict"], Format> = {
  OVERDUE: "red",
  UNKNOWN: "yellow",
  DUE: "cyan",
  OK: "green",
  EXEMPT: "dim",
};

function secretRow(row: Row, at: Instant, terminal: Terminal): string[] {
  const { verdict, kind, oldestLiveCredential, dueAt, name } = row;
  return [
    coloured(terminal, terminal.output, verdictColours[verdict], verdict),
    kind ?? "",
    intervalOf(row),
    shownDays(ageDays(row, at)),
    oldestLiveCredential?.basis ?? "",
    dueAt === null ? "" : iso(dueAt).slice(0, 16).replace("T", " "),
    printable(name, 60),
  ];
}

/** How often its kind is rotated. */
function intervalOf({ kind, intervalDays }: Row): string {
  if (kind === null) return "";
  return intervalDays === null ? "its end" : `${intervalDays} d`;
}

function shownDays(days: number | null): string {
  return days === null ? "" : String(Math.floor(days * 10) / 10);
}

function rest(count: number): string {
  return count > maximumRows ? `… and ${count - maximumRows} more; --json lists them all\n` : "";
}

function counted(secrets: readonly Row[]): string {
  const parts = worstFirst.map(
    (verdict) => [verdict, secrets.filter((row) => row.verdict === verdict).length] as const,
  );
  const some = parts.filter(([, count]) => count > 0).map(([verdict, count]) => `${count} ${verdict}`);
  return `${secrets.length} secrets${some.length > 0 ? `: ${some.join(", ")}` : ""}`;
}
