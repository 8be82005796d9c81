import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Instant } from "../../shared/instant.ts";
import { tableNotFound } from "./dynamodb-errors.ts";
import { equalItems } from "./dynamodb-evaluate.ts";
import { keyOf, type Place } from "./dynamodb-keys.ts";
import { type Stored, type Table, write } from "./dynamodb-table.ts";
import type { Item } from "./dynamodb-values.ts";

/** One record of the change stream. The images are the database's own: read them, never change them. */
export interface ChangeRecord {
  table: string;
  eventName: "INSERT" | "MODIFY" | "REMOVE";
  keys: Readonly<Record<string, AttributeValue>>;
  newImage?: Readonly<Record<string, AttributeValue>>;
  oldImage?: Readonly<Record<string, AttributeValue>>;
  /** Rises by one with each record. */
  sequence: number;
  at: Instant;
}

/** What all operations share. */
export interface Database {
  now(): Instant;
  tables: Map<string, Table>;
  /** Requests that came with a token, oldest first. */
  tokens: Map<string, { request: string; at: Instant }>;
  listeners: ((record: ChangeRecord) => void)[];
  sequence: number;
  /** See SimulatedDynamoDB. */
  isStale(): boolean;
}

/** One item before and after a write that was allowed. */
export interface Change {
  table: Table;
  place: Place;
  before: Stored | undefined;
  after: Stored | undefined;
}

/** Throws a ResourceNotFoundException. */
export function tableNamed(database: Database, name: string | undefined): Table {
  const table = database.tables.get(name ?? "");
  if (table === undefined) {
    throw tableNotFound();
  }
  return table;
}

/** Makes all changes, then tells the listeners of each in turn: nobody sees half a transaction. */
export function commit(database: Database, changes: readonly Change[]): void {
  const at = database.now();
  const real = changes.filter(isReal);
  for (const { table, place, before, after } of real) {
    write(table, place, before, after, at);
  }
  for (const change of real) {
    const record = recordOf(change, ++database.sequence, at);
    for (const listener of database.listeners) {
      listener(record);
    }
  }
}

/** A write that leaves the item as it was leaves no record, as in a DynamoDB stream. */
function isReal({ before, after }: Change): boolean {
  return before === undefined || after === undefined ? before !== after : !equalItems(before.item, after.item);
}

function recordOf({ table, before, after }: Change, sequence: number, at: Instant): ChangeRecord {
  const keys: Item = keyOf(table.schema.key, null, (after ?? before)?.item ?? {});
  return {
    table: table.schema.name,
    eventName: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
    keys,
    ...(after && { newImage: after.item }),
    ...(before && { oldImage: before.item }),
    sequence,
    at,
  };
}
