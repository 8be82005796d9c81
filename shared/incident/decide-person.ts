import { iso } from "../instant.ts";
import { call, isWorse, resolve, statusFor } from "./changes.ts";
import type { PersonCommand } from "./decide.ts";
import { amend, type Draft, incidentOf, isOpen, pageLevels, write } from "./draft.ts";
import { initialLevel, levelsOf, startClock } from "./pages.ts";
import { isSilence, silenceMute } from "./silence.ts";
import type { Incident } from "./types.ts";

type Command<Type extends PersonCommand["type"]> = Extract<PersonCommand, { type: Type }>;

/** Somebody has it: the clocks stop, and nothing that was not sent yet goes out. */
export function decideAcknowledge(draft: Draft, { by }: Command<"acknowledge">): void {
  const incident = openIncidentOf(draft);
  if (incident === null) return;
  if (incident.status === "acknowledged") {
    draft.refused = `${incident.id} is acknowledged already, by ${incident.acknowledgedBy}`;
    return;
  }
  write(draft, "acknowledged", `acknowledged by ${by}`, {
    status: "acknowledged",
    acknowledgedAt: draft.now,
    acknowledgedBy: by,
    clock: null,
  });
}

/** A word for the timeline; also of an incident that is over. */
export function decideNote(draft: Draft, { by, text }: Command<"note">): void {
  if (draft.thread.incident === null) draft.refused = `there is no incident under ${draft.thread.key}`;
  else write(draft, "noted", `${by}: ${text}`);
}

/** A person knows better than the alarm. They keep their acknowledgement, and only who is new to it is paged. */
export function decideRaise(draft: Draft, { by, severity }: Command<"raise">): void {
  const incident = openIncidentOf(draft);
  if (incident === null) return;
  if (!isWorse(severity, incident.severity)) {
    draft.refused = `${incident.id} is ${incident.severity} already; severity never falls by hand either`;
    return;
  }
  const untold = (incident.firstPageAt ?? 0) > draft.now;
  const raised = { severity, active: true, raisedAt: draft.now, statusEntry: statusFor(draft, severity) };
  write(draft, "raised", `raised from ${incident.severity} to ${severity} by ${by}`, raised);
  if (untold && incident.acknowledgedAt === null) {
    call(draft, "raised");
    return;
  }
  const level = initialLevel(incident.team, severity, draft.policy);
  if (incident.acknowledgedAt === null) {
    const from = incident.clock?.from ?? 1;
    const reached = Math.max(level, incident.clock?.level ?? 1);
    amend(draft, { clock: startClock(severity, from, reached, draft.now, draft.policy) });
  }
  const added = levelsOf(incident.team, draft.policy).filter(
    (each) => each.level <= level && !Object.hasOwn(incident.told, each.audience),
  );
  pageLevels(draft, "raised", added, true);
}

/** Over, whatever its alarms say: only the next transition to ALARM opens a new one. */
export function decideResolve(draft: Draft, { by, text }: Command<"resolve">): void {
  const incident = openIncidentOf(draft);
  if (incident === null) return;
  const red = Object.values(incidentOf(draft).members).filter((member) => member.red).length;
  const while_ = red === 0 ? "" : `, while ${red} of its alarms ${red === 1 ? "is" : "are"} red`;
  const why = text === "" ? "" : `: ${text}`;
  resolve(draft, draft.now, "by-hand", `resolved by ${by}${while_}${why}`);
}

/** Our own mute of a key: what turns red under it is recorded, and paged when the silence ends. */
export function decideSilence(draft: Draft, { by, reason, until }: Command<"silence">): void {
  if (until <= draft.now) {
    draft.refused = `a silence must end in the future; ${iso(until)} is past`;
    return;
  }
  draft.thread = { ...draft.thread, silence: { by, reason, until } };
  const { incident } = draft.thread;
  if (!isOpen(incident)) return;
  // Another end of the silence is another end of the mutes that it made.
  const silenced = Object.entries(incident.members)
    .filter(([, { mute }]) => mute !== null && isSilence(mute))
    .map(([arn, member]) => [arn, { ...member, mute: silenceMute({ by, reason, until }) }] as const);
  const text = `silenced by ${by} until ${iso(until)}: ${reason}; what was paged stays paged`;
  write(draft, "noted", text, { members: Object.fromEntries(silenced) });
}

function openIncidentOf(draft: Draft): Incident | null {
  const { incident, key } = draft.thread;
  if (isOpen(incident)) return incident;
  draft.refused = incident === null ? `there is no incident under ${key}` : `${incident.id} is ${incident.status}`;
  return null;
}
