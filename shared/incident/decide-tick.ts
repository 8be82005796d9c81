import { iso, minute } from "../instant.ts";
import { activate, beginEpisode, isWorse, rise, settle, stableAt } from "./changes.ts";
import { type Draft, incidentOf, isOpen, page, write } from "./draft.ts";
import { isNewEpisode } from "./episodes.ts";
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
  const instants = [
    stableAt({ policy }, incident),
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

/** Mutes that are over: what was muted, and only what is red is, counts from now on. However many they are, they are one entry. */
function unmute(draft: Draft): void {
  const incident = incidentOf(draft);
  const freed = Object.values(incident.members)
    .filter(({ mute }) => mute?.until != null && mute.until <= draft.now)
    .map((member) => ({ ...member, mute: null }));
  const [worst] = freed.toSorted((left, right) => (isWorse(left.severity, right.severity) ? -1 : 1));
  if (worst === undefined) return;
  const members = byArn(freed);
  write(draft, "unmuted", `the mute of ${namesOf(freed)} is over, and ${worst.name} is still red`, { members });
  const others = Object.values(incident.members).filter(({ arn }) => !Object.hasOwn(members, arn));
  const before = { ...incident, members: byArn(others) };
  const why = `${worst.name} is no longer muted`;
  if (!incident.active) activate(draft, worst.severity);
  else if (isWorse(worst.severity, incident.severity)) rise(draft, worst.severity, why);
  else if (isNewEpisode(draft, before, worst, draft.now)) beginEpisode(draft, why);
}

/** Alarms that flapped and have been steady for long enough. */
function calm(draft: Draft): void {
  const windowMs = draft.policy.incidents.flapping.minutes * minute;
  const steady = Object.values(incidentOf(draft).members).filter(
    ({ flapping, changedAt }) => flapping && changedAt + windowMs <= draft.now,
  );
  if (steady.length === 0) return;
  const since = iso(Math.max(...steady.map(({ changedAt }) => changedAt)));
  const members = byArn(steady.map((member) => ({ ...member, flapping: false })));
  write(draft, "settled", `steady since ${since}: ${namesOf(steady)}`, { members });
}

function byArn(members: readonly Member[]): Record<string, Member> {
  return Object.fromEntries(members.map((member) => [member.arn, member]));
}

/** A few names, and how many more there are. */
function namesOf(members: readonly Member[]): string {
  const names = members.slice(0, 3).map(({ name }) => name);
  const more = members.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** One step of the clocks at a time: what is due first comes first, and an acknowledgement has stopped them. */
function step(draft: Draft): void {
  const incident = incidentOf(draft);
  const { clock } = incident;
  if (clock === null) return;
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
