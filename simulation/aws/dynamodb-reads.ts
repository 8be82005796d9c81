import type {
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  Get,
  GetItemCommandInput,
  GetItemCommandOutput,
  KeysAndAttributes,
} from "@aws-sdk/client-dynamodb";
import { createBinder } from "./dynamodb-binding.ts";
import { type Database, tableNamed } from "./dynamodb-database.ts";
import { refuseUnknownParameters, validation } from "./dynamodb-errors.ts";
import { admitKey, type Place, placeOf } from "./dynamodb-keys.ts";
import { position } from "./dynamodb-order.ts";
import { project } from "./dynamodb-paths.ts";
import { read, readStale, type Stored, type Table } from "./dynamodb-table.ts";
import { copyItem, type Item } from "./dynamodb-values.ts";

const maximumBatchKeys = 100;
const maximumBatchBytes = 16 * 1024 * 1024;
const metadata = { httpStatusCode: 200 };
const projectionParameters = ["ProjectionExpression", "ExpressionAttributeNames", "ConsistentRead"];
const getParameters = new Set([...projectionParameters, "TableName", "Key"]);
const batchParameters = new Set(["RequestItems"]);
const batchTableParameters = new Set([...projectionParameters, "Keys"]);

export interface GetRequest {
  table: Table;
  place: Place;
  /** A copy of what the request wants to see of an item. */
  show(stored: Stored): Item;
}

export function getItem(database: Database, input: GetItemCommandInput): GetItemCommandOutput {
  refuseUnknownParameters("GetItemCommand", input, getParameters);
  const { table, place, show } = readGet(database, input);
  const stored = isStale(database, input) ? readStale(table, place, database.now()) : read(table, place);
  return { $metadata: metadata, ...(stored && { Item: show(stored) }) };
}

/** Whole items until 16 MB are full; the keys beyond them come back as UnprocessedKeys. */
export function batchGetItem(database: Database, input: BatchGetItemCommandInput): BatchGetItemCommandOutput {
  refuseUnknownParameters("BatchGetItemCommand", input, batchParameters);
  const batch = Object.entries(input.RequestItems ?? {});
  if (batch.length === 0) {
    throw validation("BatchGetItem must have some requests set");
  }
  const tables = batch.map(([name, wanted]) => ({ name, wanted, requests: readBatch(database, name, wanted) }));
  if (tables.reduce((total, { requests }) => total + requests.length, 0) > maximumBatchKeys) {
    throw validation("Too many items requested for the BatchGetItem call");
  }
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, KeysAndAttributes> = {};
  let bytes = 0;
  for (const { name, wanted, requests } of tables) {
    const stale = isStale(database, wanted);
    const items: Item[] = [];
    responses[name] = items;
    for (const [at, { table, place, show }] of requests.entries()) {
      const stored = stale ? readStale(table, place, database.now()) : read(table, place);
      bytes += stored?.bytes ?? 0;
      if (bytes > maximumBatchBytes) {
        unprocessed[name] = { ...wanted, Keys: (wanted.Keys ?? []).slice(at) };
        break;
      }
      if (stored !== undefined) {
        items.push(show(stored));
      }
    }
  }
  return { $metadata: metadata, Responses: responses, UnprocessedKeys: unprocessed };
}

/** Throws ValidationExceptions and ResourceNotFoundExceptions. */
export function readGet(database: Database, input: GetItemCommandInput | Get): GetRequest {
  const table = tableNamed(database, input.TableName);
  const show = readProjection(input);
  const key = admitKey(table.schema.key, input.Key);
  return { table, place: placeOf(table.schema.key, key), show };
}

/** True if this eventually consistent read is to see the past. */
export function isStale(database: Database, input: { ConsistentRead?: boolean | undefined }): boolean {
  return input.ConsistentRead !== true && database.isStale();
}

function readBatch(database: Database, name: string, wanted: KeysAndAttributes): GetRequest[] {
  refuseUnknownParameters("BatchGetItemCommand", wanted, batchTableParameters);
  const table = tableNamed(database, name);
  const show = readProjection(wanted);
  const keys = wanted.Keys ?? [];
  if (keys.length === 0) {
    throw validation(`The list of keys in RequestItems for BatchGetItem is required: ${name} has empty list`);
  }
  const requests = keys.map((key) => ({
    table,
    place: placeOf(table.schema.key, admitKey(table.schema.key, key)),
    show,
  }));
  if (new Set(requests.map(({ place }) => position(place.partition, place.position))).size < keys.length) {
    throw validation("Provided list of item keys contains duplicates");
  }
  return requests;
}

function readProjection(input: GetItemCommandInput | Get | KeysAndAttributes): (stored: Stored) => Item {
  if (input.ProjectionExpression === undefined && input.ExpressionAttributeNames === undefined) {
    return showAll;
  }
  const binder = createBinder({ ExpressionAttributeNames: input.ExpressionAttributeNames });
  const paths = binder.projection(input.ProjectionExpression);
  binder.finish();
  return paths === null ? showAll : ({ item }) => project(item, paths);
}

function showAll({ item }: Stored): Item {
  return copyItem(item);
}
