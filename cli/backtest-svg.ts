import { basename } from "node:path";
import { day, hour, type Instant, iso, minute } from "../shared/instant.ts";
import type { Backtest } from "../shared/scaling/backtest.ts";
import { printable } from "../shared/text.ts";
import type { BacktestReport } from "./backtest-report.ts";
import {
  capacityLine,
  changeMarks,
  holdBand,
  holdColours,
  type Plot,
  seriesLine,
  tag,
  thresholdLine,
} from "./svg-marks.ts";

const width = 1_200;
const left = 70;
const right = 70;
const plotWidth = width - left - right;
const panelHeight = 170;
const gap = 44;
const top = 92;

/** A picture of a back-test: each metric with its thresholds, decisions and holds, then the capacity. Its size is bounded. */
export function backtestSvg(report: BacktestReport): string {
  const { metrics, outcome, setting } = report;
  const { from, to } = timeOf(report);
  const x = (at: Instant) => left + ((at - from) / (to - from)) * plotWidth;
  const panels = metrics.map((metric, index) => {
    const shown = metric.grid.values.flatMap((value, period) => [value, outcome.playback.value(index, period)]);
    const [lowest, highest] = extremes(shown.map((value) => value ?? 0));
    const most = Math.max(highest, metric.rule.out?.above ?? 0, metric.rule.in?.below ?? 0);
    const plot = plotAt(index, x, [lowest, most]);
    return [
      frame(plot, metric.rule.metric),
      holdBand(plot, outcome.spans),
      ...seriesLines(plot, outcome, index),
      thresholdLine(plot, metric.rule.out?.above, "out"),
      thresholdLine(plot, metric.rule.in?.below, "in"),
      changeMarks(plot, outcome.decisions),
    ];
  });
  const capacities = [setting.initial, ...outcome.decisions.map(({ after }) => after)];
  const last = plotAt(metrics.length, x, [0, Math.max(...extremes(capacities), 1)]);
  const capacity = [frame(last, "capacity"), capacityLine(last, outcome.decisions, setting.initial, { from, to })];
  const height = last.bottom + 48;
  const drawn = [...panels.flat(), ...capacity, timeAxis(last.bottom, x, { from, to })];
  const { summary, names } = wordsOf(report, { from, to });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#1b1f24">`,
    tag("title", {}, names),
    tag("desc", {}, summary),
    tag("rect", { width, height, fill: "#ffffff" }),
    tag("text", { x: left, y: 28, "font-size": 17, "font-weight": 600 }, names),
    tag("text", { x: left, y: 48, fill: "#57606a" }, summary),
    legend(),
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

/** What was recorded, and in a closed loop over it what would have been with the capacity decided here. */
function seriesLines(plot: Plot, { playback }: Backtest, metric: number): string[] {
  const grid = playback.metrics[metric]?.grid;
  if (grid === undefined) return [];
  const answered = { ...grid, values: grid.values.map((_, period) => playback.value(metric, period)) };
  if (playback.isOpenLoop) return [seriesLine(plot, grid, "#24292f")];
  return [seriesLine(plot, grid, "#afb8c1"), seriesLine(plot, answered, "#24292f")];
}

interface Time {
  from: Instant;
  to: Instant;
}

function timeOf({ metrics }: BacktestReport): Time {
  const from = Math.min(...metrics.map(({ grid }) => grid.from));
  const ends = metrics.map(({ grid }) => grid.from + grid.values.length * grid.stepMinutes * minute);
  return { from, to: Math.max(from + minute, ...ends) };
}

/** The least and the most, of however many. */
function extremes(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

/** Zero is always part of a panel. */
function plotAt(index: number, x: Plot["x"], [least, highest]: [number, number]): Plot {
  const upper = top + index * (panelHeight + gap);
  const bottom = upper + panelHeight;
  const lowest = Math.min(0, least) * 1.08;
  const height = (highest > 0 ? highest * 1.08 : 0) - lowest || 1;
  return {
    left,
    right: left + plotWidth,
    top: upper,
    bottom,
    lowest,
    highest,
    x,
    y: (value) => bottom - ((value - lowest) / height) * panelHeight,
  };
}

function wordsOf(report: BacktestReport, { from, to }: Time): { names: string; summary: string } {
  const { metrics, nightshift, outcome } = report;
  const names = `Back-test of ${metrics.map(({ rule, source }) => `${rule.metric} (${basename(source)})`).join(", ")}`;
  const loop = outcome.playback.isOpenLoop ? "open loop" : "closed loop (as recorded in grey)";
  const did = `${nightshift.out} out, ${nightshift.in} in, ${nightshift.reversals} reversals within an hour`;
  return {
    names: printable(names, 120),
    summary: `${iso(from).slice(0, 16)}Z to ${iso(to).slice(0, 16)}Z, ${loop}: ${did}, ${nightshift.wrongIn} wrong scale-ins`,
  };
}

function frame(plot: Plot, name: string): string {
  const below = plot.lowest < 0 ? [-niceTick(-plot.lowest)] : [];
  const ticks = [...below, 0, ...(plot.highest > 0 || below.length === 0 ? [niceTick(plot.highest)] : [])];
  const marks = ticks.flatMap((value) => [
    tag("line", { x1: plot.left, x2: plot.right, y1: plot.y(value), y2: plot.y(value), stroke: "#d0d7de" }),
    tag("text", { x: plot.left - 8, y: plot.y(value) + 4, "text-anchor": "end", fill: "#57606a" }, String(value)),
  ]);
  return [tag("text", { x: plot.left, y: plot.top - 6, "font-weight": 600 }, printable(name, 60)), ...marks].join("\n");
}

/** The largest round number that is not above. */
function niceTick(highest: number): number {
  if (highest <= 0) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(highest));
  const lead = [5, 2, 1].find((each) => each * magnitude <= highest) ?? 1;
  return Number((lead * magnitude).toPrecision(6));
}

const tickSteps = [hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day, 30 * day, 90 * day, 365 * day];

function timeAxis(bottom: number, x: Plot["x"], { from, to }: Time): string {
  const step = tickSteps.find((each) => (to - from) / each <= 10) ?? (to - from) / 10;
  const count = Math.min(12, Math.floor((to - Math.ceil(from / step) * step) / step) + 1);
  const ticks = Array.from({ length: Math.max(0, count) }, (_, index) => Math.ceil(from / step) * step + index * step);
  const marks = ticks.map((at) => {
    const text = step < day ? iso(at).slice(5, 16).replace("T", " ") : iso(at).slice(0, 10);
    return tag("text", { x: x(at), y: bottom + 20, "text-anchor": "middle", fill: "#57606a" }, text);
  });
  return [...marks, tag("text", { x: left, y: bottom + 38, fill: "#57606a" }, "UTC")].join("\n");
}

function legend(): string {
  const entries = [
    { colour: "#bc4c00", text: "▲ out" },
    { colour: "#0969da", text: "▼ in" },
    { colour: holdColours.cooldown, text: "▬ cooldown" },
    { colour: holdColours.minimum, text: "▬ at a bound" },
    { colour: holdColours.unknown, text: "▬ missing or unknown" },
    { colour: holdColours.projection, text: "▬ projection" },
    { colour: holdColours.freeze, text: "▬ frozen" },
    { colour: holdColours["not-sustained"], text: "▬ not sustained" },
  ];
  let x = left;
  return entries
    .map(({ colour, text }) => {
      const entry = tag("text", { x, y: 68, fill: colour }, text);
      x += text.length * 7 + 24;
      return entry;
    })
    .join("\n");
}
