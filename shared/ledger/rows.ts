import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Instant, second } from "../instant.ts";

// How the ledger's one table holds what is written into it: `pk` and `sk`, and the sparse index `queue` (sorted by `order`) in
// which only what waits for something has a place. What is not a key is JSON in `body`.

export type Row = Record<string, AttributeValue>;

/** Put, if nobody else has written since it was read. `version` is the one that was read; 0 when there was none. */
export function putVersioned(table: string, item: Row, version: number): TransactWriteItem {
  return {
    Put: {
      TableName: table,
      Item: { ...item, version: { N: String(version + 1) } },
      ConditionExpression: version === 0 ? "attribute_not_exists(pk)" : "version = :version",
      ...(version === 0 ? {} : { ExpressionAttributeValues: { ":version": { N: String(version) } } }),
    },
  };
}

export function putNew(table: string, item: Row): TransactWriteItem {
  return { Put: { TableName: table, Item: item, ConditionExpression: "attribute_not_exists(pk)" } };
}

/** What a row's `body` holds. It is our own writing, so its shape is taken as it was given. */
export function parse<Body>(row: Row): Body {
  return JSON.parse(row.body?.S ?? "null");
}

export function versionOf(row: Row): number {
  return Number(row.version?.N ?? 0);
}

export const json = (body: unknown): AttributeValue => ({ S: JSON.stringify(body) });

/** The table forgets it then, or a little later. */
export function expiry(at: Instant): Row {
  return { expiresAt: { N: String(Math.ceil(at / second)) } };
}
