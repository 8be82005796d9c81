import type { Configuration } from "../configuration/schema.ts";
import { type Instant, minute } from "../instant.ts";
import type { Severity } from "../severity.ts";
import { printable } from "../text.ts";
import { endOfNextBusinessDay, nextDigest } from "./calendar.ts";
import type { Clock, Incident, Page, PageReason } from "./types.ts";

/** What the clocks and pages of policy are computed from. */
export type Policy = Configuration;

export interface Level {
  level: number;
  audience: string;
}

/** Every level of a team, the first paged first. A team that is gone from the configuration is answered for by the default team. */
export function levelsOf(team: string, policy: Policy): Level[] {
  const known = Object.hasOwn(policy.teams, team) ? team : policy.defaultTeam;
  return (policy.teams[known]?.levels ?? []).map(({ audience }, index) => ({
    level: index + 1,
    audience: audience ?? `${known}-${index + 1}`,
  }));
}

/** The clocks that start at `now`, when levels `from` to `level` were paged. */
export function startClock(severity: Severity, from: number, level: number, now: Instant, policy: Policy): Clock {
  const { acknowledge, escalate } = policy.severities[severity];
  return {
    from,
    level,
    acknowledgeAt:
      acknowledge === "next-business-day"
        ? endOfNextBusinessDay(now, policy.calendar)
        : now + acknowledge.minutes * minute,
    escalateAt: escalate === "never" ? null : now + escalate.minutes * minute,
  };
}

/** How many levels hear of an incident of this severity from the start. */
export function initialLevel(team: string, severity: Severity, policy: Policy): number {
  return Math.max(1, Math.min(policy.severities[severity].initialLevels, levelsOf(team, policy).length));
}

/** How a page goes: at once, or gathered with others until `dueAt`. What P3 has to say waits for the digest, all of it. */
function timing(severity: Severity, reason: PageReason, now: Instant, policy: Policy): Pick<Page, "gather" | "dueAt"> {
  const { firstPage } = policy.severities[severity];
  if (firstPage === "digest") return { gather: "digest", dueAt: nextDigest(now, policy.calendar) };
  const isFirst = reason === "opened" || reason === "raised";
  if (firstPage === "at-once" || !isFirst) return { gather: null, dueAt: now };
  // The sweep comes on whole minutes: the last one that is not too late.
  const latest = Math.floor((now + firstPage.gatherMinutes * minute) / minute) * minute;
  return { gather: "batch", dueAt: Math.max(now, latest) };
}

/** A page, and the incident's count of its kind. */
export function pageFor(
  incident: Incident,
  reason: PageReason,
  { level, audience }: Level,
  now: Instant,
  policy: Policy,
): { page: Page; ordinals: Record<string, number> } {
  const { id, episode, severity } = incident;
  const kind = `${episode}|${severity}|${level}|${audience}|${reason}`;
  const ordinal = (incident.ordinals[kind] ?? 0) + 1;
  const page: Page = {
    incident: id,
    episode,
    severity,
    level,
    audience,
    reason,
    ordinal,
    ...timing(severity, reason, now, policy),
    createdAt: now,
    despiteAcknowledgement: false,
    title: titleOf(incident),
    text: [summaryOf(incident), ...runbookOf(incident, policy)].join("\n"),
  };
  return { page, ordinals: { ...incident.ordinals, [kind]: ordinal } };
}

/** The identity of a page as one text. */
export function pageIdentity({ incident, episode, severity, level, audience, reason, ordinal }: Page): string {
  return [incident, episode, severity, level, audience, reason, ordinal].join("|");
}

/** What it is about, for a subject line. */
function titleOf(incident: Incident): string {
  const members = Object.values(incident.members);
  const [first] = members.filter(({ red }) => red).concat(members);
  const name = printable(incident.service ?? first?.name ?? incident.key, maximumName);
  const others = members.filter(({ red }) => red).length - 1;
  return others > 0 && incident.service === null ? `${name} and ${others} more` : name;
}

function summaryOf(incident: Incident): string {
  const members = Object.values(incident.members).sort((left, right) => (left.arn < right.arn ? -1 : 1));
  const shown = members.slice(0, maximumShown).map(({ name, state, severity }) => {
    return `${printable(name, maximumName)}: ${state} (${severity})`;
  });
  const rest = members.length > maximumShown ? [`and ${members.length - maximumShown} more`] : [];
  return [...shown, ...rest].join("\n");
}

/** Where it is written what to do, for a service that has it. */
function runbookOf({ service }: Incident, { services }: Policy): string[] {
  const known = service !== null && Object.hasOwn(services, service) ? services[service]?.runbook : undefined;
  return known === undefined ? [] : [`runbook: ${printable(known)}`];
}

const maximumShown = 20;
const maximumName = 300;
