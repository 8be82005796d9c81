import { isDeepStrictEqual } from "node:util";
import { isOpen } from "../shared/incident/draft.ts";
import { fold } from "../shared/incident/evolve.ts";
import { parse } from "../shared/incident/rows.ts";
import type { Entry, Incident } from "../shared/incident/types.ts";
import { hour, type Instant, iso, minute, second } from "../shared/instant.ts";
import { severities } from "../shared/severity.ts";
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
  /** The figure of a latency, in milliseconds. */
  worstMs?: number;
  broken: string[];
}

export interface Watch {
  /** What can only be said when everything has come to rest. */
  finish(): Promised[];
}

/** The latest that an escalation or a reminder may be, beside what the missed sweeps add. */
const timerLateness = 120 * second;

/** Looks at every step of a world whether the promises hold. */
export function watchPromises(world: World, transport: Transport, happenings: Pick<Happenings, "red">): Watch {
  const ledger = followLedger(world);
  const keys = watchKeys(ledger);
  const clocks = [
    watchTimers(ledger, transport, ["escalation", "escalated"], ({ clock }) => [clock?.escalateAt]),
    // The last level is reminded where there is nobody left to escalate to.
    watchTimers(ledger, transport, ["reminder", "reminded"], ({ clock }) => [clock?.acknowledgeAt, clock?.escalateAt]),
  ];
  const pages = watchPages(world, ledger);
  return {
    finish: () => {
      const lost = lostIn(world, transport, happenings.red);
      const { collected } = world;
      const count = (name: string, figure: number): Promised => ({ name, figure: String(figure), broken: [] });
      return [
        { name: "no delivery lost", figure: `${lost.length} lost of ${transport.sent}`, broken: lost },
        count("lost events healed by the sweep", collected.complaints.get("lost event") ?? 0),
        count("blind alarms found by the audit", collected.complaints.get("blind alarm") ?? 0),
        count("duplicates absorbed", collected.deliveries.duplicates),
        ...keys.finish(),
        ...pages.finish(),
        ...clocks.flatMap((clock) => clock.finish()),
        {
          name: "every timeline rebuilds its incident",
          figure: `${ledger.incidents.size} rebuilt`,
          broken: unfoldable(world),
        },
      ];
    },
  };
}

interface FollowedLedger {
  /** Every incident as it stands, by its id. */
  incidents: Map<string, Incident>;
  /** Told of each incident that is written, with what it was before. */
  onIncident: ((incident: Incident, before: Incident | undefined) => void)[];
  /** Told of each new entry, with the incident as it was before the transaction that wrote it. */
  onEntry: ((entry: Entry, id: string, before: Incident | undefined) => void)[];
}

function followLedger({ dynamodb }: World): FollowedLedger {
  const followed: FollowedLedger = { incidents: new Map(), onIncident: [], onEntry: [] };
  const earlier = new Map<string, Incident | undefined>();
  dynamodb.onChange(({ keys, newImage, eventName }) => {
    const id = /^incident#(.*)$/s.exec(keys.pk?.S ?? "")?.[1];
    if (id === undefined || newImage === undefined) return;
    if (keys.sk?.S === "incident") {
      const incident = parse<Incident>(newImage);
      const before = followed.incidents.get(id);
      earlier.set(id, before);
      followed.incidents.set(id, incident);
      for (const listener of followed.onIncident) listener(incident, before);
    } else if (keys.sk?.S?.startsWith("entry#") && eventName === "INSERT") {
      for (const listener of followed.onEntry) listener(parse<Entry>(newImage), id, earlier.get(id));
    }
  });
  return followed;
}

function watchKeys({ incidents, onIncident }: FollowedLedger): Watch {
  const open = new Map<string, string>();
  const broken: string[] = [];
  onIncident.push((incident, before) => {
    const { id, key } = incident;
    if (before !== undefined && open.get(before.key) === id) open.delete(before.key);
    if (!isOpen(incident)) return;
    const other = open.get(key);
    const otherNow = other === undefined ? undefined : incidents.get(other);
    if (otherNow !== undefined && isOpen(otherNow) && otherNow.key === key) {
      broken.push(`${id} and ${other} are open under ${key}`);
    }
    open.set(key, id);
  });
  return { finish: () => [{ name: "one open incident per key", figure: `${incidents.size} incidents`, broken }] };
}

