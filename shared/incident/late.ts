import type { Heard } from "./decide.ts";
import { amend, type Draft, incidentOf, isOpen, write } from "./draft.ts";
import { chainOf, fitting, reach } from "./membership.ts";
import type { Incident, Member, Thread } from "./types.ts";

// What comes out of order, and the alarms that are in no open incident but may turn out to belong to one.

/** Older than what is known: recorded, opens nothing, pages nobody. */
export function late(draft: Draft, heard: Heard): void {
  const { incident } = draft.thread;
  const known = incident?.members[heard.member.arn];
  remember(draft, heard.member);
  const linked =
    isOpen(incident) && heard.member.arn in chainOf(everyone(draft, incident, heard), reach(incident, draft.policy));
  if (known === undefined && !linked) return;
  const text = `${heard.member.name}: came late and changes nothing: ${heard.reason || "no reason given"}`;
  const spans = heard.member.spans;
  write(draft, "stale", text, known === undefined ? {} : { members: { [known.arn]: { ...known, spans } } });
  if (isOpen(incident)) normalise(draft, incident, heard);
}

/** Lists the alarms that the incident would list if everything had come in order. */
export function normalise(draft: Draft, incident: Incident, heard: Heard): void {
  if (draft.entries.length > 0) relist(draft, everyone(draft, incident, heard));
}

/** Lists, of all alarms known under the key, those that belong to its open incident; the others are remembered. */
export function relist(draft: Draft, known: Readonly<Record<string, Member>>): void {
  const { incident } = draft.thread;
  if (!isOpen(incident)) return;
  const chain = fitting(chainOf(known, reach(incident, draft.policy)));
  const joined = Object.entries(chain).filter(([arn]) => !Object.hasOwn(incident.members, arn));
  const left = Object.keys(incident.members).filter((arn) => !Object.hasOwn(chain, arn));
  amend(draft, { members: { ...Object.fromEntries(joined), ...Object.fromEntries(left.map((arn) => [arn, null])) } });
  const { members } = incidentOf(draft);
  const others = Object.entries(known).filter(([arn]) => !Object.hasOwn(members, arn));
  draft.thread = { ...draft.thread, echoes: bounded(Object.fromEntries(others)) };
}

function everyone({ thread }: Draft, { members }: Incident, { member }: Heard): Record<string, Member> {
  const listed = members[member.arn] ?? member;
  return { ...thread.echoes, ...members, [member.arn]: { ...listed, spans: member.spans } };
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

export function bounded(echoes: Readonly<Record<string, Member>>): Record<string, Member> {
  const newest = Object.entries(echoes).sort(([, left], [, right]) => right.changedAt - left.changedAt);
  return Object.fromEntries(newest.slice(0, maximumEchoes));
}

/**
 * What is known under a key of alarms that are in no open incident, each as it was last heard: what came after an
 * incident was over is newer than what that one lists.
 */
export function remembered({ incident, echoes }: Thread): Record<string, Member> {
  return { ...(incident === null || isOpen(incident) ? {} : undismissed(incident)), ...echoes };
}

/** What a person resolved although it was red does not hold the next incident open. */
function undismissed({ members }: Incident): Record<string, Member> {
  return Object.fromEntries(Object.entries(members).filter(([, { red }]) => !red));
}

/** So many alarms are remembered that are in no incident. */
const maximumEchoes = 20;
