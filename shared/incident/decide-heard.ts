import type { Mute } from "../delivery/types.ts";
import { type Instant, iso, minute } from "../instant.ts";
import { activate, beginEpisode, isWorse, open, reopen, rise, settle } from "./changes.ts";
import type { Heard, UnknownShape } from "./decide.ts";
import { amend, type Draft, incidentOf, isOpen, write } from "./draft.ts";
import { isNewEpisode } from "./episodes.ts";
import { bounded, forgetMembers, isOutOfOrder, late, normalise, remember, remembered } from "./late.ts";
import { cadenceMs, chainOf, fitting, hasRoom, reach } from "./membership.ts";
import { silenceMute } from "./silence.ts";
import type { Incident, Member } from "./types.ts";

/** What one alarm or finding says. A stale word changes no state; it may show that an alarm belongs to the incident. */
export function decideHeard(draft: Draft, heard: Heard): void {
  if (heard.outcome === "stale") {
    late(draft, heard);
    return;
  }
  settle(draft, heard.at);
  const { incident } = draft.thread;
  const member = { ...heard.member, mute: muteOf(draft, heard.member) };
  if (!isOpen(incident)) {
    if (member.red && !isDismissed(incident, heard)) fire(draft, heard, member);
    else remember(draft, member);
    return;
  }
  const known = incident.members[member.arn];
  if (member.red) fireAgain(draft, heard, member, known);
  else if (known !== undefined) quieten(draft, heard, member, known);
  else remember(draft, member);
  if (member.flapping && known?.flapping === false) flap(draft, member);
  if (isOutOfOrder(incident, heard)) normalise(draft, incidentOf(draft), heard);
  // A finding that is cleared is over at once.
  settle(draft, heard.at);
}

/** Deliveries of unknown shape are one incident for each place where they come to grief, however many there are. */
export function decideUnknownShape(draft: Draft, unknown: UnknownShape): void {
  const { door, path, problem, at, raw } = unknown;
  const what = `${door}: ${path} ${problem}`;
  const { incident, key } = draft.thread;
  if (isOpen(incident)) {
    const repeats = incident.repeats + 1;
    const further = repeats === maximumRepeats ? "; further ones are in the log alone" : "";
    if (repeats <= maximumRepeats)
      write(draft, "joined", `another of unknown shape, ${what}${further}`, { repeats }, raw);
    return;
  }
  const member: Member = {
    arn: key,
    name: `unknown shape, ${door}: ${path}`,
    kind: "unparsed",
    severity: draft.policy.incidents.unparsedSeverity,
    state: "ALARM",
    red: true,
    since: at,
    changedAt: at,
    deleted: false,
    mute: null,
    flapping: false,
    insufficientSince: null,
    spans: [{ from: at, until: null }],
    untagged: false,
  };
  const severity = member.severity;
  const text = `opened: a delivery of unknown shape, ${what}`;
  const team = draft.policy.defaultTeam;
  const members = { [key]: member };
  open(draft, { kind: "unparsed", service: null, team, openedAt: at, members, severity, text, raw });
  activate(draft, severity);
}

/** So many more of one and the same trouble a timeline shows. */
const maximumRepeats = 20;

/** CloudWatch's mute, or our own silence, as long as it holds. */
export function muteOf({ thread, now }: Draft, member: Member): Mute | null {
  const { silence } = thread;
  if (!member.red) return null;
  if (silence !== null && silence.until > now) return silenceMute(silence);
  const { mute } = member;
  return mute !== null && (mute.until === null || mute.until > now) ? mute : null;
}

/** Red, and nothing is open: the last incident goes on if it is not long ago, else a new one begins. */
function fire(draft: Draft, heard: Heard, member: Member): void {
  const last = draft.thread.incident;
  const known = { ...remembered(draft.thread), [member.arn]: member };
  const why = describe(heard, member);
  if (last !== null && goesOn(draft, last, heard.at)) {
    reopen(draft, fitting(chainOf(known, reach(last, draft.policy))), `reopened: ${why}`, member.mute !== null);
    forgetMembers(draft);
    if (member.mute !== null) writeMuted(draft, member, member.mute);
    else if (!incidentOf(draft).active) activate(draft, member.severity);
    else raiseIfWorse(draft, member, why);
    if (member.flapping) flap(draft, member);
    return;
  }
  const { key } = draft.thread;
  const { service, team } = heard;
  const members = fitting(chainOf(known, reach({ kind: member.kind, key }, draft.policy)));
  const placed = heard.placed === "" ? "" : ` (${heard.placed})`;
  const text = `opened as ${member.severity}: ${why}${placed}`;
  draft.thread = { ...draft.thread, echoes: bounded(known) };
  open(draft, { kind: member.kind, service, team, openedAt: heard.at, members, severity: member.severity, text });
  forgetMembers(draft);
  if (member.mute !== null) writeMuted(draft, member, member.mute);
  else activate(draft, member.severity);
  if (member.flapping) flap(draft, member);
}

