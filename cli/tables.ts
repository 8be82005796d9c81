import Table from "cli-table3";
import { type Instant, iso } from "../shared/instant.ts";
import { printable } from "../shared/text.ts";
import type { Notification } from "../simulation/collected.ts";
import type { IncidentReport } from "../simulation/report.ts";
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
  drawn.push(...rows.slice(0, maximumRows));
  const lines = drawn
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
  const rest = rows.length > maximumRows ? [`… and ${rows.length - maximumRows} more`] : [];
  return [...lines, ...rest].join("\n");
}

export function incidentTable(terminal: Terminal, reports: readonly IncidentReport[]): string {
  if (reports.length === 0) return "no incidents\n";
  const rows = reports.map(({ incident, timeline }) => {
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
      acknowledgedBy ?? "",
      story(timeline.map(({ type }) => type)),
    ];
  });
  return `${table(terminal, ["opened", "sev", "about", "alarms", "status", "lasted", "acknowledged by", "what happened"], rows)}\n`;
}

export function notificationTable(terminal: Terminal, notifications: readonly Notification[]): string {
  if (notifications.length === 0) return "nobody was told anything\n";
  const rows = notifications.map(({ at, severity, reason, audience, channel, incidents }) => [
    shownTime(at),
    coloured(terminal, terminal.output, severityFormat(severity), severity),
    reason,
    audience,
    channel,
    incidents.length === 1 ? (incidents[0] ?? "") : `${incidents.length} incidents`,
  ]);
  return `${table(terminal, ["told at", "sev", "reason", "audience", "channel", "incident"], rows)}\n`;
}

export function shownTime(at: Instant): string {
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

const told = [
  "muted",
  "unmuted",
  "raised",
  "escalated",
  "reminded",
  "episode",
  "reopened",
  "flapping",
  "stale",
  "blind",
  "merged",
  "channel-failed",
];

/** What is worth a word beyond opened, paged and resolved. */
function story(types: readonly string[]): string {
  const parts = told.flatMap((type) => {
    const times = types.filter((each) => each === type).length;
    return times === 0 ? [] : [times === 1 ? type : `${type} ×${times}`];
  });
  return parts.slice(0, 4).join(", ");
}

function severityFormat(severity: string): Format {
  return severity === "P0" ? "red" : severity === "P1" ? "yellow" : severity === "P2" ? "cyan" : "dim";
}
