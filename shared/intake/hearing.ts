import type { Alarm, Finding, Transition } from "../delivery/types.ts";
import { type Classification, classify, teamOfFinding } from "../incident/classify.ts";
import { decide } from "../incident/decide.ts";
import { memberOf } from "../incident/member.ts";
import { type AlarmRecord, blankRecord, end, type Heard, hear, isRed, isStale } from "../incident/record.ts";
import { alarmKey, alarmRow, decisionWrites, putVersioned, seenKey } from "../incident/rows.ts";
import { commit, readAlarm, readRows, recordFrom } from "../incident/store.ts";
import type { Instant } from "../instant.ts";
import { learnChildren } from "./composites.ts";
import { threadFor } from "./keys.ts";
import type { Attempt, Received, Receiver } from "./receiver.ts";
import { type Seen, seenFrom, seenRow, twinOf } from "./seen.ts";
import { tagsOf } from "./tags.ts";

/** One transition of an alarm, through whatever door it came. */
export async function hearAlarm(receiver: Receiver, transition: Transition): Attempt<Received> {
  const { alarm, at, state, previous } = transition;
  const source = transition.contributor?.id ?? "";
  const [row = null, seenBefore = null] = await readRows(receiver.ledger, [
    alarmKey(alarm.arn),
    seenKey(alarm.arn, source, at),
  ]);
  const known = row === null ? blankRecord(alarm.arn, alarm.name, "alarm") : recordFrom(row);
  const seen = seenFrom(seenBefore);
  const word = { state, previous, at };
  const twin = twinOf(seen, word);
  const mute = transition.mute;
  const heard: Heard = { state, at: twin?.at ?? at, mute, source, provesNoMute: isAction(transition) };
  // An action was taken on what is red and thought muted: so no mute holds.
  const proves = heard.provesNoMute && known.mute !== null && known.sources[source]?.state === state;
  if (twin !== null && (!proves || isStale(known, heard))) return { outcome: "duplicate", unrouted: false };
  const before = await learnChildren(receiver, await withTags(receiver, known, alarm, state === "ALARM"), alarm);
  if (before === null) return null;
  const classification = classify(alarm, before.tags?.values ?? {}, receiver.configuration);
  const record = { ...hear(before, heard), ownKey: classification.key };
  const outcome = twin !== null ? "duplicate" : isStale(before, heard) ? "stale" : "applied";
  const written = await write(receiver, {
    before,
    record,
    classification,
    at: heard.at,
    stale: outcome === "stale",
    reason: transition.reason,
    rose: rises(before, record, transition, outcome === "applied"),
    seen: outcome === "duplicate" ? null : { source, words: [...seen, word] },
  });
  return written ? { outcome, unrouted: outcome === "applied" && classification.unrouted } : null;
}

/** A finding is raised or cleared as an alarm turns red or OK. */
export async function hearFinding(receiver: Receiver, key: string, finding: Finding): Attempt<Received> {
  const { at, severity, message, remedy } = finding;
  const state = finding.state === "raised" ? "ALARM" : "OK";
  const [row = null, seenBefore = null] = await readRows(receiver.ledger, [alarmKey(key), seenKey(key, "", at)]);
  const before = row === null ? blankRecord(key, key, "finding") : recordFrom(row);
  const seen = seenFrom(seenBefore);
  const word = { state, previous: null, at } as const;
  if (twinOf(seen, word) !== null) return { outcome: "duplicate", unrouted: false };
  const heard: Heard = { state, at, mute: null, source: "", provesNoMute: true };
  const stale = isStale(before, heard);
  const team = teamOfFinding(key, receiver.configuration);
  const written = await write(receiver, {
    before,
    record: { ...hear(before, heard), ownKey: key },
    classification: { key, service: null, severity, team, rule: null, unrouted: false },
    at,
    stale,
    reason: `${message} (remedy: ${remedy})`,
    rose: !isRed(before) && state === "ALARM" && !stale,
    seen: { source: "", words: [...seen, word] },
  });
  return written ? { outcome: stale ? "stale" : "applied", unrouted: false } : null;
}