/** Steps of the clocks: what is due when, and when it was done. */
function watchTimers(
  { onEntry }: FollowedLedger,
  { missed }: Transport,
  [word, type]: [string, Entry["type"]],
  dueOf: (incident: Incident) => (Instant | null | undefined)[],
): Watch {
  const [early, late]: [string[], string[]] = [[], []];
  const seen = { count: 0, worst: 0 };
  onEntry.push((entry, id, before) => {
    if (entry.type !== type) return;
    const { at } = entry;
    seen.count += 1;
    const dues = before === undefined ? [] : dueOf(before).filter((due) => due != null);
    const due = dues.length === 0 ? null : Math.min(...dues);
    if (due === null || at < due) {
      early.push(`${id} ${type} at ${iso(at)}, due ${due === null ? "never" : iso(due)}`);
      return;
    }
    const without = missed.filter((when) => when >= due - minute && when <= at).length;
    seen.worst = Math.max(seen.worst, at - due);
    if (at - due > timerLateness + without * minute) {
      late.push(`${id} ${type} ${(at - due) / second} s late, with ${without} sweeps missed`);
    }
  });
  return {
    finish: () => [
      { name: `no ${word} early`, figure: `${seen.count} ${word}s`, broken: early },
      {
        name: `worst ${word} lateness`,
        figure: `${lasting(seen.worst)}, ${missed.length} sweeps missed`,
        worstMs: seen.worst,
        broken: late,
      },
    ],
  };
}

function watchPages(world: World, { incidents }: FollowedLedger): Watch {
  const pages = new Map<string, Notification>();
  const told = new Set<string>();
  const [again, acknowledged]: [string[], string[]] = [[], []];
  const seen = { absorbed: 0, worst: { P0: 0, P1: 0 } };
  world.collected.listeners.push((notification) => {
    const { page, channel, incident: id, reason, episode, at } = notification;
    const name = `${page}|${channel}`;
    const before = pages.get(name);
    pages.set(name, notification);
    if (before !== undefined) seen.absorbed += 1;
    // Only a sender that died, or could not write that it had sent, may be followed by another.
    if (before?.sentBy.failed === false) again.push(`${name} was sent at ${iso(before.at)} and again at ${iso(at)}`);
    const incident = id === null ? undefined : incidents.get(id);
    if (incident === undefined) return;
    const isOld =
      incident.acknowledgedAt === null || incident.episode !== episode || isOwnRaise(notification, incident);
    if (pageReasons.has(reason) && !isOld)
      acknowledged.push(`${id} was acknowledged, and paged (${reason}) at ${iso(at)}`);
    const { severity } = incident;
    if (reason === "opened" && episode === 1 && !told.has(incident.id) && (severity === "P0" || severity === "P1")) {
      told.add(incident.id);
      seen.worst[severity] = Math.max(seen.worst[severity], at - firstDue(incident));
    }
  });
  return {
    finish: () => [
      {
        name: "each page once",
        figure: `${pages.size} pages, ${seen.absorbed} sent again with the same id`,
        broken: [...again, ...unsentIn(world)],
      },
      { name: "no page after an acknowledgement", figure: String(acknowledged.length), broken: acknowledged },
      ...(["P0", "P1"] as const).map((severity) => {
        const worstMs = seen.worst[severity];
        return { name: `worst ${severity} page latency`, figure: lasting(worstMs), worstMs, broken: [] };
      }),
    ],
  };
}

const pageReasons: ReadonlySet<string> = new Set(["opened", "raised", "reminded", "escalated"]);

/** A person's own raise is told to whom it adds, although they have acknowledged. */
function isOwnRaise({ reason }: Notification, { raisedAt, acknowledgedAt }: Incident): boolean {
  return reason === "raised" && raisedAt !== null && acknowledgedAt !== null && raisedAt >= acknowledgedAt;
}

/** When the first page was owed: at once, or when a mute ended. */
function firstDue({ firstPageAt, recordedAt }: Incident): Instant {
  return Math.max(recordedAt, firstPageAt ?? 0);
}

/** Pages that are due and still lie in the outbox, and those that were given up. */
function unsentIn({ dynamodb, clock }: World): string[] {
  const waiting = severities.flatMap((severity) => {
    const first = dynamodb.firstInIndex(ledgerTable, "queue", `outbox#${severity}`);
    const due = first?.order?.S;
    const waits = due !== undefined && Date.parse(due) < clock.now() - hour / 2;
    return waits ? [`a ${severity} page is due since ${due}`] : [];
  });
  const givenUp: string[] = [];
  for (const { undelivered, pk, sk } of dynamodb.items(ledgerTable)) {
    if (undelivered?.BOOL) givenUp.push(`${pk?.S} ${sk?.S} was given up`);
  }
  return [...waiting, ...givenUp];
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
