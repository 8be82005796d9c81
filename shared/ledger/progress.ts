import type { Instant } from "../instant.ts";
import { json, parse, putVersioned, type Row, versionOf } from "./rows.ts";
import { commit, type Ledger, readRow } from "./store.ts";

/** How far something is that is done page by page, in one run or in several. */
export interface Progress {
  /** When it last began. */
  at: Instant;
  /** Where it goes on; null when it came to its end. */
  token: string | null;
  /** Of the row that it was read from. */
  version: number;
}

export async function readProgress(ledger: Ledger, key: Row): Promise<Progress> {
  const row = await readRow(ledger, key);
  return row === null ? { at: 0, token: null, version: 0 } : { ...parse<Progress>(row), version: versionOf(row) };
}

/** What began at `begun`, unless it was under way already, goes on at `token`. Whoever was faster has looked at the same. */
export async function keepProgress(
  ledger: Ledger,
  key: Row,
  before: Progress,
  { begun, token }: { begun: Instant; token: string | null },
): Promise<void> {
  const body = json({ at: before.token === null ? begun : before.at, token });
  await commit(ledger, [putVersioned(ledger.table, { ...key, body }, before.version)]);
}
