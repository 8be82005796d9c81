import { table } from "../cli/tables.ts";
import { coloured, type Terminal } from "../cli/terminal.ts";
import type { Goal, Measure } from "./measure.ts";

export function measureTable(terminal: Terminal, measures: readonly Measure[], leftOut: readonly string[]): string {
  const rows = measures.map(({ name, value, unit, goal, reached, what }) => [
    coloured(terminal, terminal.output, reached ? "green" : "red", reached ? "reached" : "MISSED"),
    name,
    String(value),
    unit,
    inWords(goal),
    what,
  ]);
  return `${table(terminal, ["", "measure", "value", "unit", "goal", "what was measured"], rows)}\n${leftOut.map((what) => `left out: ${what}\n`).join("")}`;
}

function inWords({ atMost, atLeast }: Goal): string {
  if (atMost === atLeast) return `exactly ${atMost}`;
  return [atLeast === undefined ? [] : `at least ${atLeast}`, atMost === undefined ? [] : `at most ${atMost}`]
    .flat()
    .join(", ");
}
