import { parse, type Row, versionOf } from "../ledger/rows.ts";
import { type Ledger, readRow } from "../ledger/store.ts";
import { blankThread } from "./blank.ts";
import type { AlarmRecord } from "./record.ts";
import { alarmKey, incidentKey, threadKey } from "./rows.ts";
import type { Incident, Thread } from "./types.ts";

export async function readAlarm(ledger: Ledger, arn: string): Promise<AlarmRecord | null> {
  const row = await readRow(ledger, alarmKey(arn));
  return row === null ? null : recordFrom(row);
}

export function recordFrom(row: Row): AlarmRecord {
  return { ...parse<AlarmRecord>(row), version: versionOf(row) };
}

/** The thread of a key; an empty one when there is none yet. */
export async function readThread(ledger: Ledger, key: string): Promise<Thread> {
  const row = await readRow(ledger, threadKey(key));
  return row === null ? blankThread(key) : threadFrom(row);
}

export function threadFrom(row: Row): Thread {
  return { ...parse<Thread>(row), version: versionOf(row) };
}

export async function readIncident(ledger: Ledger, id: string): Promise<Incident | null> {
  const row = await readRow(ledger, incidentKey(id));
  return row === null ? null : parse<Incident>(row);
}
