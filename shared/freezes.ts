import type { Instant } from "./instant.ts";
import { json, parse, type Row } from "./ledger/rows.ts";
import { commitAnyway, type Ledger, readRow } from "./ledger/store.ts";

// What must stop at once has a row in the ledger, which is read before every act: no deployment, and no restart.

/** Why an operation is to change nothing until further notice. */
export interface Freeze {
  operation: string;
  /** Who asked for it: the ARN that AWS knows them by. */
  by: string;
  reason: string;
  at: Instant;
}

/** Null while the operation may act. */
export async function readFreeze(ledger: Ledger, operation: string): Promise<Freeze | null> {
  const row = await readRow(ledger, freezeKey(operation));
  return row === null ? null : parse<Freeze>(row);
}

/** Whoever freezes last is the one who is remembered. */
export async function writeFreeze(ledger: Ledger, freeze: Freeze): Promise<void> {
  const item = { ...freezeKey(freeze.operation), body: json(freeze) };
  await commitAnyway(ledger, [{ Put: { TableName: ledger.table, Item: item } }]);
}

/** Also where nothing is frozen. */
export async function removeFreeze(ledger: Ledger, operation: string): Promise<void> {
  await commitAnyway(ledger, [{ Delete: { TableName: ledger.table, Key: freezeKey(operation) } }]);
}

const freezeKey = (operation: string): Row => ({ pk: { S: `freeze#${operation}` }, sk: { S: "freeze" } });
