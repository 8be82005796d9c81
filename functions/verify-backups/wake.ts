import { parseBackupEvent } from "../../shared/backups/events.ts";
import { optional } from "../../shared/delivery/reading.ts";
import type { Dependencies as Common } from "../../shared/dependencies.ts";
import { type Instant, minute } from "../../shared/instant.ts";
import { json, parse, putVersioned, type Row, versionOf } from "../../shared/ledger/rows.ts";
import { commit, type Ledger, readRow } from "../../shared/ledger/store.ts";
import { operation } from "./tell.ts";

/** When the last run began, and when one came to its end. */
interface Progress {
  beganAt: Instant | null;
  verifiedAt: Instant | null;
}

const progressKey: Row = { pk: { S: operation }, sk: { S: "progress" } };
/** AWS tells of its jobs every five minutes, of many at once. */
const quietMs = 5 * minute;

type Waking = Pick<Common, "ledger" | "table" | "now" | "log">;

/**
 * Whether to look now. The schedule always does. An event of AWS Backup only wakes early: soon after another run began or ended it
 * starts none, and of many at once one does.
 */
export async function isToLook(event: unknown, waking: Waking): Promise<boolean> {
  const at = waking.now();
  const isEvent = optional(event, "source") === "aws.backup";
  const { progress, version } = await readProgress(waking);
  const last = Math.max(progress.beganAt ?? 0, progress.verifiedAt ?? 0);
  if (isEvent && at - last < quietMs) return false;
  const isFirst = await write(waking, { ...progress, beganAt: at }, version);
  if (!isEvent) return true;
  const { event: heard, failure } = parseBackupEvent(event);
  if (isFirst) waking.log.info("woken early", { kind: heard?.kind ?? null, failure });
  return isFirst;
}

export async function verified(waking: Waking): Promise<void> {
  const { progress, version } = await readProgress(waking);
  await write(waking, { ...progress, verifiedAt: waking.now() }, version);
}

async function readProgress({ ledger: client, table }: Waking): Promise<{ progress: Progress; version: number }> {
  const row = await readRow({ client, table }, progressKey);
  if (row === null) return { progress: { beganAt: null, verifiedAt: null }, version: 0 };
  return { progress: parse<Progress>(row), version: versionOf(row) };
}

/** False where another run was first: whichever time stands there, it is one of this moment. */
async function write({ ledger: client, table }: Waking, progress: Progress, version: number): Promise<boolean> {
  const ledger: Ledger = { client, table };
  return await commit(ledger, [putVersioned(table, { ...progressKey, body: json(progress) }, version)]);
}
