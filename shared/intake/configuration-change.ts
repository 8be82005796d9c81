import type { ConfigurationChange } from "../delivery/types.ts";
import { classify } from "../incident/classify.ts";
import { type AlarmRecord, blankRecord, end, isLetGo, keptOf, newestChange } from "../incident/record.ts";
import { readAlarm } from "../incident/store.ts";
import { type Instant, second } from "../instant.ts";
import { blindFinding } from "./blindness.ts";
import { gatherChildren, learnChildren, releaseChildren } from "./composites.ts";
import { findingKey, hearFinding } from "./findings.ts";
import { plausible } from "./plausible.ts";
import type { Attempt, Received, Receiver } from "./receiver.ts";
import { tagsOf } from "./tags.ts";
import { write } from "./write.ts";

/** An alarm was created, changed or deleted. A deletion counts as OK; from the others only the rule is learnt. */
export async function changeConfiguration(receiver: Receiver, change: ConfigurationChange): Attempt<Received> {
  const applied: Received = { outcome: "applied", unrouted: false };
  const { alarm, operation } = change;
  const at = plausible(receiver, change.at);
  const deletes = operation === "delete";
  if (!deletes && alarm.alarmRule === null) return applied;
  const known = (await readAlarm(receiver.ledger, alarm.arn)) ?? blankRecord(alarm.arn, alarm.name, "alarm");
  if (deletes && known.ends.includes(at)) return applied;
  const described = { ...known, alarm: keptOf(alarm) };
  const before = deletes
    ? await releaseChildren(receiver, described)
    : await learnChildren(receiver, { ...described, tags: await tagsOf(receiver, described, false) }, alarm);
  if (before === null) return null;
  if (deletes && isLetGo(known)) {
    const finding = blindFinding("blind-alarm", alarm.arn, "cleared", at, receiver.configuration);
    await hearFinding(receiver, findingKey(finding), finding);
  }
  const classification = classify(alarm, before.tags?.values ?? {}, receiver.configuration);
  const endedAt = deletes ? deletionStamp(known, at) : at;
  const record = { ...(deletes ? end(before, endedAt, true) : before), ownKey: classification.key };
  const reason = `${change.door === "reconcile" ? "CloudWatch does not know it any more" : operation}`;
  const late = deletes && endedAt < newestChange(known);
  const word = {
    before,
    record,
    classification,
    at: endedAt,
    stale: late,
    reason,
    rose: false,
    seen: null,
  };
  if (!(await write(receiver, word))) return null;
  if (!deletes && before.children !== known.children) await gatherChildren(receiver, before.children);
  return applied;
}

/** The envelope's time has whole seconds: a transition in the same second came before it. */
function deletionStamp(record: AlarmRecord, at: Instant): Instant {
  const last = newestChange(record);
  return last > at && last - at < second ? last : at;
}
