import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { Broken, Unavailable } from "../failures.ts";
import { type Instant, iso } from "../instant.ts";
import type { Row } from "./rows.ts";

/** The table and the way to it. */
export interface Ledger {
  client: Pick<DynamoDBClient, "send">;
  table: string;
}

/** A transaction takes at most a hundred actions. */
const maximumWrites = 100;

/**
 * All or nothing. False when somebody else was first: read again, and decide anew. Throws `Unavailable` when the table
 * refuses for its own reasons.
 */
export async function commit({ client }: Ledger, writes: TransactWriteItem[]): Promise<boolean> {
  if (writes.length > maximumWrites) throw new Broken(`${writes.length} writes in one transaction`);
  try {
    // The SDK gives each call a token of its own, so that trying it again after a lost reply does not fail on itself.
    await client.send(new TransactWriteItemsCommand({ TransactItems: writes }));
    return true;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? "None");
    if (codes.some((code) => code === "ConditionalCheckFailed" || code === "TransactionConflict")) return false;
    throw new Unavailable(`the ledger cancelled a transaction: ${codes.join(", ")}`, { cause: error });
  }
}

/** What is written whatever is there. Throws `Unavailable` when others are at the same rows each time. */
export async function commitAnyway(ledger: Ledger, writes: TransactWriteItem[]): Promise<void> {
  for (let attempt = 0; attempt < maximumAttempts; attempt++) if (await commit(ledger, writes)) return;
  throw new Unavailable(`others changed the same rows ${maximumAttempts} times in a row`);
}

/** Every key's row, as it is now; null where there is none. At most a hundred keys. */
export async function readRows({ client, table }: Ledger, keys: readonly Row[]): Promise<(Row | null)[]> {
  const found = new Map<string, Row>();
  let wanted = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  for (let attempt = 0; wanted.length > 0; attempt++) {
    if (attempt === maximumAttempts) throw new Unavailable("the ledger does not give all rows that were asked for");
    const request = { [table]: { Keys: wanted, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems: request }));
    for (const row of Responses?.[table] ?? []) found.set(nameOf(row), row);
    wanted = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return keys.map((key) => found.get(nameOf(key)) ?? null);
}

export async function readRow({ client, table }: Ledger, key: Row): Promise<Row | null> {
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }));
  return Item ?? null;
}

/** What waits in a queue and is due by then, the longest due first, page by page. Eventually consistent. */
export function readQueue(ledger: Ledger, queue: string, until: Instant | null, limit = 100): AsyncGenerator<Row[]> {
  return queryPages(ledger, {
    IndexName: "queue",
    KeyConditionExpression: until === null ? "#queue = :queue" : "#queue = :queue AND #order <= :until",
    ExpressionAttributeNames: until === null ? { "#queue": "queue" } : { "#queue": "queue", "#order": "order" },
    ExpressionAttributeValues: { ":queue": { S: queue }, ...(until === null ? {} : { ":until": { S: iso(until) } }) },
    Limit: limit,
  });
}

const maximumAttempts = 8;

type Query = Omit<ConstructorParameters<typeof QueryCommand>[0], "TableName">;

async function* queryPages({ client, table }: Ledger, query: Query): AsyncGenerator<Row[]> {
  let from: Row | undefined;
  do {
    const page: { Items?: Row[]; LastEvaluatedKey?: Row } = await client.send(
      new QueryCommand({ ...query, TableName: table, ExclusiveStartKey: from }),
    );
    yield page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

function nameOf({ pk, sk }: Row): string {
  return `${pk?.S}\n${sk?.S}`;
}
