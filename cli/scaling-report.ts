import type { Report } from "../functions/evaluate-scaling/run.ts";
import { iso } from "../shared/instant.ts";
import { printable } from "../shared/text.ts";
import { csv } from "./csv.ts";
import type { ScalingCloud } from "./scaling.ts";
import { table } from "./tables.ts";
import { coloured, type Format, type Terminal } from "./terminal.ts";

type Looked = Report["targets"][number];
type Place = Pick<ScalingCloud, "account" | "region" | "configuration">;

/** For machines: the targets by name. */
export function scalingJson(report: Report, { account, region, configuration }: Place): object {
  const { at, frozen, gaps, meter, monthlyCost, targets } = report;
  const { currency } = configuration.scaling.price;
  const cost = { monthly: rounded(monthlyCost), currency };
  return { at: iso(at), account, region, frozen, gaps, ...meter, cost, targets: targets.map(targetJson) };
}

function targetJson({ target, record, failure }: Looked): object {
  const { decision } = record;
  const { at, cooldownUntil, metrics, target: name, ...rest } = decision;
  return {
    ...{ name, type: target.resource.type, mode: target.mode, ...rest, failure },
    cooldownUntil: cooldownUntil === null ? null : iso(cooldownUntil),
    metrics: metrics.map(({ newest, ...each }) => ({ ...each, newest: newest && { ...newest, at: iso(newest.at) } })),
  };
}

const columns = ["name", "type", "mode", "verdict", "reason", "rule", "capacityBefore", "capacityAfter", "explanation"];

export function scalingCsv({ targets }: Report): string {
  const rows = targets.map(({ target, record }) => {
    const { verdict, reason, rule, capacityBefore, capacityAfter, explanation } = record.decision;
    const values = [
      target.name,
      target.resource.type,
      target.mode,
      verdict,
      reason,
      rule,
      capacityBefore,
      capacityAfter,
    ];
    return [...values, explanation].map((value) => String(value ?? ""));
  });
  return csv(columns, rows);
}

const maximumRows = 60;
const colours: Record<string, Format> = { out: "red", in: "cyan", unknown: "yellow", hold: "dim" };
const tellingFirst = ["out", "unknown", "in", "hold"];

/** For people: what is to be done first, one sentence each. */
export function scalingTable(report: Report, { configuration }: Place, terminal: Terminal): string {
  const { targets, meter, monthlyCost, frozen } = report;
  if (targets.length === 0) return "no targets: name some in scaling.targets, or a tag in scaling.tagged\n";
  const order = ({ record }: Looked) => tellingFirst.indexOf(record.decision.verdict);
  const rows = targets
    .toSorted((left, right) => order(left) - order(right))
    .slice(0, maximumRows)
    .map(({ target, record }) => {
      const { verdict, reason, explanation } = record.decision;
      const word = reason === null ? verdict : `${verdict}: ${reason}`;
      const painted = coloured(terminal, terminal.output, colours[verdict] ?? "dim", word);
      return [painted, printable(target.name, 40), target.mode, printable(explanation, 160)];
    });
  const more = targets.length - rows.length;
  const { currency } = configuration.scaling.price;
  return [
    table(terminal, ["verdict", "target", "mode", "why"], rows),
    ...(more > 0 ? [`… and ${more} more; --json lists them all`] : []),
    ...(frozen === null ? [] : [`nothing would be done: ${printable(frozen)}`]),
    `${targets.length} targets, ${meter.metrics} metrics in ${meter.calls} calls; every minute that is at most ${rounded(monthlyCost)} ${currency} a month`,
    "",
  ].join("\n");
}

function rounded(amount: number): number {
  return Math.round(amount * 100) / 100;
}