/** Red, in an open incident: what is new of it decides whether anybody is told. */
function fireAgain(draft: Draft, heard: Heard, member: Member, known: Member | undefined): void {
  const incident = incidentOf(draft);
  const service = incident.service ?? heard.service;
  const change = { service, members: { ...makeRoom(incident, known), [member.arn]: member } };
  const why = describe(heard, member);
  if (known?.red === true && (known.mute === null || member.mute !== null)) {
    refresh(draft, member, known);
    return;
  }
  if (member.mute !== null) {
    write(draft, "joined", why, change);
    writeMuted(draft, member, member.mute);
    return;
  }
  const isNew = incident.active && isNewEpisode(draft, incident, member, heard.at);
  if (known?.red === true) write(draft, "unmuted", `no longer muted: ${why}`, change);
  else if (!isNew) write(draft, "joined", why, change);
  if (isNew) {
    beginEpisode(draft, why);
    amend(draft, change);
  } else if (incident.active) raiseIfWorse(draft, member, why);
  else activate(draft, member.severity);
}

function raiseIfWorse(draft: Draft, member: Member, why: string): void {
  const { severity, alarmSeverity } = incidentOf(draft);
  if (isWorse(member.severity, severity)) rise(draft, member.severity, why);
  else if (isWorse(member.severity, alarmSeverity)) amend(draft, { alarmSeverity: member.severity });
}

/** One that is OK makes room for one that is red; `isFull` has kept out what finds no room. */
function makeRoom({ members }: Incident, known: Member | undefined): Record<string, null> {
  if (known !== undefined) return {};
  const all = Object.values(members);
  const oldestFirst = all.filter(({ red }) => !red).sort((left, right) => left.changedAt - right.changedAt);
  const leaving = new Set<string>();
  for (const { arn } of oldestFirst) {
    if (hasRoom(all.filter((member) => !leaving.has(member.arn)))) break;
    leaving.add(arn);
  }
  return Object.fromEntries([...leaving].map((arn) => [arn, null]));
}

/** Red as before: a word on what changed, and nobody is told. */
function refresh(draft: Draft, member: Member, known: Member): void {
  const { severity } = incidentOf(draft);
  // Muted before and muted still: until when, says the newest word. What was told does not become untold.
  const kept = { ...member, mute: known.mute === null ? null : member.mute };
  const change = { members: { [member.arn]: kept } };
  if (isWorse(member.severity, known.severity) && kept.mute === null) {
    write(draft, "noted", `${member.name} is ${member.severity} now`, change);
    if (isWorse(member.severity, severity)) rise(draft, member.severity, member.name);
    return;
  }
  if (
    known.mute?.until === kept.mute?.until &&
    known.state === member.state &&
    known.severity === member.severity &&
    known.untagged === member.untagged &&
    !known.flapping &&
    !member.flapping
  )
    return;
  const text = member.state === "INSUFFICIENT_DATA" ? "has no data, and stays red" : `is ${member.state}`;
  write(draft, "noted", `${member.name} ${text}`, change);
}

/** Not red (any more). */
function quieten(draft: Draft, heard: Heard, member: Member, known: Member): void {
  const change = { members: { [member.arn]: member } };
  const since = iso(member.since);
  if (known.red) {
    const how = member.deleted ? "was deleted" : member.kind === "finding" ? "was cleared" : "is OK";
    const blind = member.state === "INSUFFICIENT_DATA" && !member.deleted;
    if (blind) write(draft, "blind", `${member.name} has had no data for too long, and is let go`, change);
    else write(draft, "recovered", `${member.name} ${how} since ${since}${said(heard)}`, change);
    return;
  }
  // Of one that flaps every transition counts: it has settled a while after the last.
  if (known.state === member.state && known.deleted === member.deleted && !member.flapping) return;
  write(draft, "noted", `${member.name} ${member.deleted ? "was deleted" : `is ${member.state}`}`, change);
}

function flap(draft: Draft, { name }: Member): void {
  const { transitions, minutes } = draft.policy.incidents.flapping;
  write(draft, "flapping", `${name} flaps: ${transitions} transitions in ${minutes} min; nobody is paged for it again`);
}

function writeMuted(draft: Draft, { name }: Member, { by, until }: Mute): void {
  write(draft, "muted", `${name} is muted by ${by}${until === null ? "" : ` until ${iso(until)}`}`);
}

function goesOn({ policy }: Draft, last: Incident, at: Instant): boolean {
  if (isResolvedWhileRed(last)) return false;
  const window = last.kind === "finding" ? 2 * cadenceMs(last.key, policy) : policy.incidents.reopenMinutes * minute;
  return at <= (last.resolvedAt ?? 0) + window;
}

/** A person resolved it although it was red: only its next transition to ALARM counts. */
function isDismissed(last: Incident | null, { member, rose }: Heard): boolean {
  return !rose && last !== null && isResolvedWhileRed(last) && last.members[member.arn]?.red === true;
}

/** Only a person ends an incident of which an alarm is red. */
function isResolvedWhileRed({ members }: Incident): boolean {
  return Object.values(members).some(({ red }) => red);
}

function describe(heard: Heard, { name, kind, severity }: Member): string {
  return `${name}${kind === "finding" ? "" : " is in ALARM"} (${severity})${said(heard)}`;
}

/** CloudWatch's own words, where it has any. */
function said({ reason }: Heard): string {
  return reason === "" ? "" : `: ${reason}`;
}
