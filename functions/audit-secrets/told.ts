import { day, type Instant } from "../../shared/instant.ts";
import { expiry, json, parse, type Row } from "../../shared/ledger/rows.ts";
import { commit, type Ledger, readQueue } from "../../shared/ledger/store.ts";
import { nothingTold, type Told } from "./decide.ts";

// What was told of each resource stands in a row of its own. Only those of which something was told have a place in the queue,
// so that a few queries read them all.

const queue = "secrets-audited";
const toldKey = (arn: string): Row => ({ pk: { S: `secret#${arn}` }, sk: { S: "audit" } });

/** By ARN: everything of which something was told, or is remembered. */
export async function everythingTold(ledger: Ledger): Promise<Map<string, Told>> {
  const told = new Map<string, Told>();
  for await (const rows of readQueue(ledger, queue, null, rowsAtOnce)) {
    for (const row of rows) told.set(row.order?.S ?? "", parse<Told>(row));
  }
  return told;
}

/** A query reads a megabyte at most, which are some thousands of these. */
const rowsAtOnce = 3_000;

/** Of two audits at the same time the later one is believed: what it tells anew, everybody knows already. */
export async function writeTold(ledger: Ledger, told: ReadonlyMap<string, Told>, now: Instant): Promise<void> {
  const rows = [...told].map(([arn, state]) => {
    const place = isNothing(state) ? expiry(now + keptMs) : { queue: { S: queue }, order: { S: arn } };
    return { Put: { TableName: ledger.table, Item: { ...toldKey(arn), ...place, body: json(state) } } };
  });
  for (let from = 0; from < rows.length; from += writesAtOnce)
    await commit(ledger, rows.slice(from, from + writesAtOnce));
}

const writesAtOnce = 100;
const keptMs = 7 * day;

export function isNothing({ raised, pending }: Told): boolean {
  return Object.keys(raised).length === 0 && pending === null;
}

export function toldOf(told: ReadonlyMap<string, Told>, arn: string): Told {
  return told.get(arn) ?? nothingTold;
}
