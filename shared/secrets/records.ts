import { Unavailable } from "../failures.ts";
import { day, type Instant, iso } from "../instant.ts";
import { expiry, json, parse, putVersioned, type Row, versionOf } from "../ledger/rows.ts";
import { commit, commitAnyway, type Ledger, readQueue, readRow } from "../ledger/store.ts";
import { blankSecretRecord, type SecretRecord, type Succession } from "./record.ts";

// How the ledger holds what is known of secrets: a record each, and a row for each succession, which is forgotten a year after
// nothing of it is left to do. None of them ever holds anything of a value.

/** Of every secret that was ever touched: one query reads them all. */
const secretsQueue = "secrets";
const successionsQueue = "successions";

const recordKey = (arn: string) => ({ pk: { S: `secret#${arn}` }, sk: { S: "record" } });
const successionKey = (arn: string, to: string) => ({ pk: { S: `secret#${arn}` }, sk: { S: `succession#${to}` } });

export async function readRecord(ledger: Ledger, arn: string): Promise<SecretRecord> {
  const row = await readRow(ledger, recordKey(arn));
  return row === null ? blankSecretRecord(arn) : parse<SecretRecord>(row);
}

/**
 * Changes what is known of a secret, against whoever else does so at the same time. `change` is pure, and may be called again
 * with what the other one wrote; `null` leaves everything as it is. Resolves to what then holds.
 */
export async function changeRecord(
  ledger: Ledger,
  arn: string,
  change: (record: SecretRecord) => SecretRecord | null,
  pause: (attempt: number) => Promise<void>,
): Promise<SecretRecord> {
  for (let attempt = 0; attempt < maximumAttempts; attempt++) {
    const row = await readRow(ledger, recordKey(arn));
    const before = row === null ? blankSecretRecord(arn) : parse<SecretRecord>(row);
    const after = change(before);
    if (after === null) return before;
    const item = { ...recordKey(arn), queue: { S: secretsQueue }, order: { S: arn }, body: json(after) };
    if (await commit(ledger, [putVersioned(ledger.table, item, row === null ? 0 : versionOf(row))])) return after;
    await pause(attempt);
  }
  throw new Unavailable(`others changed what is known of ${arn} ${maximumAttempts} times in a row`);
}

/** Every record that there is, a page at a time. Eventually consistent. */
export async function* everyRecord(ledger: Ledger): AsyncGenerator<SecretRecord[]> {
  for await (const rows of readQueue(ledger, secretsQueue, null, recordsAtOnce)) yield rows.map(recordFrom);
}

/** Those whose order has come, the longest due first. */
export async function* dueSuccessions(ledger: Ledger, until: Instant): AsyncGenerator<Succession[]> {
  for await (const rows of readQueue(ledger, successionsQueue, until)) yield rows.map((row) => parse<Succession>(row));
}

export async function readSuccession(ledger: Ledger, arn: string, to: string): Promise<Succession | null> {
  const row = await readRow(ledger, successionKey(arn, to));
  return row === null ? null : parse<Succession>(row);
}

/** Writes it as it now is. Where nothing is left to be done it leaves the queue. */
export async function writeSuccession(ledger: Ledger, succession: Succession, dueAt: Instant | null): Promise<void> {
  const { arn, to } = succession;
  const place: Row =
    dueAt === null ? expiry(succession.at + keptMs) : { queue: { S: successionsQueue }, order: { S: iso(dueAt) } };
  const item = { ...successionKey(arn, to), ...place, body: json(succession) };
  await commitAnyway(ledger, [{ Put: { TableName: ledger.table, Item: item } }]);
}

function recordFrom(row: Row): SecretRecord {
  return parse<SecretRecord>(row);
}

const keptMs = 400 * day;
const maximumAttempts = 8;
/** A query reads a megabyte at most, which are some thousands of records. */
const recordsAtOnce = 2_000;
