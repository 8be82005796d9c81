import type { Instant } from "./instant.ts";
import { json, parse, type Row } from "./ledger/rows.ts";
import { commit, type Ledger, readRow } from "./ledger/store.ts";
import type { OperationName } from "./operations.ts";

// What must stop at once has a row in the ledger, which is read before every act: no deployment, and no restart.

export interface Freeze {
  reason: string;
  /** Who asked for it: the ARN that AWS knows them by. */
  by: string;
  at: Instant;
}

const freezeKey = (operation: string): Row => ({ pk: { S: `freeze#${operation}` }, sk: { S: "freeze" } });

/** Why the operation is not to act now; null when it may. */
export async function readFreeze(ledger: Ledger, operation: OperationName): Promise<Freeze | null> {
  const row = await readRow(ledger, freezeKey(operation));
  return row === null ? null : parse<Freeze>(row);
}

/** The last one who freezes is the one that is remembered. */
export async function freeze(ledger: Ledger, operation: OperationName, why: Freeze): Promise<void> {
  await commit(ledger, [{ Put: { TableName: ledger.table, Item: { ...freezeKey(operation), body: json(why) } } }]);
}

/** Also where nothing is frozen. */
export async function thaw(ledger: Ledger, operation: OperationName): Promise<void> {
  await commit(ledger, [{ Delete: { TableName: ledger.table, Key: freezeKey(operation) } }]);
}
