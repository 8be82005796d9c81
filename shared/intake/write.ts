import type { Classification } from "../incident/classify.ts";
import { decide } from "../incident/decide.ts";
import { memberOf } from "../incident/member.ts";
import type { AlarmRecord } from "../incident/record.ts";
import { alarmRow, decisionWrites } from "../incident/rows.ts";
import type { Instant } from "../instant.ts";
import { putVersioned } from "../ledger/rows.ts";
import { commit } from "../ledger/store.ts";
import { threadFor } from "./keys.ts";
import type { Receiver } from "./receiver.ts";
import { type Seen, seenRow } from "./seen.ts";

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
  seen: { source: string; stamp: Instant; words: Seen[] } | null;
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
      : [{ Put: { TableName: ledger.table, Item: seenRow(record.arn, seen.source, seen.stamp, seen.words, now) } }]),
    ...(changed ? decisionWrites(ledger.table, decision, now, configuration) : []),
  ]);
}

function placing({ rule, service, unrouted }: Classification): string {
  if (unrouted) return "unrouted: no rule, tag or service places it";
  const by = rule === null ? [] : [`rule ${rule}`];
  return [...by, ...(service === null ? [] : [`service ${service}`])].join(", ");
}
