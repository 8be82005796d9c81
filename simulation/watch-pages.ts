import { outboxQueue } from "../shared/incident/rows.ts";
import type { Incident } from "../shared/incident/types.ts";
import { hour, type Instant, iso, minute } from "../shared/instant.ts";
import { severities } from "../shared/severity.ts";
import type { Notification } from "./collected.ts";
import { ledgerTable } from "./table.ts";
import type { Transport } from "./transport.ts";
import { type FollowedLedger, lasting, type Promised, type Watch } from "./watching.ts";
import type { World } from "./world.ts";

/** What went out, and when. */
export function watchPages(world: World, { incidents }: FollowedLedger, { missed }: Transport): Watch {
  const pages = new Map<string, Notification>();
  const [again, acknowledged]: [string[], string[]] = [[], []];
  const seen = { absorbed: 0 };
  const first = watchFirstPages(world, missed);
  world.collected.listeners.push((notification) => {
    const { page, channel, incident: id, reason, episode, at } = notification;
    const name = `${page}|${channel}`;
    const before = pages.get(name);
    pages.set(name, notification);
    if (before !== undefined) seen.absorbed += 1;
    // Only a sender that died, or could not write that it had sent, may be followed by another.
    if (before?.sentBy.failed === false) again.push(`${name} was sent at ${iso(before.at)} and again at ${iso(at)}`);
    for (const each of notification.incidents) first.tell(notification, incidents.get(each));
    const incident = id === null ? undefined : incidents.get(id);
    if (incident === undefined) return;
    const isOld =
      incident.acknowledgedAt === null || incident.episode !== episode || isOwnRaise(notification, incident);
    if (pageReasons.has(reason) && !isOld)
      acknowledged.push(`${id} was acknowledged, and paged (${reason}) at ${iso(at)}`);
  });
  return {
    finish: () => [
      {
        name: "each page once",
        figure: `${pages.size} pages, ${seen.absorbed} sent again with the same id`,
        broken: [...again, ...unsentIn(world)],
      },
      { name: "no page after an acknowledgement", figure: String(acknowledged.length), broken: acknowledged },
      ...first.finish(),
    ],
  };
}

const pageReasons: ReadonlySet<string> = new Set(["opened", "raised", "reminded", "escalated"]);

/** A person's own raise is told to whom it adds, although they have acknowledged. */
function isOwnRaise({ reason }: Notification, { raisedAt, acknowledgedAt }: Incident): boolean {
  return reason === "raised" && raisedAt !== null && acknowledgedAt !== null && raisedAt >= acknowledgedAt;
}

/** How long after it was owed somebody heard of an incident for the first time, be it in a batch or in a summary. */
function watchFirstPages({ configuration, faults }: World, missed: readonly Instant[]) {
  const told = new Set<string>();
  const worst = { P0: 0, P1: 0, P2: 0 };
  const late: Record<keyof typeof worst, string[]> = { P0: [], P1: [], P2: [] };
  const slack = faults.isCalm ? 0 : sending;
  return {
    tell({ reason, at, episode }: Notification, incident: Incident | undefined): void {
      if (incident === undefined || told.has(incident.id) || (episode ?? incident.episode) !== 1) return;
      const { id, severity } = incident;
      if (severity === "P3" || !firstReasons.has(reason)) return;
      told.add(id);
      const took = at - firstDue(incident);
      const without = missed.filter((when) => when <= at && when >= at - took).length;
      const within = (configuration.severities[severity].firstPageWithinMinutes ?? 0) + without;
      worst[severity] = Math.max(worst[severity], took);
      if (took > within * minute + slack) late[severity].push(`${id} was first told of after ${lasting(took)}`);
    },
    finish: (): Promised[] =>
      (["P0", "P1", "P2"] as const).map((severity) => {
        const worstMs = worst[severity];
        return { name: `worst ${severity} page latency`, figure: lasting(worstMs), worstMs, broken: late[severity] };
      }),
  };
}

const firstReasons: ReadonlySet<string> = new Set(["opened", "batch", "summary"]);
/** So long a page may take when channels refuse and senders die: a lease or two, and the pauses between the attempts. */
const sending = 15 * minute;

/** When the first page was owed: at once, or when a mute ended. */
function firstDue({ firstPageAt, recordedAt }: Incident): Instant {
  return Math.max(recordedAt, firstPageAt ?? 0);
}

/** Pages that are due and still lie in the outbox, and those that were given up. */
function unsentIn({ dynamodb, clock }: World): string[] {
  const waiting = severities.flatMap((severity) => {
    const first = dynamodb.firstInIndex(ledgerTable, "queue", outboxQueue(severity));
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
