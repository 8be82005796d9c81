import { iso, minute } from "../instant.ts";
import { activate, isWorse, rise, settle, stableAt } from "./changes.ts";
import { type Draft, incidentOf, isOpen, page, write } from "./draft.ts";
import type { Policy } from "./pages.ts";
import { levelsOf, startClock } from "./pages.ts";
import type { Incident, Member, Thread } from "./types.ts";

/** What time alone does: stability, the end of mutes and of flapping, one step of the clocks. */
export function decideTick(draft: Draft): void {
  const { thread, now } = draft;
  if (thread.silence !== null && thread.silence.until <= now) draft.thread = { ...thread, silence: null };
  if (!isOpen(draft.thread.incident) || settle(draft, now)) return;
  unmute(draft);
  calm(draft);
  step(draft);
}

/** The next instant at which a tick has something to do; null when only an event can. */
export function dueAt(thread: Thread, policy: Policy): number | null {
  const { incident, silence } = thread;
  if (!isOpen(incident)) return silence?.until ?? null;
  const members = Object.values(incident.members);
  const { blindAfterMinutes, flapping } = policy.incidents;
  const stable = incident.kind === "unparsed" ? null : stableAt({ policy }, incident);
  const instants = [
    stable,
    silence?.until ?? null,
    incident.clock?.acknowledgeAt ?? null,
    incident.clock?.escalateAt ?? null,
    ...members.map(({ mute }) => mute?.until ?? null),
    ...members.map(({ flapping: flaps, changedAt }) => (flaps ? changedAt + flapping.minutes * minute : null)),
    ...members.map(({ insufficientSince: since }) => (since === null ? null : since + blindAfterMinutes * minute)),
  ].filter((instant) => instant !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}

/** Members that are red and have had no data for so long that they must be let go. */
export function blindMembers({ incident }: Thread, now: number, policy: Policy): Member[] {
  if (!isOpen(incident)) return [];
  const limit = policy.incidents.blindAfterMinutes * minute;
  return Object.values(incident.members).filter(
    ({ insufficientSince: since, red }) => red && since !== null && since + limit <= now,
  );
}

/** Mutes that are over: what is still red counts from now on. */
function unmute(draft: Draft): void {
  const ended = Object.values(incidentOf(draft).members).filter(
    ({ mute }) => mute?.until != null && mute.until <= draft.now,
  );
  for (const member of ended) {
    const free = { ...member, mute: null };
    const change = { members: { [member.arn]: free } };
    if (!member.red) {
      write(draft, "noted", `the mute of ${member.name} is over`, change);
      continue;
    }
    write(draft, "unmuted", `the mute of ${member.name} is over, and it is still red`, change);
    const { active, severity } = incidentOf(draft);
    if (!active) activate(draft, member.severity);
    else if (isWorse(member.severity, severity)) rise(draft, member.severity, `${member.name} is no longer muted`);
  }
}

/** Alarms that flapped and have been steady for long enough. */
function calm(draft: Draft): void {
  const windowMs = draft.policy.incidents.flapping.minutes * minute;
  for (const member of Object.values(incidentOf(draft).members)) {
    if (!member.flapping || member.changedAt + windowMs > draft.now) continue;
    const text = `${member.name} has been steady since ${iso(member.changedAt)}`;
    write(draft, "settled", text, { members: { [member.arn]: { ...member, flapping: false } } });
  }
}

/** One step of the clocks at a time: what is due first comes first, and an acknowledgement has stopped them. */
function step(draft: Draft): void {
  const incident = incidentOf(draft);
  const { clock } = incident;
  if (clock === null || incident.status !== "open" || !incident.active) return;
  const { acknowledgeAt, escalateAt } = clock;
  if (acknowledgeAt !== null && acknowledgeAt <= draft.now && acknowledgeAt <= (escalateAt ?? Infinity)) {
    write(draft, "reminded", `nobody acknowledged within the time for ${incident.severity}: reminding`, {
      clock: { ...clock, acknowledgeAt: null },
    });
    page(draft, "reminded", clock.from, clock.level);
  } else if (escalateAt !== null && escalateAt <= draft.now) {
    escalate(draft, incident, clock);
  }
}

function escalate(draft: Draft, { team, severity }: Incident, clock: NonNullable<Incident["clock"]>): void {
  const levels = levelsOf(team, draft.policy);
  const last = levels.at(-1)?.level ?? 1;
  const next = Math.min(clock.level + 1, last);
  const started = startClock(severity, next, next, draft.now, draft.policy);
  if (clock.level >= last) {
    write(draft, "reminded", `still nobody has acknowledged: reminding level ${last}, the last`, {
      clock: { ...started, acknowledgeAt: null },
    });
    page(draft, "reminded", last, last);
    return;
  }
  write(draft, "escalated", `nobody acknowledged: level ${next} is paged`, { clock: started });
  page(draft, "escalated", next, next);
}
