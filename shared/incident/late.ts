import type { Heard } from "./decide.ts";
import { amend, type Draft, incidentOf, isOpen, write } from "./draft.ts";
import { chainOf, maximumMembers, reach } from "./membership.ts";
import type { Incident, Member } from "./types.ts";

// What comes out of order, and the alarms that are in no open incident but may turn out to belong to one.

/** Older than what is known: recorded, opens nothing, pages nobody. */
export function late(draft: Draft, heard: Heard): void {
  const { incident } = draft.thread;
  const known = incident?.members[heard.member.arn];
  if (!isOpen(incident) || known === undefined) remember(draft, heard.member);
  if (incident === null) return;
  const linked = isOpen(incident) && heard.member.arn in chainOf(everyone(draft, heard), reach(incident, draft.policy));
  if (known === undefined && !linked) return;
  const text = `${heard.member.name}: came late and changes nothing: ${heard.reason || "no reason given"}`;
  const spans = heard.member.spans;
  write(draft, "stale", text, known === undefined ? {} : { members: { [known.arn]: { ...known, spans } } });
  if (isOpen(incident)) normalise(draft, heard);
}

/** Lists the alarms that the incident would list if everything had come in order. */
export function normalise(draft: Draft, heard: Heard): void {
  const { incident } = draft.thread;
  if (!isOpen(incident) || draft.entries.length === 0) return;
  const known = everyone(draft, heard);
  const chain = chainOf(known, reach(incident, draft.policy));
  const joined = Object.entries(chain).filter(([arn]) => !(arn in incident.members));
  const left = Object.keys(incident.members).filter((arn) => !(arn in chain));
  if (joined.length + left.length === 0) return;
  const fitting = joined.slice(0, Math.max(0, maximumMembers - Object.keys(incident.members).length));
  amend(draft, { members: { ...Object.fromEntries(fitting), ...Object.fromEntries(left.map((arn) => [arn, null])) } });
  draft.thread = { ...draft.thread, echoes: bounded(known) };
  forgetMembers(draft);
}

function everyone({ thread }: Draft, { member }: Heard): Record<string, Member> {
  const listed = thread.incident?.members[member.arn];
  return {
    ...thread.echoes,
    ...thread.incident?.members,
    [member.arn]: { ...(listed ?? member), spans: member.spans },
  };
}

export function isOutOfOrder(incident: Incident, { member, at }: Heard): boolean {
  return Object.values(incident.members).some(({ arn, changedAt }) => arn !== member.arn && changedAt > at);
}

export function remember(draft: Draft, member: Member): void {
  if (member.spans.length === 0) return;
  const known = { ...draft.thread.echoes, [member.arn]: member };
  draft.thread = { ...draft.thread, echoes: bounded(known) };
}

export function forgetMembers(draft: Draft): void {
  const { members } = incidentOf(draft);
  const echoes = Object.entries(draft.thread.echoes).filter(([arn]) => !(arn in members));
  draft.thread = { ...draft.thread, echoes: Object.fromEntries(echoes) };
}

export function bounded(echoes: Record<string, Member>): Record<string, Member> {
  const newest = Object.entries(echoes).sort(([, left], [, right]) => right.changedAt - left.changedAt);
  return Object.fromEntries(newest.slice(0, maximumEchoes));
}

/** So many alarms are remembered that are in no incident. */
const maximumEchoes = 20;