/** An alarm that was red and has had no data for so long counts as over. */
export async function letGo(receiver: Receiver, arn: string): Attempt<Received> {
  return own(receiver, arn, "no data", (record) => end(record, receiver.now(), false));
}

/** An alarm whose tags could not be read when it fired may be worse than was thought. */
export async function reclassify(receiver: Receiver, arn: string): Attempt<Received> {
  return own(receiver, arn, "its tags were read", (record) => record);
}

export interface Written {
  before: AlarmRecord;
  record: AlarmRecord;
  classification: Classification;
  at: Instant;
  stale: boolean;
  reason: string;
  /** It turns red: what a person resolved while it was red, opens anew. */
  rose: boolean;
  /** The transition's place among those seen; null when it need not be remembered. */
  seen: { source: string; words: Seen[] } | null;
}

/** What is heard of an alarm, and all that follows from it, in one transaction. False when somebody else was first. */
export async function write(receiver: Receiver, heard: Written): Promise<boolean> {
  const { ledger, configuration } = receiver;
  const { before, record, classification, at, seen } = heard;
  const now = receiver.now();
  const thread = await threadFor(receiver, before, record);
  const member = memberOf(record, classification.severity, configuration);
  const { service, team } = classification;
  const decision = decide(
    thread,
    thread.key,
    {
      type: "heard",
      member,
      service,
      team,
      at,
      outcome: heard.stale ? "stale" : "applied",
      rose: heard.rose,
      reason: heard.reason,
      placed: placing(classification),
    },
    now,
    configuration,
  );
  const changed = decision.entries.length > 0 || decision.thread !== thread;
  const row = alarmRow({ ...record, thread: thread.key }, now, configuration);
  return commit(ledger, [
    putVersioned(ledger.table, row, before.version),
    ...(seen === null
      ? []
      : [{ Put: { TableName: ledger.table, Item: seenRow(record.arn, seen.source, at, seen.words, now) } }]),
    ...(changed ? decisionWrites(ledger.table, decision, now, configuration) : []),
  ]);
}

/** The record with its tags, if they must be known and can be had. */
async function withTags(
  receiver: Receiver,
  record: AlarmRecord,
  alarm: Alarm,
  mustBeFresh: boolean,
): Promise<AlarmRecord> {
  const known = { ...record, alarm: { ...alarm, description: null } };
  return { ...known, tags: await tagsOf(receiver, record, mustBeFresh) };
}

async function own(
  receiver: Receiver,
  arn: string,
  reason: string,
  change: (record: AlarmRecord) => AlarmRecord,
): Attempt<Received> {
  const before = await readAlarm(receiver.ledger, arn);
  if (before?.alarm == null) return { outcome: "duplicate", unrouted: false };
  const tagged = { ...before, tags: await tagsOf(receiver, before, true) };
  const classification = classify(before.alarm, tagged.tags?.values ?? {}, receiver.configuration);
  const record = change(tagged);
  const at = receiver.now();
  const written = await write(receiver, {
    before,
    record,
    classification,
    at,
    stale: false,
    reason,
    rose: false,
    seen: null,
  });
  return written ? { outcome: "applied", unrouted: false } : null;
}

/** A change to ALARM is one even if the OK before it never came. */
function rises(
  before: AlarmRecord,
  record: AlarmRecord,
  { state, previous, at, contributor }: Transition,
  applied: boolean,
) {
  if (!applied || !isRed(record)) return false;
  if (!isRed(before)) return true;
  const own = before.sources[""];
  return contributor === null && state === "ALARM" && previous !== "ALARM" && own?.state === "ALARM" && at > own.at;
}

/** An alarm's actions are kept from being taken by every mute. */
function isAction({ door, state }: Transition): boolean {
  return (door === "topic" || door === "action") && state === "ALARM";
}

function placing({ rule, service, unrouted }: Classification): string {
  if (unrouted) return "unrouted: no rule, tag or service places it";
  const by = rule === null ? [] : [`rule ${rule}`];
  return [...by, ...(service === null ? [] : [`service ${service}`])].join(", ");
}
