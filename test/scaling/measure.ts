import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { readSeries } from "../../cli/series.ts";
import { iso } from "../../shared/instant.ts";
import { backtest } from "../../shared/scaling/backtest.ts";
import { alarmPairs, latestPoint } from "../../shared/scaling/comparisons.ts";
import type { Grid } from "../../shared/scaling/grid.ts";
import { type Measures, measuresOf, reversalsOf } from "../../shared/scaling/measures.ts";
import { createChance } from "../../simulation/chance.ts";
import { burstyIdle, outages, withOutages } from "./generators.ts";
import { gridOf, recorded, recordingOf, settingOf } from "./recordings.ts";

// Writes the tables of docs/scaling.md, "What it does on real series": node test/scaling/measure.ts FOLDER. Nobody's recordings are in
// the repository; the tests use series from a seed.

interface Row {
  nightshift: Measures;
  alarms: Measures;
  latestPoint: Measures;
  reversals: string[];
}

function measured(metric: string, grid: Grid, truth: Grid["values"]): Row {
  const recording = recordingOf([recorded(metric, grid, truth)]);
  const setting = settingOf(recording);
  const outcome = backtest(recording, setting);
  return {
    nightshift: measuresOf(outcome.playback, true),
    alarms: measuresOf(alarmPairs(recording, setting), false),
    latestPoint: measuresOf(latestPoint(recording, setting), false),
    reversals: reversalsOf(outcome.decisions).map(({ at, direction }) => `${iso(at).slice(0, 16)}Z ${direction}`),
  };
}

function line(name: string, points: string, { nightshift, alarms, latestPoint: latest }: Row): string {
  const each = ({ out, in: ins, reversals, wrongIn }: Measures) => `${out} / ${ins} / ${reversals} / ${wrongIn}`;
  return `| ${name} | ${points} | ${each(nightshift)} | ${each(alarms)} | ${each(latest)} |\n`;
}

function sum(rows: readonly Row[]): Row {
  const add = (one: Measures, other: Measures): Measures => ({
    out: one.out + other.out,
    in: one.in + other.in,
    reversals: one.reversals + other.reversals,
    wrongIn: one.wrongIn + other.wrongIn,
  });
  return rows.reduce((one, other) => ({
    nightshift: add(one.nightshift, other.nightshift),
    alarms: add(one.alarms, other.alarms),
    latestPoint: add(one.latestPoint, other.latestPoint),
    reversals: [...one.reversals, ...other.reversals],
  }));
}

const [folder = "."] = process.argv.slice(2);
const files = readdirSync(folder).filter((name) => name.endsWith(".csv"));
const series: { name: string; metric: string; grid: Grid }[] = [];
for (const file of files.toSorted()) {
  const { grid } = await readSeries(join(folder, file));
  series.push({ name: basename(file, ".csv"), metric: file.startsWith("elb") ? "queue" : "cpu", grid });
}

const head = "| points | Nightshift | a pair of alarms | newest point |\n|---|---|---|---|---|\n";
process.stdout.write(`| series ${head}`);
for (const { name, metric, grid } of series) {
  const row = measured(metric, grid, grid.values);
  process.stdout.write(line(`\`${name}\` as ${metric}`, `${grid.points}, ${grid.gaps} missing`, row));
  for (const reversal of row.reversals) process.stderr.write(`reversal in ${name}: ${reversal}\n`);
}
process.stdout.write(`\n| outages put into all series ${head}`);
for (const each of outages) {
  const rows = series.map(({ name, metric, grid }) => {
    const chance = createChance("7").fork(`${name} ${each.minutes}`);
    const values = withOutages(grid.values, grid.stepMinutes, each, chance);
    const lost = grid.values.filter((value, index) => value !== null && values[index] === null).length;
    const row = measured(metric, { ...grid, values }, grid.values);
    for (const reversal of row.reversals)
      process.stderr.write(`reversal in ${name}, ${each.minutes} min: ${reversal}\n`);
    return { row, lost };
  });
  const lost = rows.reduce((total, row) => total + row.lost, 0);
  process.stdout.write(
    line(
      `${each.minutes} min, beginning at ${each.rate * 100} % of points`,
      `${lost} lost`,
      sum(rows.map(({ row }) => row)),
    ),
  );
}

// Bursts of which nobody has looked at a single one: the waits of the policy were chosen with the series above in sight.
const bursty = Array.from({ length: 20 }, (_, index) => {
  const values = burstyIdle({ seed: `bursts-${index + 1}`, days: 14 }).map(({ value }) => value);
  return measured("cpu", gridOf(values), values);
});
const { nightshift, alarms } = sum(bursty);
const turnedBack = ({ out, in: ins, reversals }: Measures) => `${reversals} of ${out + ins}`;
process.stdout.write(
  `\ntwenty generated series of bursts: ${turnedBack(nightshift)} changes turned back within an hour, ${turnedBack(alarms)} of the alarms'\n`,
);
