import { type Instant, iso } from "../shared/instant.ts";
import type { DecisionRecord, Judged, Rule, Series } from "../shared/scaling/types.ts";
import { shown } from "../shared/scaling/words.ts";
import { printable } from "../shared/text.ts";
import { table } from "./tables.ts";
import { coloured, type Terminal } from "./terminal.ts";

/** The answer for people: first the sentence, then what it was made of. */
export function whyText(name: string, record: DecisionRecord, at: Instant, source: string, terminal: Terminal): string {
  const { decision, question } = record;
  const { verdict, reason, explanation, capacityBefore, capacityAfter, cooldownUntil, metrics } = decision;
  const word = reason === null ? verdict : `${verdict}: ${reason}`;
  const bold = (text: string) => coloured(terminal, terminal.output, "bold", text);
  // What is decided as before is not written again: the last decision before that time is the answer, if there were evaluations since.
  const since = source === "decisions" && decision.at < at ? ` (last decided at ${shortTime(decision.at)})` : "";
  const change =
    capacityBefore !== capacityAfter ? `${capacityBefore} → ${capacityAfter}` : `${capacityBefore ?? "unknown"}`;
  const lines = [
    `${bold(printable(name))} at ${shortTime(at)}: ${bold(word)}${since}`,
    printable(explanation),
    `capacity ${change}, from ${question.policy.minimum} to ${question.policy.maximum ?? "no maximum"}`,
    ...(cooldownUntil === null ? [] : [`cooldown until ${shortTime(cooldownUntil)}`]),
    "",
    table(
      terminal,
      ["metric", "out", "in", "newest", "age", "there", "after a step in"],
      metrics.map((each) => metricRow(each)),
    ),
    "",
    ...question.series.flatMap((series) => pointLines(series, question.policy.rules)),
  ];
  return `${lines.join("\n")}\n`;
}

function metricRow({ metric, out, in: low, newest, coverage, projected }: Judged): string[] {
  const age = newest === null ? "" : `${newest.ageSeconds} s`;
  const after = projected === null ? "" : shown(projected);
  const value = newest === null ? "none" : shown(newest.value);
  return [metric, out, low, value, age, `${Math.round(coverage * 100)} %`, after];
}

function pointLines({ metric, points, end, failure }: Series, rules: readonly Rule[]): string[] {
  const rule = rules.find((each) => each.metric === metric);
  const limits = [rule?.out && `out above ${rule.out.above}`, rule?.in && `in below ${rule.in.below}`].filter(Boolean);
  const said = points.map(({ value, revision }) =>
    value === null ? "–" : `${shown(value)}${revision > 0 ? `(r${revision})` : ""}`,
  );
  const from = points[0]?.at ?? end;
  return [
    `${metric} from ${shortTime(from)} until ${shortTime(end)} (${limits.join(", ")}):`,
    `  ${failure === null ? said.join(" ") : printable(failure)}`,
  ];
}

function shortTime(at: Instant): string {
  return iso(at).slice(0, 16).replace("T", " ");
}
