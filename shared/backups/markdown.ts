import { printable } from "../text.ts";
import { worstFirst } from "./report.ts";
import type { BackupsJson, ResourceJson } from "./report-shape.ts";
import { lasting } from "./words.ts";

/** The report to read, for auditors: worst first, each with its arithmetic, and how complete it is. The same document gives the same text. */
export function markdownOf(report: BackupsJson): string {
  const { at, account, regions, resources, findings, inventory } = report;
  const of = (verdict: ResourceJson["verdict"]) => resources.filter((each) => each.verdict === verdict);
  const unprotected = new Set(findings.filter(({ rule }) => rule === "unprotected").map(({ resource }) => resource));
  const incomplete = inventory.filter(({ complete }) => !complete);
  const whole =
    incomplete.length === 0
      ? "Every source told all that there is."
      : `**Not complete:** ${incomplete.length} of ${inventory.length} sources did not tell all that there is (see Inventory).`;
  return [
    `# Backups of ${cell(account)}, ${at}`,
    `Regions: ${regions.map(cell).join(", ") || "none"}. ${whole} Nothing was changed.`,
    section("Verdicts", table(["verdict", "resources"], [...verdictRows(report), ["all", String(resources.length)]])),
    section("Breached", judgedTable(of("BREACHED"))),
    section("Of these, unprotected", list(resources.filter(({ arn }) => unprotected.has(arn)).map(({ arn }) => arn))),
    section("Unknown", judgedTable(of("UNKNOWN"))),
    section("Unattainable", judgedTable(of("UNATTAINABLE"))),
    section("Exempt", exemptTable(of("EXEMPT"))),
    section("Met", judgedTable(of("MET"))),
    section("Copies, locks and keys", besideTable(resources)),
    section("Findings", findingTable(report)),
    section("Inventory", inventoryTable(report)),
    section("Calls", callTable(report)),
  ].join("\n\n");
}

function verdictRows({ resources }: BackupsJson): string[][] {
  return worstFirst.map((verdict) => [verdict, String(resources.filter((each) => each.verdict === verdict).length)]);
}

function judgedTable(rows: readonly ResourceJson[]): string {
  const head = ["resource", "type", "environment", "owner", "by", "restorable until", "age against objective", "why"];
  return table(
    head,
    rows.map((row) => {
      const { arn, type, environment, owner, mechanism, restorableAt, reason } = row;
      return [
        arn,
        type,
        environment ?? "unknown",
        owner ?? "",
        mechanism ?? "nothing",
        restorableAt ?? "",
        arithmetic(row),
        reason,
      ];
    }),
  );
}

/** Both sides of the comparison, in seconds, so that anybody can do it again. */
export function arithmetic({ ageSeconds, rpoSeconds, verdict }: ResourceJson): string {
  if (rpoSeconds === null) return ageSeconds === null ? "" : `${ageSeconds} s, against what is not known`;
  const objective = `${rpoSeconds} s (${lasting(rpoSeconds)})`;
  if (ageSeconds === null) return `nothing against ${objective}`;
  const isWithin = ageSeconds <= rpoSeconds;
  const tolerated = !isWithin && verdict === "MET" ? ", within the tolerance" : "";
  return `${ageSeconds} s ${isWithin ? "≤" : ">"} ${objective}${tolerated}`;
}

function exemptTable(rows: readonly ResourceJson[]): string {
  const head = ["resource", "type", "environment", "owner", "reason"];
  return table(
    head,
    rows.map(({ arn, type, environment, owner, reason }) => [arn, type, environment ?? "unknown", owner ?? "", reason]),
  );
}

function besideTable(resources: readonly ResourceJson[]): string {
  const rows = resources.filter(({ copies, lock, key }) => copies.length > 0 || lock !== null || key !== null);
  return table(
    ["resource", "copies", "lock", "key"],
    rows.map(({ arn, copies, lock, key }) => {
      const told = copies.map(
        ({ region, vault, restorableAt }) => `${region}/${vault}: ${restorableAt ?? "not to be restored from"}`,
      );
      return [arn, told.join("; ") || "none", lock ?? "no vault", key ?? "no point"];
    }),
  );
}

function findingTable({ findings }: BackupsJson): string {
  const bySeverity = findings.toSorted((left, right) => left.severity.localeCompare(right.severity));
  return table(
    ["severity", "rule", "resource", "what", "remedy"],
    bySeverity.map(({ severity, rule, resource, message, remedy }) => [severity, rule, resource, message, remedy]),
  );
}

function inventoryTable({ inventory }: BackupsJson): string {
  return table(
    ["source", "region", "complete", "why not"],
    inventory.map(({ source, region, complete, reason }) => [
      source,
      region,
      complete ? "yes" : "**no**",
      reason ?? "",
    ]),
  );
}

function callTable({ calls }: BackupsJson): string {
  const byName = Object.keys(calls).toSorted();
  return table(
    ["operation", "calls"],
    byName.map((name) => [name, String(calls[name])]),
  );
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "None." : items.map((item) => `- ${cell(item)}`).join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "None.";
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map((row) => line(row.map(cell)))].join("\n");
}

/** Text, whatever was put into a tag or a message: it draws no table, no link, and no markup. */
function cell(text: string): string {
  if (text === "**no**") return text;
  return printable(text).replace(/[\\`*[\]<|&]/g, (sign) => (sign === "&" ? "&amp;" : `\\${sign}`));
}
