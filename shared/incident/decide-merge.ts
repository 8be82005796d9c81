import type { Instant } from "../instant.ts";
import { isWorse, rise } from "./changes.ts";
import { decisionOf, draftOf, incidentOf, isOpen, write } from "./draft.ts";
import { evolve } from "./evolve.ts";
import { relist, remembered } from "./late.ts";
import { hasRoom } from "./membership.ts";
import type { Policy } from "./pages.ts";
import type { Change, Decision, Entry, Incident, Thread } from "./types.ts";

export interface Merging {
  /** The thread of the key that both have from now on. */
  survivor: Decision;
  /** The other key's thread, empty now. */
  emptied: Thread;
  /** The incident that is merged, where both were open. */
  younger: { incident: Incident; entry: Entry } | null;
}

/**
 * Two keys turn out to be one. Of two open incidents the older survives and keeps its acknowledgement, and pages only
 * if the younger's severity is worse; of one, it goes on under the key. Pure.
 */
export function decideMerge(into: Thread, from: Thread, now: Instant, policy: Policy): Merging {
  const [kept, other] = order(into.incident, from.incident);
  const known = { ...remembered(into), ...remembered(from), ...(isOpen(other) ? other.members : {}) };
  const members = isOpen(kept) ? kept.members : {};
  const echoes = Object.fromEntries(Object.entries(known).filter(([arn]) => !(arn in members)));
  const silence = into.silence ?? from.silence;
  const draft = draftOf({ ...into, incident: kept, echoes, silence }, now, policy);
  const emptied: Thread = { ...from, incident: null, echoes: {}, silence: null };
  if (kept === null) return { survivor: decisionOf(draft), emptied, younger: null };
  if (!isOpen(kept) || !isOpen(other)) {
    const change = { key: into.key, service: kept.service ?? other?.service ?? null };
    const isMoved = kept.key !== into.key;
    const isLonger = isOpen(kept) && Object.keys(other?.members ?? {}).length > 0;
    if (isMoved) write(draft, "noted", `is counted under ${into.key} from now on`, change);
    else if (isLonger) write(draft, "noted", `is counted together with ${from.key}`, change);
    if (isMoved || isLonger) relist(draft, { ...known, ...members });
    return { survivor: decisionOf(draft), emptied, younger: null };
  }
  const text = `${other.id} is the same trouble, and is merged into this one`;
  write(draft, "merged", text, { ...absorbed(kept, other, into.key), members: other.members });
  relist(draft, { ...known, ...members });
  const { severity } = incidentOf(draft);
  if (other.active && isWorse(other.severity, severity)) rise(draft, other.severity, `merged with ${other.id}`);
  return { survivor: decisionOf(draft), emptied, younger: close(other, kept, now) };
}

/**
 * One alarm of an open incident turns out to belong to another one that is open: it changes over, and the rest stays.
 * Null where it cannot. Pure.
 */
export function decideMove(
  holder: Thread,
  into: Thread,
  arn: string,
  now: Instant,
  policy: Policy,
): { left: Decision; joined: Decision } | null {
  const member = holder.incident?.members[arn];
  if (member === undefined || !isOpen(holder.incident) || !isOpen(into.incident)) return null;
  // An incident is not left without alarms.
  if (Object.keys(holder.incident.members).length === 1) return null;
  // Into one that nobody was told of yet it would disappear; into a full one it does not fit.
  if (!into.incident.active || !hasRoom(Object.values(into.incident.members))) return null;
  const leaving = draftOf(holder, now, policy);
  write(leaving, "noted", `${member.name} is counted under ${into.key} from now on`, { members: { [arn]: null } });
  const text = `${member.name} is in ALARM (${member.severity}), and was counted under ${holder.key} until now`;
  const joining = draftOf(into, now, policy);
  const { severity } = into.incident;
  write(joining, "joined", text, { members: { [arn]: member } });
  const counts = member.red && member.mute === null;
  if (counts && isWorse(member.severity, severity)) rise(joining, member.severity, member.name);
  return { left: decisionOf(leaving), joined: decisionOf(joining) };
}

/** Whether the incidents of both threads have room in one: each alarm that is red must be listed. */
export function fitTogether(into: Thread, from: Thread): boolean {
  const red = [into.incident, from.incident].flatMap((incident) =>
    isOpen(incident) ? Object.values(incident.members).filter((member) => member.red) : [],
  );
  return hasRoom(red);
}

/** The one that goes on, and the other. An open one before one that is over; of two alike, the older open and the later closed. */
function order(into: Incident | null, from: Incident | null): [Incident | null, Incident | null] {
  if (into === null || from === null) return [into ?? from, null];
  if (isOpen(into) !== isOpen(from)) return isOpen(into) ? [into, from] : [from, into];
  if (!isOpen(into)) return (into.resolvedAt ?? 0) >= (from.resolvedAt ?? 0) ? [into, from] : [from, into];
  const intoIsOlder = into.openedAt === from.openedAt ? into.id <= from.id : into.openedAt < from.openedAt;
  return intoIsOlder ? [into, from] : [from, into];
}

function absorbed(kept: Incident, other: Incident, key: string): Change {
  const takesOver = !kept.active && other.active;
  return {
    key,
    told: { ...other.told, ...kept.told },
    active: kept.active || other.active,
    service: kept.service ?? other.service,
    ...(takesOver
      ? {
          clock: kept.acknowledgedAt === null ? other.clock : null,
          severity: other.severity,
          alarmSeverity: other.alarmSeverity,
          firstPageAt: other.firstPageAt,
          statusEntry: other.statusEntry,
        }
      : {}),
  };
}

function close(other: Incident, into: Incident, now: Instant): { incident: Incident; entry: Entry } {
  const change: Change = {
    status: "merged",
    resolution: "merged",
    mergedInto: into.id,
    resolvedAt: now,
    clock: null,
  };
  const entry: Entry = { n: other.entries + 1, at: now, type: "merged", text: `merged into ${into.id}`, change };
  return { incident: evolve(other, entry), entry };
}
