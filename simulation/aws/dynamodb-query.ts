import type {
  QueryCommandInput,
  QueryCommandOutput,
  ScanCommandInput,
  ScanCommandOutput,
} from "@aws-sdk/client-dynamodb";
import type { Instant } from "../../shared/instant.ts";
import { createBinder } from "./dynamodb-binding.ts";
import { type Database, tableNamed } from "./dynamodb-database.ts";
import { refuseUnknownParameters, validation } from "./dynamodb-errors.ts";
import { meets } from "./dynamodb-evaluate.ts";
import { type KeyRange, namesIn, readKeyRange } from "./dynamodb-key-condition.ts";
import { checkKeysOfItem, keyOf, type Place } from "./dynamodb-keys.ts";
import { project } from "./dynamodb-paths.ts";
import { isStale } from "./dynamodb-reads.ts";
import { keyNames } from "./dynamodb-schema.ts";
import type { BoundCondition, Path } from "./dynamodb-syntax.ts";
import { type Collection, partitionKeys, partitionOf, placeIn, type Stored, type Table } from "./dynamodb-table.ts";
import { admitItem, copyItem, type Item } from "./dynamodb-values.ts";

/** A page is full once it has read this much, filtered out or not. */
const maximumPageBytes = 1024 * 1024;

const sharedParameters = [
  "TableName",
  "IndexName",
  "FilterExpression",
  "ProjectionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "Limit",
  "ExclusiveStartKey",
  "ConsistentRead",
  "Select",
];
const scanParameters = new Set(sharedParameters);
const queryParameters = new Set([...sharedParameters, "KeyConditionExpression", "ScanIndexForward"]);

export function query(database: Database, input: QueryCommandInput): QueryCommandOutput {
  refuseUnknownParameters("QueryCommand", input, queryParameters);
  const { table, collection } = sourceOf(database, input, "querying");
  const binder = createBinder(input);
  const condition = binder.condition(input.KeyConditionExpression, "KeyConditionExpression");
  const filter = binder.condition(input.FilterExpression, "FilterExpression");
  const projection = binder.projection(input.ProjectionExpression);
  binder.finish();
  if (condition === null) {
    throw validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  }
  refuseFilterOnKeys(collection, filter);
  const range = readKeyRange(condition, collection.key);
  const start = startOf(table, collection, input.ExclusiveStartKey);
  if (start !== null && !isWithin(range, start)) {
    throw validation("The provided starting key is outside query boundaries based on provided conditions");
  }
  const staleAt = isStale(database, input) ? database.now() : null;
  const stored = walkRange(table, collection, range, start, input.ScanIndexForward !== false, staleAt);
  return readPage(stored, { input, table, collection, filter, projection });
}

/** Partition by partition in the order of their keys: AWS's own order is by hash, and promised to nobody. */
export function scan(database: Database, input: ScanCommandInput): ScanCommandOutput {
  refuseUnknownParameters("ScanCommand", input, scanParameters);
  const { table, collection } = sourceOf(database, input, "scanning");
  const binder = createBinder(input);
  const filter = binder.condition(input.FilterExpression, "FilterExpression");
  const projection = binder.projection(input.ProjectionExpression);
  binder.finish();
  const start = startOf(table, collection, input.ExclusiveStartKey);
  const staleAt = isStale(database, input) ? database.now() : null;
  return readPage(walkAll(table, collection, start, staleAt), { input, table, collection, filter, projection });
}

interface Page {
  input: QueryCommandInput | ScanCommandInput;
  table: Table;
  collection: Collection;
  filter: BoundCondition | null;
  projection: readonly Path[] | null;
}

function readPage(stored: Iterable<Stored>, page: Page): QueryCommandOutput {
  const { input, table, collection, filter, projection } = page;
  checkSelect(input, collection);
  const limit = input.Limit ?? Number.POSITIVE_INFINITY;
  if (limit < 1) {
    throw validation("Limit must be greater than or equal to 1");
  }
  const items: Item[] = [];
  let count = 0;
  let scanned = 0;
  let bytes = 0;
  let last: Stored | null = null;
  let isFull = false;
  for (const each of stored) {
    if (bytes >= maximumPageBytes) {
      isFull = true;
      break;
    }
    last = each;
    scanned += 1;
    bytes += each.bytes;
    if (filter === null || meets(filter, each.item)) {
      count += 1;
      if (input.Select !== "COUNT") {
        items.push(projection === null ? copyItem(each.item) : project(each.item, projection));
      }
    }
    if (scanned === limit) {
      isFull = true;
      break;
    }
  }
  const key =
    isFull && last !== null ? copyItem(keyOf(table.schema.key, collection.index?.key ?? null, last.item)) : null;
  return {
    $metadata: { httpStatusCode: 200 },
    ...(input.Select !== "COUNT" && { Items: items }),
    Count: count,
    ScannedCount: scanned,
    ...(key && { LastEvaluatedKey: key }),
  };
}

