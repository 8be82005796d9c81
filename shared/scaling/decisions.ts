import { QueryCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { day, type Instant, iso } from "../instant.ts";
import { expiry, json, parse, putVersioned, type Row, versionOf } from "../ledger/rows.ts";
import { commit, type Ledger, readRows } from "../ledger/store.ts";
import { blankMemory } from "./evaluate.ts";
import type { DecisionRecord, HoldReason, Memory, TargetPolicy, Verdict } from "./types.ts";

// The table of decisions: of each target one row that is remembered, and its decisions by their time, which expire. What is
// decided as before is not written again.

/** What a target's decisions are told apart by. */
export interface Told {
  verdict: Verdict;
  reason: HoldReason | null;
  rule: string | null;
}

/** What is kept of a target between two evaluations. */
export interface Remembered {
  memory: Memory;
  /** Of the last decision that was written; null before the first. */
  told: Told | null;
  /** Findings that were raised and not cleared. */
  raised: string[];
  /** A change that was begun, and that nobody has seen yet. */
  pending: Pending | null;
  /** How often it is looked at. */
  everyMinutes: number;
  /** Of the row that it was read from; 0 where there was none. */
  version: number;
}

export interface Pending {
  /** What there was, and what there shall be. */
  from: number | null;
  wanted: number;
  at: Instant;
  /** When it was first tried. */
  since: Instant;
  /** What was remembered before it: where nothing has come of it, it is as if it had never been decided. */
  before: Memory;
}

const pageSize = 100;

/** Of many targets, in their order. */
export async function readRemembered(table: Ledger, policies: readonly TargetPolicy[]): Promise<Remembered[]> {
  const found: Remembered[] = [];
  for (let first = 0; first < policies.length; first += pageSize) {
    const some = policies.slice(first, first + pageSize);
    const rows = await readRows(
      table,
      some.map(({ name }) => memoryKey(name)),
    );
    found.push(...some.map((policy, index) => rememberedOf(policy, rows[index] ?? null)));
  }
  return found;
}

/** Of a target that was never evaluated. */
export function nothingRemembered(policy: TargetPolicy): Remembered {
  return { memory: blankMemory(policy), told: null, raised: [], pending: null, everyMinutes: 1, version: 0 };
}

function rememberedOf(policy: TargetPolicy, row: Row | null): Remembered {
  const blank = nothingRemembered(policy);
  return row === null ? blank : { ...blank, ...parse<Omit<Remembered, "version">>(row), version: versionOf(row) };
}

/** Keeps what is remembered and, where there is one, the decision that it comes from. False when somebody else was first. */
export async function keepRemembered(
  table: Ledger,
  name: string,
  { version, ...remembered }: Remembered,
  record: DecisionRecord | null,
  retentionDays: number,
): Promise<boolean> {
  const row = { ...memoryKey(name), body: json(remembered) };
  const writes: TransactWriteItem[] = [putVersioned(table.table, row, version)];
  if (record !== null) {
    const { at } = record.decision;
    const item = { ...decisionKey(name, at), body: json(record), ...expiry(at + retentionDays * day) };
    writes.push({ Put: { TableName: table.table, Item: item } });
  }
  return await commit(table, writes);
}

/** The last decision of a target that was written by then; null where there is none, or none any more. */
export async function decisionAt(table: Ledger, name: string, at: Instant): Promise<DecisionRecord | null> {
  for await (const records of decisionsUntil(table, name, at, 1)) return records[0] ?? null;
  return null;
}

/** A target's decisions from one instant to another, both included, page by page, the oldest first. */
export async function* decisionsBetween(
  table: Ledger,
  name: string,
  first: Instant,
  last: Instant,
): AsyncGenerator<DecisionRecord[]> {
  yield* pages(table, {
    KeyConditionExpression: "pk = :target AND sk BETWEEN :first AND :last",
    ExpressionAttributeValues: {
      ":target": { S: partition(name) },
      ":first": { S: sortKey(first) },
      ":last": { S: sortKey(last) },
    },
  });
}

function decisionsUntil(table: Ledger, name: string, until: Instant, limit: number): AsyncGenerator<DecisionRecord[]> {
  return pages(table, {
    KeyConditionExpression: "pk = :target AND sk BETWEEN :first AND :last",
    ExpressionAttributeValues: {
      ":target": { S: partition(name) },
      ":first": { S: sortKey(0) },
      ":last": { S: sortKey(until) },
    },
    ScanIndexForward: false,
    Limit: limit,
  });
}

type Query = Omit<ConstructorParameters<typeof QueryCommand>[0], "TableName">;

async function* pages({ client, table }: Ledger, query: Query): AsyncGenerator<DecisionRecord[]> {
  let from: Row | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({ ...query, TableName: table, ConsistentRead: true, ExclusiveStartKey: from }),
    );
    if (Items.length > 0) yield Items.map((row) => parse<DecisionRecord>(row));
    from = LastEvaluatedKey;
  } while (from !== undefined);
}

const partition = (name: string) => `target#${name}`;
const sortKey = (at: Instant) => `decision#${iso(at)}`;
const memoryKey = (name: string): Row => ({ pk: { S: partition(name) }, sk: { S: "memory" } });
const decisionKey = (name: string, at: Instant): Row => ({ pk: { S: partition(name) }, sk: { S: sortKey(at) } });
