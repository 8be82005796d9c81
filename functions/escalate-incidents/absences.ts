import { isDeepStrictEqual } from "node:util";
import { type Instant, minute } from "../../shared/instant.ts";
import { json, parse, putVersioned, type Row, versionOf } from "../../shared/ledger/rows.ts";
import { commit, type Ledger, readRow } from "../../shared/ledger/store.ts";

/** Which alarms the last complete reconciles did not find, and how many of them in a row. */
export interface Absences {
  /** As the reconcile before left it. */
  before: Readonly<Record<string, number>>;
  /** As this one finds it: whoever was found again is not in it. */
  found: Record<string, number>;
  version: number;
  at: Instant;
}

const key = { pk: { S: "sweep" }, sk: { S: "absences" } };
/** More are counted by later sweeps, when these are done with. */
const maximumAbsences = 1_000;

export async function readAbsences(ledger: Ledger): Promise<Absences> {
  const row = await readRow(ledger, key);
  if (row === null) return { before: {}, found: {}, version: 0, at: 0 };
  return { ...parse<{ before: Absences["before"]; at: Instant }>(row), found: {}, version: versionOf(row) };
}

/** Counts an alarm that CloudWatch does not show. */
export function countAbsence({ before, found }: Absences, arn: string): void {
  if (Object.keys(found).length < maximumAbsences) found[arn] = (before[arn] ?? 0) + 1;
}

/** Of two sweeps in one minute only the first counts. */
export function counts({ at }: Absences, now: Instant): boolean {
  return now - at >= minute / 2;
}

/** Leaves the count for the next reconcile, unless an overlapping one was faster. */
export async function writeAbsences(ledger: Ledger, absences: Absences, now: Instant): Promise<void> {
  const { before, found, version } = absences;
  if (isDeepStrictEqual(before, found)) return;
  const item: Row = { ...key, body: json({ before: found, at: now }) };
  await commit(ledger, [putVersioned(ledger.table, item, version)]);
}
