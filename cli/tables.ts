import Table from "cli-table3";
import { type Instant, iso } from "../shared/instant.ts";
import { printable } from "../shared/text.ts";
import type { Notification } from "../simulation/collected.ts";
import type { IncidentReport } from "../simulation/report.ts";
import type { Promised } from "../simulation/watching.ts";
import { coloured, type Format, type Terminal } from "./terminal.ts";

/** So many rows a person reads; the rest is counted. */
const maximumRows = 40;

const borders = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "" },
  ...{ "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  " },
};

export function table(terminal: Terminal, head: string[], rows: string[][]): string {
  const bold = head.map((word) => coloured(terminal, terminal.output, "bold", word));
  const style = { head: [], border: [], "padding-left": 0, "padding-right": 0 };
  const drawn = new Table({ head: bold, chars: borders, style, wordWrap: false });
  drawn.push(...rows);
  const lines = drawn.toString().split("\n");
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** The rows that tell most, in their old order: what is rare and grave before what is said often. */
function mostTelling<Row>(rows: readonly Row[], kindOf: (row: Row) => string, weightOf: (row: Row) => number): Row[] {
  const times = new Map<string, number>();
  const weighed = rows.map((row, place) => {
    const kind = kindOf(row);
    const before = times.get(kind) ?? 0;
    times.set(kind, before + 1);
    return { row, place, weight: weightOf(row) - before };
  });
  const kept = weighed.sort((left, right) => right.weight - left.weight || left.place - right.place);
  return kept
    .slice(0, maximumRows)
    .sort((left, right) => left.place - right.place)
    .map(({ row }) => row);
}

function rest(all: readonly unknown[]): string {
  const more = all.length - maximumRows;
  return more > 0 ? `… and ${more} more; --json lists them all\n` : "";
}

const gravity = { P0: 6, P1: 4, P2: 2, P3: 2 };

export function incidentTable(terminal: Terminal, reports: readonly IncidentReport[]): string {
  if (reports.length === 0) return "no incidents\n";
  const shown = mostTelling(
    reports,
    ({ incident, timeline }) => `${incident.key.replace(/\d+/g, "")} ${story(timeline)}`,
    ({ incident, timeline }) => gravity[incident.severity] + 2 * new Set(story(timeline).split(", ")).size,
  );
  const rows = shown.map(({ incident, timeline }) => {
    const { severity, status, openedAt, resolvedAt, members, service, acknowledgedBy } = incident;
    const names = Object.values(members).map(({ name }) => name);
    const about = service ?? names[0] ?? incident.key;
    return [
      shownTime(openedAt),
      coloured(terminal, terminal.output, severityFormat(severity), severity),
      printable(about, 34),
      String(names.length),
      status,
      resolvedAt === null ? "" : lasting(resolvedAt - openedAt),
      printable(acknowledgedBy ?? "", 34),
      story(timeline),
    ];
  });
  return `${table(terminal, ["opened", "sev", "about", "alarms", "status", "lasted", "acknowledged by", "what happened"], rows)}\n${rest(reports)}`;
}

export function notificationTable(terminal: Terminal, notifications: readonly Notification[]): string {
  if (notifications.length === 0) return "nobody was told anything\n";
  const telling = mostTelling(
    notifications,
    ({ severity, reason, audience }) => `${severity} ${reason} ${audience}`,
    ({ severity }) => gravity[severity],
  );
  const rows = telling.map(({ at, severity, reason, audience, channel, incidents }) => [
    shownTime(at),
    coloured(terminal, terminal.output, severityFormat(severity), severity),
    reason,
    audience,
    channel,
    incidents.length === 1 ? (incidents[0] ?? "") : `${incidents.length} incidents`,
  ]);
  return `${table(terminal, ["told at", "sev", "reason", "audience", "channel", "incident"], rows)}\n${rest(notifications)}`;
}

function shownTime(at: Instant): string {
  return iso(at).slice(0, 19).replace("T", " ");
}

/** A length of time as people say it: 45 s, 12 min, 3.5 h. */
export function lasting(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  const hours = Math.round(seconds / 360) / 10;
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

const worthAWord = new Set([
  ...["muted", "unmuted", "raised", "escalated", "reminded", "episode", "reopened"],
  ...["flapping", "stale", "blind", "merged", "channel-failed"],
]);

/** What is worth a word beyond opened, paged and resolved, in the order in which it happened. */
function story(timeline: IncidentReport["timeline"]): string {
  const times = new Map<string, number>();
  for (const { type } of timeline) {
    if (worthAWord.has(type)) times.set(type, (times.get(type) ?? 0) + 1);
  }
  const parts = [...times].map(([type, count]) => (count === 1 ? type : `${type} ×${count}`));
  return parts.slice(0, 5).join(", ");
}

function severityFormat(severity: string): Format {
  return severity === "P0" ? "red" : severity === "P1" ? "yellow" : severity === "P2" ? "cyan" : "dim";
}

export function promiseTable(terminal: Terminal, promises: readonly Promised[]): string {
  const rows = promises.map(({ name, figure, broken, counted }) => {
    if (counted) return ["", name, figure];
    const kept = broken.length === 0;
    const word = kept ? "kept" : `BROKEN ×${broken.length}`;
    return [coloured(terminal, terminal.output, kept ? "green" : "red", word), name, figure];
  });
  return `${table(terminal, ["", "promise", "figure"], rows)}\n`;
}
