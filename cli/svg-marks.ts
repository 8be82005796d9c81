import { type Instant, minute } from "../shared/instant.ts";
import type { BacktestDecision, Span } from "../shared/scaling/backtest.ts";
import type { Grid } from "../shared/scaling/grid.ts";
import { printable } from "../shared/text.ts";

// The marks of a picture. Each is bounded by the pixels that it has, however many points there are.

export interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
  lowest: number;
  highest: number;
  x(at: Instant): number;
  y(value: number): number;
}

/** One element; attributes and text are escaped. */
export function tag(name: string, attributes: Readonly<Record<string, string | number>>, text?: string): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === "number" ? rounded(value) : escaped(value)}"`,
  );
  return text === undefined
    ? `<${name}${written.join("")}/>`
    : `<${name}${written.join("")}>${escaped(text)}</${name}>`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return printable(text, text.length).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

interface Column {
  x: number;
  least: number;
  most: number;
}

/** The least and the most of each pixel, with a break where nothing was measured. */
export function seriesLine(plot: Plot, { from, stepMinutes, values }: Grid, colour: string): string {
  const moves: string[] = [];
  let column: Column | null = null;
  let isBroken = true;
  const flush = (): void => {
    if (column === null) return;
    const { x, least, most } = column;
    moves.push(`${isBroken ? "M" : "L"}${x} ${rounded(plot.y(least))}`);
    if (most > least) moves.push(`L${x} ${rounded(plot.y(most))}`);
    isBroken = false;
    column = null;
  };
  for (const [index, value] of values.entries()) {
    if (value === null) {
      flush();
      isBroken = true;
      continue;
    }
    const x = Math.round(plot.x(from + (index + 0.5) * stepMinutes * minute));
    if (column !== null && column.x !== x) flush();
    const before: Column = column ?? { x, least: value, most: value };
    column = { x, least: Math.min(before.least, value), most: Math.max(before.most, value) };
  }
  flush();
  return tag("path", { d: moves.join(""), fill: "none", stroke: colour, "stroke-width": 1 });
}

export function thresholdLine(plot: Plot, value: number | undefined, direction: "out" | "in"): string {
  if (value === undefined) return "";
  const colour = colours[direction];
  const y = plot.y(value);
  const sign = direction === "out" ? ">" : "<";
  return [
    tag("line", { x1: plot.left, x2: plot.right, y1: y, y2: y, stroke: colour, "stroke-dasharray": "5 4" }),
    tag("text", { x: plot.right + 6, y: y + 4, fill: colour }, `${direction} ${sign} ${value}`),
  ].join("\n");
}

const colours = { out: "#bc4c00", in: "#0969da" };

/** A triangle for each pixel in which something was decided, with the number of decisions where there were several. */
export function changeMarks(plot: Plot, decisions: readonly BacktestDecision[]): string {
  const columns = new Map<string, { x: number; decision: BacktestDecision; count: number }>();
  for (const decision of decisions) {
    const x = Math.round(plot.x(decision.at));
    const key = `${decision.direction} ${x}`;
    columns.set(key, { x, decision, count: (columns.get(key)?.count ?? 0) + 1 });
  }
  const marks = [...columns.values()].map(({ x, decision, count }) => {
    const isOut = decision.direction === "out";
    const points = isOut
      ? `${x},${plot.top} ${x - 4},${plot.top + 8} ${x + 4},${plot.top + 8}`
      : `${x},${plot.bottom - 2} ${x - 4},${plot.bottom - 10} ${x + 4},${plot.bottom - 10}`;
    const said = `${decision.direction} ${decision.before} → ${decision.after}: ${decision.rule}`;
    const title = tag("title", {}, count === 1 ? said : `${count} times ${decision.direction}, the last: ${said}`);
    return `<polygon points="${points}" fill="${colours[decision.direction]}">${title}</polygon>`;
  });
  return marks.join("\n");
}

export const holdColours: Record<Span["reason"], string> = {
  cooldown: "#8250df",
  minimum: "#6e7781",
  maximum: "#6e7781",
  projection: "#1a7f37",
  "missing-data": "#bf8700",
  unknown: "#bf8700",
  deployment: "#cf222e",
  freeze: "#cf222e",
  "foreign-autoscaler": "#cf222e",
  "not-sustained": "#57ab9a",
};

/** Beyond a threshold for a moment is what a series often is: it is drawn where nothing else held. */
const faint: Span["reason"] = "not-sustained";

/** Under the series, in each pixel what held for longest. */
export function holdBand(plot: Plot, spans: readonly Span[]): string {
  const pixels = Array.from({ length: plot.right - plot.left + 1 }, () => new Map<Span["reason"], number>());
  for (const { from, to, reason } of spans) {
    const first = plot.x(from) - plot.left;
    const last = plot.x(to) - plot.left;
    for (let pixel = Math.max(0, Math.floor(first)); pixel <= Math.min(pixels.length - 1, last); pixel += 1) {
      const covered = Math.min(last, pixel + 1) - Math.max(first, pixel);
      const held = pixels[pixel];
      held?.set(reason, (held.get(reason) ?? 0) + covered);
    }
  }
  const rank = ([reason, covered]: [Span["reason"], number]) => (reason === faint ? 0 : covered);
  const longest = pixels.map((held) => [...held].sort((one, other) => rank(other) - rank(one))[0]?.[0] ?? null);
  const rects: string[] = [];
  for (let from = 0; from < longest.length; ) {
    const reason = longest[from] ?? null;
    const next = longest.findIndex((each, pixel) => pixel > from && each !== reason);
    const to = next === -1 ? longest.length : next;
    if (reason !== null) rects.push(band(plot, { from, to, reason }));
    from = to;
  }
  return rects.join("\n");
}

function band(plot: Plot, { from, to, reason }: { from: number; to: number; reason: Span["reason"] }): string {
  const written = `x="${plot.left + from}" y="${plot.bottom}" width="${to - from}" height="8" fill="${holdColours[reason]}"`;
  return `<rect ${written} fill-opacity="0.75">${tag("title", {}, `held: ${reason}`)}</rect>`;
}

/** The capacity as steps: of each pixel what it began with, its least, its most, and what it ended with. */
export function capacityLine(
  plot: Plot,
  decisions: readonly BacktestDecision[],
  initial: number,
  { from, to }: { from: Instant; to: Instant },
): string {
  const moves = [`M${rounded(plot.x(from))} ${rounded(plot.y(initial))}`];
  let column = { x: Number.NaN, least: initial, most: initial, last: initial };
  const flush = (): void => {
    if (Number.isNaN(column.x)) return;
    const { x, least, most, last } = column;
    const levels = [least, most, last].filter((level, index, all) => level !== all[index - 1]);
    moves.push(`H${x}`, ...levels.map((level) => `V${rounded(plot.y(level))}`));
  };
  for (const { at, after } of decisions) {
    const x = Math.round(plot.x(at));
    if (x !== column.x) {
      flush();
      column = { x, least: after, most: after, last: after };
    }
    column = { x, least: Math.min(column.least, after), most: Math.max(column.most, after), last: after };
  }
  flush();
  moves.push(`H${rounded(plot.x(to))}`);
  return tag("path", { d: moves.join(""), fill: "none", stroke: "#0550ae", "stroke-width": 1.5 });
}
