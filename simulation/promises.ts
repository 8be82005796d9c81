import { isDeepStrictEqual } from "node:util";
import { isOpen } from "../shared/incident/draft.ts";
import { fold } from "../shared/incident/evolve.ts";
import { parse } from "../shared/incident/rows.ts";
import type { Clock, Entry, Incident } from "../shared/incident/types.ts";
import { hour, type Instant, iso, minute, second } from "../shared/instant.ts";
import { severities } from "../shared/severity.ts";
import type { ChangeRecord } from "./aws/dynamodb-database.ts";
import type { Notification } from "./collected.ts";
import type { Happenings } from "./happenings.ts";
import { lostIn } from "./lost.ts";
import { incidentsOf } from "./report.ts";
import { ledgerTable } from "./table.ts";
import type { Transport } from "./transport.ts";
import type { World } from "./world.ts";

/** What is promised, and how it was kept. */
export interface Promised {
  name: string;
  /** For people: a count or a length of time. */
  figure: string;
  broken: string[];
}

export interface Watch {
  /** What can only be said when everything has come to rest. */
  finish(): Promised[];
}

/** The latest that an escalation may be, beside what the missed sweeps add. */
const escalationLateness = 120 * second;

/** Looks at every step of a world whether the promises hold. */
export function watchPromises(world: World, transport: Transport, happenings: Pick<Happenings, "red">): Watch {
  const incidents = new Map<string, Incident>();
  const clocks = new Map<string, Clock | null>();
  const open = new Map<string, string>();
  const broken = { twice: [], again: [], acknowledged: [], early: [], late: [] } as Record<string, string[]>;
  const worst = { escalation: 0, page: 0 };
  const pages = new Map<string, Notification>();
  const told = new Set<string>();
  let absorbed = 0;
  let escalations = 0;

  world.dynamodb.onChange((record) => {
    const pk = record.keys.pk?.S ?? "";
    if (!pk.startsWith("incident#") || record.newImage === undefined) return;
    if (record.keys.sk?.S === "incident") see(record);
    else if (record.keys.sk?.S?.startsWith("entry#") && record.eventName === "INSERT") seeEntry(record);
  });
  world.collected.listeners.push(hear);

  function see({ newImage }: ChangeRecord): void {
    const incident = parse<Incident>(newImage ?? {});
    const before = incidents.get(incident.id);
    clocks.set(incident.id, before?.clock ?? null);
    incidents.set(incident.id, incident);
    if (before !== undefined && open.get(before.key) === incident.id) open.delete(before.key);
    if (!isOpen(incident)) return;
    const other = open.get(incident.key);
    const otherNow = other === undefined ? undefined : incidents.get(other);
    // Of two that are merged in one transaction the younger is written last.
    if (otherNow !== undefined && isOpen(otherNow) && otherNow.key === incident.key) {
      broken.twice?.push(`${incident.id} and ${other} are open under ${incident.key}`);
    }
    open.set(incident.key, incident.id);
  }

  function seeEntry({ newImage, keys }: ChangeRecord): void {
    const entry = parse<Entry>(newImage ?? {});
    if (entry.type !== "escalated") return;
    const id = keys.pk?.S?.slice("incident#".length) ?? "";
    const due = clocks.get(id)?.escalateAt ?? null;
    escalations += 1;
    if (due === null || entry.at < due) {
      broken.early?.push(`${id} escalated at ${iso(entry.at)}, due ${due === null ? "never" : iso(due)}`);
      return;
    }
    const missed = transport.missed.filter((at) => at >= due - minute && at <= entry.at).length;
    const late = entry.at - due;
    worst.escalation = Math.max(worst.escalation, late);
    if (late > escalationLateness + missed * minute) {
      broken.late?.push(`${id} escalated ${late / second} s late, with ${missed} sweeps missed`);
    }
  }

  function hear(notification: Notification): void {
    const { page, channel, incident: id, reason, episode } = notification;
    const name = `${page}|${channel}`;
    const before = pages.get(name);
    pages.set(name, notification);
    if (before !== undefined) absorbed += 1;
    // Only a sender that died, or could not write that it had sent, may be followed by another.
    if (before?.sentBy.failed === false)
      broken.again?.push(`${name} was sent at ${iso(before.at)} and again at ${iso(notification.at)}`);
    const incident = id === null ? undefined : incidents.get(id);
    if (incident === undefined) return;
    const counts = reason === "opened" || reason === "raised" || reason === "reminded" || reason === "escalated";
    if (
      counts &&
      incident.acknowledgedAt !== null &&
      incident.episode === episode &&
      !isOwnRaise(notification, incident)
    ) {
      broken.acknowledged?.push(`${id} was acknowledged, and paged (${reason}) at ${iso(notification.at)}`);
    }
    if (reason === "opened" && episode === 1 && !told.has(incident.id) && incident.severity === "P0") {
      told.add(incident.id);
      worst.page = Math.max(worst.page, notification.at - firstDue(incident));
    }
  }

  return {
    finish() {
      const lost = lostIn(world, transport, happenings.red);
      const untold = unsentIn(world);
      const { duplicates } = world.collected.deliveries;
      return [
        { name: "no delivery lost", figure: `${lost.length} lost of ${transport.sent}`, broken: lost },
        {
          name: "lost events healed by the sweep",
          figure: `${world.collected.complaints.get("lost event") ?? 0}`,
          broken: [],
        },
        { name: "duplicates absorbed", figure: `${duplicates}`, broken: [] },
        { name: "one open incident per key", figure: `${incidents.size} incidents`, broken: broken.twice ?? [] },
        {
          name: "each page once",
          figure: `${pages.size} pages, ${absorbed} sent again with the same id`,
          broken: [...(broken.again ?? []), ...untold],
        },
        {
          name: "no page after an acknowledgement",
          figure: `${broken.acknowledged?.length ?? 0}`,
          broken: broken.acknowledged ?? [],
        },
        { name: "worst P0 page latency", figure: lasting(worst.page), broken: [] },
        { name: "no escalation early", figure: `${escalations} escalations`, broken: broken.early ?? [] },
        {
          name: "worst escalation lateness",
          figure: `${lasting(worst.escalation)}, ${transport.missed.length} sweeps missed`,
          broken: broken.late ?? [],
        },
        {
          name: "every timeline rebuilds its incident",
          figure: `${incidents.size} rebuilt`,
          broken: unfoldable(world),
        },
      ];
    },
  };
}

/** A person's own raise is told to whom it adds, although they have acknowledged. */
function isOwnRaise({ reason }: Notification, { raisedAt, acknowledgedAt }: Incident): boolean {
  return reason === "raised" && raisedAt !== null && acknowledgedAt !== null && raisedAt >= acknowledgedAt;
}

/** When the first page was owed: at once, or when a mute ended. */
function firstDue({ firstPageAt, recordedAt }: Incident): Instant {
  return Math.max(recordedAt, firstPageAt ?? 0);
}

/** Pages that are due and still lie in the outbox. */
function unsentIn({ dynamodb, clock }: World): string[] {
  return severities.flatMap((severity) => {
    const first = dynamodb.firstInIndex(ledgerTable, "queue", `outbox#${severity}`);
    const due = first?.order?.S;
    return due !== undefined && Date.parse(due) < clock.now() - hour / 2
      ? [`a ${severity} page is due since ${due}`]
      : [];
  });
}

function unfoldable(world: World): string[] {
  return incidentsOf(world).flatMap(({ incident, timeline }) => {
    const rebuilt = fold(timeline);
    return isDeepStrictEqual(rebuilt, incident) ? [] : [`the timeline of ${incident.id} does not give the incident`];
  });
}

function lasting(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}
