import type { Instant } from "../instant.ts";
import { iso } from "../instant.ts";
import type { Severity } from "../severity.ts";
import { compareText } from "../text.ts";
import { type BackupsJson, backupsShape } from "./report-shape.ts";
import { backupRules, type Found, type Judged } from "./types.ts";

/** What a run found out, of one account. */
export interface BackupsReport {
  at: Instant;
  account: string;
  regions: readonly string[];
  resources: readonly Judged[];
  /** Which source said what there is, where; one that is not complete has a reason. */
  inventory: readonly { source: string; region: string; complete: boolean; reason: string | null }[];
  /** How often each operation was called. */
  calls: Readonly<Record<string, number>>;
}

export interface BackupFinding extends Found {
  /** An ARN, or `inventory/SOURCE/REGION`. */
  resource: string;
}

/** All findings, one for each resource and rule: by resource, then in the order of the rules. */
export function findingsOf({ resources, inventory }: BackupsReport, incomplete: Severity): BackupFinding[] {
  const told = resources.flatMap(({ arn, findings }) => findings.map((found) => ({ resource: arn, ...found })));
  const unread = inventory.flatMap(({ source, region, complete, reason }) => {
    const message = `${source} did not tell all that there is in ${region}: ${reason ?? "nobody knows why"}`;
    const remedy = "let the role read it, or switch it on; until then what only it knows is missing here";
    const resource = `inventory/${source}/${region}`;
    return complete || isIndex(source)
      ? []
      : [{ resource, rule: "inventory-incomplete" as const, severity: incomplete, message, remedy }];
  });
  const order = ({ rule }: Found) => backupRules.indexOf(rule);
  return [...told, ...unread].toSorted(
    (left, right) => compareText(left.resource, right.resource) || order(left) - order(right),
  );
}

/** Whether a source knows only what others know as well: where it is switched off, nothing is missing, as long as those others answer. */
export function isIndex(source: string): boolean {
  return source === "config" || source === "resource-explorer" || source === "last-evidence";
}

/**
 * The document that `--json` prints and evidence keeps. Resources by ARN, findings by resource and rule, sources by name and region. An
 * incomplete source is a finding of the given severity.
 */
export function reportJson(report: BackupsReport, incomplete: Severity): BackupsJson {
  const { at, account, regions, resources, inventory, calls } = report;
  const rows = resources
    .toSorted((left, right) => compareText(left.arn, right.arn))
    .map(({ findings: _, restorableAt, copies, ...judged }) => ({
      ...judged,
      restorableAt: time(restorableAt),
      copies: copies.map((copy) => ({ ...copy, restorableAt: time(copy.restorableAt) })),
    }));
  const sources = inventory.toSorted(
    (left, right) => compareText(left.source, right.source) || compareText(left.region, right.region),
  );
  const { length } = rows;
  const verdicts = Object.fromEntries(worstFirst.map((verdict) => [verdict, count(resources, verdict)]));
  return {
    ...{ at: iso(at), account, regions: regions.toSorted(), totals: { resources: length, ...verdicts } },
    ...{ resources: rows, findings: findingsOf(report, incomplete), inventory: [...sources], calls: inOrder(calls) },
  };
}

/** Null of what is no such document. */
export function readReport(document: unknown): BackupsJson | null {
  return backupsShape.safeParse(document).data ?? null;
}

export const worstFirst = ["BREACHED", "UNKNOWN", "UNATTAINABLE", "EXEMPT", "MET"] as const;

function count(resources: readonly Judged[], verdict: Judged["verdict"]): number {
  return resources.filter((each) => each.verdict === verdict).length;
}

function inOrder(calls: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(calls).toSorted(([left], [right]) => compareText(left, right)));
}

function time(at: Instant | null): string | null {
  return at === null ? null : iso(at);
}
