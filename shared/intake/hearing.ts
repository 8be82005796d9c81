import type { Alarm, Transition } from "../delivery/types.ts";
import { classify } from "../incident/classify.ts";
import {
  type AlarmRecord,
  blankRecord,
  end,
  type Heard,
  hear,
  insufficientSince,
  isLetGo,
  isRed,
  isStale,
  keptOf,
  sourceOf,
} from "../incident/record.ts";
import { alarmKey, seenKey } from "../incident/rows.ts";
import { readAlarm, recordFrom } from "../incident/store.ts";
import { type Instant, minute, second } from "../instant.ts";
import { readRows } from "../ledger/store.ts";
import { blindFinding } from "./blindness.ts";
import { gatherChildren, learnChildren } from "./composites.ts";
import { findingKey, hearFinding } from "./findings.ts";
import { plausible } from "./plausible.ts";
import type { Attempt, Received, Receiver } from "./receiver.ts";
import { seenFrom, twinOf } from "./seen.ts";
import { tagsOf } from "./tags.ts";
import { write } from "./write.ts";

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
  const heard: Heard = {
    state,
    at: plausible(receiver, twin?.at ?? within(known, source, at)),
    mute,
    source,
    provesNoMute: isAction(transition),
  };
  // An action was taken on what is red and thought muted: so no mute holds.
  const proves = heard.provesNoMute && known.mute !== null && sourceOf(known, source)?.state === state;
  if (twin !== null && (!proves || isStale(known, heard))) return { outcome: "duplicate", unrouted: false };
  if (isLetGo(known) && state !== "INSUFFICIENT_DATA" && !isStale(known, heard)) {
    const finding = blindFinding("blind-alarm", alarm.arn, "cleared", at, receiver.configuration);
    await hearFinding(receiver, findingKey(finding), finding);
  }
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
    seen: outcome === "duplicate" ? null : { source, stamp: at, words: [...seen, word] },
  });
  if (!written) return null;
  if (before.children !== known.children) await gatherChildren(receiver, before.children);
  return { outcome, unrouted: outcome === "applied" && classification.unrouted };
}

/** An alarm that was red and has had no data for so long counts as over. */
export async function letGo(receiver: Receiver, arn: string): Attempt<Received> {
  return own(receiver, arn, "no data", (record) => {
    const since = insufficientSince(record);
    const over = since === null ? null : since + receiver.configuration.incidents.blindAfterMinutes * minute;
    return over !== null && over <= receiver.now() ? end(record, over, false) : record;
  });
}

/** An alarm whose tags could not be read when it fired may be worse than was thought. */
export async function reclassify(receiver: Receiver, arn: string): Attempt<Received> {
  return own(receiver, arn, "its tags were read", (record) => record);
}

/** The record with its tags, if they must be known and can be had. */
async function withTags(
  receiver: Receiver,
  record: AlarmRecord,
  alarm: Alarm,
  mustBeFresh: boolean,
): Promise<AlarmRecord> {
  const known = { ...record, alarm: keptOf(alarm) };
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

/** A whole-second stamp is anywhere in its second: after what is known of the same second already. */
function within(record: AlarmRecord, source: string, at: Instant): Instant {
  const known = sourceOf(record, source)?.at ?? 0;
  return at % second === 0 && known > at && known - at < second ? known : at;
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
  const own = sourceOf(before, "");
  return contributor === null && state === "ALARM" && previous !== "ALARM" && own !== undefined && at > own.at;
}

/** An alarm's actions are kept from being taken by every mute. */
function isAction({ door, state }: Transition): boolean {
  return (door === "topic" || door === "action") && state === "ALARM";
}
