import { childrenOf } from "../delivery/alarm-rule.ts";
import { parseAlarmArn } from "../delivery/arn.ts";
import type { Alarm } from "../delivery/types.ts";
import { classify } from "../incident/classify.ts";
import { decideMerge, decideMove, fitTogether } from "../incident/decide-merge.ts";
import { type AlarmRecord, blankRecord, isRed } from "../incident/record.ts";
import { alarmRow, decisionWrites, entryRow, incidentRow } from "../incident/rows.ts";
import { readAlarm, readThread } from "../incident/store.ts";
import { putNew, putVersioned } from "../ledger/rows.ts";
import { commit } from "../ledger/store.ts";
import { keyOf } from "./keys.ts";
import type { Receiver } from "./receiver.ts";

/**
 * Learns from a composite alarm's rule which alarms it reads: from now on they share its incident, also those that have
 * one already. Gives the composite's record, which the caller writes; null when somebody else was first. A crash in
 * between is mended by the next delivery, because the composite's own record is written last.
 */
export async function learnChildren(
  receiver: Receiver,
  record: AlarmRecord,
  alarm: Alarm,
): Promise<AlarmRecord | null> {
  const children = alarm.alarmRule === null ? record.children : readRule(alarm, alarm.alarmRule);
  if (same(children, record.children)) return record;
  const { key: ownKey } = classify(alarm, record.tags?.values ?? {}, receiver.configuration);
  const parent = { ...record, children, ownKey };
  for (const child of children.filter((arn) => !record.children.includes(arn) && arn !== alarm.arn)) {
    if (!(await adopt(receiver, parent, child))) return null;
  }
  for (const child of record.children.filter((arn) => !children.includes(arn))) {
    if (!(await release(receiver, parent, child))) return null;
  }
  return parent;
}

/** The composite is gone: its children stand for themselves again. */
export async function releaseChildren(receiver: Receiver, record: AlarmRecord): Promise<AlarmRecord | null> {
  for (const child of record.children) {
    if (!(await release(receiver, record, child))) return null;
  }
  return { ...record, children: [] };
}

/**
 * Of two parents the lowest ARN counts, also when it is learnt after the other: its children change over to its incident.
 * Called when that one is open. What a crash leaves out stays where it is, until it is OK.
 */
export async function gatherChildren(receiver: Receiver, children: readonly string[]): Promise<void> {
  const { ledger, configuration } = receiver;
  for (const arn of children) {
    const child = await readAlarm(ledger, arn);
    if (child === null || child.thread === null || !isRed(child)) continue;
    const key = await keyOf(receiver, child);
    if (key === child.thread) continue;
    const [from, into] = [await readThread(ledger, child.thread), await readThread(ledger, key)];
    const now = receiver.now();
    const moved = decideMove(from, into, arn, now, configuration);
    if (moved === null) continue;
    const row = alarmRow({ ...child, thread: key }, now, configuration);
    await commit(ledger, [
      putVersioned(ledger.table, row, child.version),
      ...decisionWrites(ledger.table, moved.left, now, configuration),
      ...decisionWrites(ledger.table, moved.joined, now, configuration),
    ]);
  }
}

function readRule(alarm: Alarm, rule: string): string[] {
  const { partition = "aws" } = parseAlarmArn(alarm.arn) ?? {};
  return childrenOf(rule, { account: alarm.account, region: alarm.region, partition });
}

async function adopt(receiver: Receiver, parent: AlarmRecord, arn: string): Promise<boolean> {
  const { ledger, configuration } = receiver;
  const known = await readAlarm(ledger, arn);
  const child = known ?? blankRecord(arn, parseAlarmArn(arn)?.name ?? arn, "alarm");
  if (child.parents.includes(parent.arn)) return true;
  const parents = [...child.parents, parent.arn].sort();
  const key = await keyOf(receiver, { ...child, parents }, [parent]);
  const now = receiver.now();
  const threads =
    child.thread === arn && key !== arn ? [await readThread(ledger, key), await readThread(ledger, arn)] : [];
  const [into, from] = threads;
  // What does not fit together goes on apart, until it is OK.
  const moves = into !== undefined && from !== undefined && fitTogether(into, from);
  const row = alarmRow({ ...child, parents, thread: moves ? key : child.thread }, now, configuration);
  const writes = [putVersioned(ledger.table, row, child.version)];
  if (moves) {
    const { survivor, emptied, younger } = decideMerge(into, from, now, configuration);
    const nothing = { thread: emptied, followed: [], entries: [], pages: [], refused: null };
    writes.push(...decisionWrites(ledger.table, survivor, now, configuration));
    writes.push(...decisionWrites(ledger.table, nothing, now, configuration));
    if (younger !== null) {
      writes.push({ Put: { TableName: ledger.table, Item: incidentRow(younger.incident, configuration) } });
      writes.push(putNew(ledger.table, entryRow(younger.incident.id, younger.entry, configuration)));
    }
  }
  return commit(ledger, writes);
}

async function release(receiver: Receiver, parent: AlarmRecord, arn: string): Promise<boolean> {
  const { ledger, configuration } = receiver;
  const child = await readAlarm(ledger, arn);
  if (child === null || !child.parents.includes(parent.arn)) return true;
  const parents = child.parents.filter((each) => each !== parent.arn);
  const row = alarmRow({ ...child, parents }, receiver.now(), configuration);
  return commit(ledger, [putVersioned(ledger.table, row, child.version)]);
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((arn, index) => arn === right[index]);
}
