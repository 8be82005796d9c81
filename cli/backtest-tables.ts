import { basename } from "node:path";
import { iso, minute } from "../shared/instant.ts";
import type { BacktestDecision } from "../shared/scaling/backtest.ts";
import { beyondOf, type Measures, reversalsOf } from "../shared/scaling/measures.ts";
import { holdReasons } from "../shared/scaling/types.ts";
import { printable } from "../shared/text.ts";
import type { ReadMetric } from "./backtest-recording.ts";
import type { BacktestReport } from "./backtest-report.ts";
import { lasting, table } from "./tables.ts";
import { coloured, type Terminal } from "./terminal.ts";

/** The report for a person: what was read, what would have been done, why not more, and what others would have done. */
export function printBacktest(terminal: Terminal, report: BacktestReport, svg: string | null): void {
  const { output } = terminal;
  const title = (text: string) => `\n${coloured(terminal, output, "bold", text)}\n`;
  output.write(title("Read"));
  output.write(seriesTable(terminal, report.metrics));
  output.write(title("What would have been decided"));
  output.write(bounds(report));
  output.write(decisionTable(terminal, report.outcome.decisions));
  output.write(title("Held back, or not known"));
  output.write(heldTable(terminal, report));
  output.write(title("Beside it, what others would have done with the same thresholds, steps and bounds"));
  output.write(comparisonTable(terminal, report));
  if (svg !== null) output.write(`\ndrawn: ${printable(svg)}\n`);
}

function seriesTable(terminal: Terminal, metrics: readonly ReadMetric[]): string {
  const rows = metrics.map((metric) => {
    const { rule, grid, duplicates, source } = metric;
    const { aboveMinutes, belowMinutes } = beyondOf(metric);
    const end = grid.from + grid.values.length * grid.stepMinutes * minute;
    return [
      rule.metric,
      printable(basename(source), 48),
      `${shownTime(grid.from)} – ${shownTime(end)}`,
      `${grid.stepMinutes} min`,
      ...[grid.points, grid.gaps, duplicates].map(String),
      aboveMinutes === null ? "unknown" : `> ${rule.out?.above}: ${lasting(aboveMinutes * minute)}`,
      belowMinutes === null ? "unknown" : `< ${rule.in?.below}: ${lasting(belowMinutes * minute)}`,
    ];
  });
  const head = ["metric", "from", "time (UTC)", "step", "points", "gaps", "duplicates", "beyond out", "beyond in"];
  return `${table(terminal, head, rows)}\n`;
}

function bounds({ setting, outcome }: BacktestReport): string {
  const { minimum, maximum } = setting.policy;
  const most = maximum === null ? "no maximum" : `maximum ${maximum}`;
  const loop = outcome.playback.isOpenLoop ? "open loop" : "closed loop";
  const every = `${outcome.evaluations} evaluations, one every ${outcome.stepMinutes} min`;
  const last = outcome.playback.capacity();
  return `${loop}, ${every}; capacity from ${setting.initial} to ${last}, minimum ${minimum}, ${most}\n\n`;
}

/** So many decisions a person reads from the beginning, and so many from the end. */
const shownDecisions = 6;

function decisionTable(terminal: Terminal, decisions: readonly BacktestDecision[]): string {
  if (decisions.length === 0) return "nothing would have been changed\n";
  const reversals = new Set(reversalsOf(decisions));
  const row = (decision: BacktestDecision): string[] => [
    shownTime(decision.at),
    coloured(terminal, terminal.output, decision.direction === "out" ? "yellow" : "cyan", decision.direction),
    `${decision.before} → ${decision.after}`,
    reversals.has(decision) ? "reversal" : "",
    decision.rule,
  ];
  const left = decisions.length - 2 * shownDecisions;
  const first = decisions.slice(0, left > 1 ? shownDecisions : decisions.length).map(row);
  const last = left > 1 ? decisions.slice(-shownDecisions).map(row) : [];
  const middle = left > 1 ? [["…", "", "", "", `${left} more; --json lists them all`]] : [];
  return `${table(terminal, ["at (UTC)", "", "capacity", "", "because"], [...first, ...middle, ...last])}\n`;
}

const holdWords: Record<(typeof holdReasons)[number], string> = {
  cooldown: "too soon after a change, or after the out rule last held",
  minimum: "at the minimum already",
  maximum: "at the maximum already",
  projection: "the rest would have been too busy",
  "missing-data": "points are missing",
  deployment: "a deployment is under way",
  freeze: "frozen",
  "foreign-autoscaler": "another autoscaler owns the target",
  "not-sustained": "beyond a threshold, but not for long enough",
};

function heldTable(terminal: Terminal, { outcome }: BacktestReport): string {
  const rows = holdReasons.flatMap((reason) => {
    const count = outcome.held[reason] ?? 0;
    return count === 0 ? [] : [[String(count), reason, holdWords[reason]]];
  });
  const unknown =
    outcome.unknown === 0 ? [] : [[String(outcome.unknown), "unknown", "too little data to say anything"]];
  const all = [...rows, ...unknown];
  return all.length === 0 ? "nothing\n" : `${table(terminal, ["evaluations", "", "because"], all)}\n`;
}

function comparisonTable(terminal: Terminal, { nightshift, alarms, latestPoint }: BacktestReport): string {
  const row = (name: string, { out, in: ins, reversals, wrongIn }: Measures): string[] => {
    const bad = (count: number) => (count === 0 ? "0" : coloured(terminal, terminal.output, "red", String(count)));
    return [name, String(out), String(ins), bad(reversals), bad(wrongIn)];
  };
  const rows = [
    row("this policy", nightshift),
    row("a pair of CloudWatch alarms for each metric", alarms),
    row("a poller of the newest point, missing as 0", latestPoint),
  ];
  const head = ["", "out", "in", "reversals within 1 h", "wrong in (a point missing or not below)"];
  return `${table(terminal, head, rows)}\n`;
}

function shownTime(at: number): string {
  return iso(at).slice(0, 16).replace("T", " ");
}