function* walkRange(
  table: Table,
  collection: Collection,
  range: KeyRange,
  start: Place | null,
  forward: boolean,
  staleAt: Instant | null,
): Generator<Stored> {
  const list = partitionOf(table, collection, range.partition, staleAt);
  let low = range.from === null ? 0 : list.place(range.from);
  let high = range.to === null ? list.keys.length : list.place(range.to);
  if (start !== null) {
    const at = list.place(start.position);
    low = forward ? at + (list.keys[at] === start.position ? 1 : 0) : low;
    high = forward ? high : at;
  }
  for (let passed = 0; passed < high - low; passed++) {
    const stored = list.values[forward ? low + passed : high - 1 - passed];
    if (stored !== undefined) {
      yield stored;
    }
  }
}

function* walkAll(
  table: Table,
  collection: Collection,
  start: Place | null,
  staleAt: Instant | null,
): Generator<Stored> {
  for (const partition of partitionKeys(table, collection, staleAt)) {
    if (start === null || partition >= start.partition) {
      const first = start?.partition === partition ? start : null;
      yield* walkRange(table, collection, { partition, from: null, to: null }, first, true, staleAt);
    }
  }
}

function sourceOf(
  database: Database,
  input: QueryCommandInput | ScanCommandInput,
  doing: string,
): { table: Table; collection: Collection } {
  const table = tableNamed(database, input.TableName);
  if (input.IndexName === undefined) {
    return { table, collection: table.base };
  }
  const collection = table.indexes.get(input.IndexName);
  if (collection === undefined) {
    throw validation(`The table does not have the specified index: ${input.IndexName}`);
  }
  if (input.ConsistentRead === true) {
    throw validation(`Consistent read cannot be true when ${doing} a GSI`);
  }
  return { table, collection };
}

function startOf(table: Table, collection: Collection, given: Item | undefined): Place | null {
  if (given === undefined) {
    return null;
  }
  const key = admitItem(given);
  const schemas = collection.index === null ? [table.schema.key] : [table.schema.key, collection.key];
  for (const schema of schemas) {
    checkKeysOfItem(schema, key);
  }
  if (Object.keys(key).length !== new Set(schemas.flatMap(keyNames)).size) {
    throw validation("The provided starting key is invalid");
  }
  return placeIn(collection, table, { item: key, bytes: 0 }) ?? null;
}

function isWithin({ partition, from, to }: KeyRange, start: Place): boolean {
  return (
    start.partition === partition && (from === null || start.position >= from) && (to === null || start.position < to)
  );
}

function refuseFilterOnKeys(collection: Collection, filter: BoundCondition | null): void {
  const keys = keyNames(collection.key);
  const name = filter === null ? undefined : namesIn(filter).find((each) => keys.includes(each));
  if (name !== undefined) {
    throw validation(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`);
  }
}

function checkSelect(input: QueryCommandInput | ScanCommandInput, collection: Collection): void {
  const { Select: select, ProjectionExpression: projection } = input;
  if (select === "SPECIFIC_ATTRIBUTES" && projection === undefined) {
    throw validation(
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    );
  }
  if (select !== undefined && select !== "SPECIFIC_ATTRIBUTES" && projection !== undefined) {
    const what = select === "COUNT" ? "only the Count" : select;
    throw validation(`Cannot specify the ProjectionExpression when choosing to get ${what}`);
  }
  if (select === "ALL_PROJECTED_ATTRIBUTES" && collection.index === null) {
    throw validation("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  if (select === "ALL_ATTRIBUTES" && collection.index !== null && collection.index.projected !== null) {
    throw validation(
      "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for " +
        `global secondary index ${collection.index.name} because its projection type is not ALL`,
    );
  }
}
