import type {
  ConditionCheck,
  Delete,
  DeleteItemCommandInput,
  DeleteItemCommandOutput,
  Put,
  PutItemCommandInput,
  PutItemCommandOutput,
  Update,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { createBinder } from "./dynamodb-binding.ts";
import { type Change, commit, type Database, tableNamed } from "./dynamodb-database.ts";
import { conditionalCheckFailed, refuseUnknownParameters, validation } from "./dynamodb-errors.ts";
import { meets } from "./dynamodb-evaluate.ts";
import { admitKey, checkIndexTypes, checkIndexValues, checkKeysOfItem, type Place, placeOf } from "./dynamodb-keys.ts";
import { readAt } from "./dynamodb-paths.ts";
import { keyNames } from "./dynamodb-schema.ts";
import { type BoundCondition, type BoundUpdate, emptyUpdate } from "./dynamodb-syntax.ts";
import { read, type Stored, type Table } from "./dynamodb-table.ts";
import { updated, writtenPaths } from "./dynamodb-update.ts";
import { admitItem, copyItem, type Item, itemBytes } from "./dynamodb-values.ts";

/** A write whose request is in order; whether the item allows it is asked later. */
export interface WriteRequest {
  table: Table;
  place: Place;
  condition: BoundCondition | null;
  /** What the item becomes. Throws a ValidationException if the item does not let itself be changed so. */
  after(before: Stored | undefined): Stored | undefined;
  /** The item as it stands is shown to a caller whose condition failed. */
  showsOnFailure: boolean;
  /** What the request counts towards the limit of a transaction. */
  bytes: number;
}

export const maximumItemBytes = 400 * 1024;

const metadata = { httpStatusCode: 200 };
const conditionParameters = [
  "TableName",
  "ConditionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ReturnValues",
  "ReturnValuesOnConditionCheckFailure",
];
const putParameters = new Set([...conditionParameters, "Item"]);
const deleteParameters = new Set([...conditionParameters, "Key"]);
const updateParameters = new Set([...conditionParameters, "Key", "UpdateExpression"]);

export function putItem(database: Database, input: PutItemCommandInput): PutItemCommandOutput {
  refuseUnknownParameters("PutItemCommand", input, putParameters);
  const shown = oldOrNone(input.ReturnValues);
  const { before } = perform(database, readPut(database, input));
  return { $metadata: metadata, ...(shown && before && { Attributes: copyItem(before.item) }) };
}

export function deleteItem(database: Database, input: DeleteItemCommandInput): DeleteItemCommandOutput {
  refuseUnknownParameters("DeleteItemCommand", input, deleteParameters);
  const shown = oldOrNone(input.ReturnValues);
  const { before } = perform(database, readDelete(database, input));
  return { $metadata: metadata, ...(shown && before && { Attributes: copyItem(before.item) }) };
}

export function updateItem(database: Database, input: UpdateItemCommandInput): UpdateItemCommandOutput {
  refuseUnknownParameters("UpdateItemCommand", input, updateParameters);
  const { request, update } = readUpdate(database, input);
  const { before, after } = perform(database, request);
  const attributes = returned(input.ReturnValues, update, before?.item, after?.item);
  return { $metadata: metadata, ...(attributes && { Attributes: attributes }) };
}

/** Throws ValidationExceptions and ResourceNotFoundExceptions, as the other readers do. */
export function readPut(database: Database, input: PutItemCommandInput | Put): WriteRequest {
  const table = tableNamed(database, input.TableName);
  const condition = readCondition(input);
  const item = admitItem(input.Item ?? {});
  const bytes = itemBytes(item);
  checkKeysOfItem(table.schema.key, item);
  checkIndexValues(
    table.schema.indexes,
    item,
    "One or more parameter values are not valid. A value specified for a secondary index key is not supported.",
  );
  if (bytes > maximumItemBytes) {
    throw validation("Item size has exceeded the maximum allowed size");
  }
  return {
    ...shared(table, placeOf(table.schema.key, item), condition, input),
    bytes,
    after() {
      checkIndexTypes(table.schema.indexes, item);
      return { item, bytes };
    },
  };
}

export function readDelete(database: Database, input: DeleteItemCommandInput | Delete): WriteRequest {
  const table = tableNamed(database, input.TableName);
  const condition = readCondition(input);
  const key = admitKey(table.schema.key, input.Key);
  return {
    ...shared(table, placeOf(table.schema.key, key), condition, input),
    bytes: itemBytes(key),
    after: () => undefined,
  };
}

export function readCheck(database: Database, input: ConditionCheck): WriteRequest {
  const table = tableNamed(database, input.TableName);
  const condition = readCondition(input);
  const key = admitKey(table.schema.key, input.Key);
  return {
    ...shared(table, placeOf(table.schema.key, key), condition, input),
    bytes: itemBytes(key),
    after: (before) => before,
  };
}

export function readUpdate(
  database: Database,
  input: UpdateItemCommandInput | Update,
): { request: WriteRequest; update: BoundUpdate } {
  const table = tableNamed(database, input.TableName);
  const binder = createBinder(input);
  const update = binder.update(input.UpdateExpression) ?? emptyUpdate;
  const condition = binder.condition(input.ConditionExpression, "ConditionExpression");
  binder.finish();
  const key = admitKey(table.schema.key, input.Key);
  const request = {
    ...shared(table, placeOf(table.schema.key, key), condition, input),
    bytes: itemBytes(key) + itemBytes(input.ExpressionAttributeValues ?? {}),
    after: (before: Stored | undefined) => afterUpdate(table, before?.item ?? key, update),
  };
  return { request, update };
}

/** True if the condition, where there is one, holds for the item as it stands. */
export function allows(request: WriteRequest, before: Stored | undefined): boolean {
  return request.condition === null || meets(request.condition, before?.item ?? {});
}

function perform(database: Database, request: WriteRequest): Change {
  const { table, place } = request;
  const before = read(table, place);
  if (!allows(request, before)) {
    throw conditionalCheckFailed(request.showsOnFailure && before ? copyItem(before.item) : undefined);
  }
  const change = { table, place, before, after: request.after(before) };
  commit(database, [change]);
  return change;
}

function afterUpdate(table: Table, before: Item, update: BoundUpdate): Stored {
  const { key, indexes } = table.schema;
  const written = writtenPaths(update).map(([name]) => name);
  const changedKey = keyNames(key).find((name) => written.includes(name));
  if (changedKey !== undefined) {
    throw validation(
      "One or more parameter values were invalid: " +
        `Cannot update attribute ${changedKey}. This attribute is part of the key`,
    );
  }
  const item = updated(before, update);
  checkIndexTypes(indexes, item);
  checkIndexValues(
    indexes,
    item,
    "One or more parameter values are not valid. " +
      "The update expression attempted to update a secondary index key to a value that is not supported.",
  );
  const bytes = itemBytes(item);
  if (bytes > maximumItemBytes) {
    throw validation("Item size to update has exceeded the maximum allowed size");
  }
  return { item, bytes };
}

function readCondition(input: PutItemCommandInput | Put | Delete | ConditionCheck): BoundCondition | null {
  const binder = createBinder(input);
  const condition = binder.condition(input.ConditionExpression, "ConditionExpression");
  binder.finish();
  return condition;
}

function shared(
  table: Table,
  place: Place,
  condition: BoundCondition | null,
  input: { ReturnValuesOnConditionCheckFailure?: string | undefined },
): Pick<WriteRequest, "table" | "place" | "condition" | "showsOnFailure"> {
  return { table, place, condition, showsOnFailure: input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" };
}

/** True for ALL_OLD, false for NONE; PutItem and DeleteItem know no other. */
function oldOrNone(returnValues: string | undefined): boolean {
  if (returnValues !== undefined && returnValues !== "NONE" && returnValues !== "ALL_OLD") {
    throw validation("Return values set to invalid value");
  }
  return returnValues === "ALL_OLD";
}

function returned(
  returnValues: string | undefined,
  update: BoundUpdate,
  before: Item | undefined,
  after: Item | undefined,
): Item | undefined {
  if (returnValues === undefined || returnValues === "NONE") {
    return undefined;
  }
  const whole = returnValues.endsWith("_OLD") ? before : after;
  if (returnValues.startsWith("ALL_") || whole === undefined) {
    return whole && copyItem(whole);
  }
  const part: Item = {};
  // An attribute is shown whole, and only if the update's own path is there, as in DynamoDB Local.
  for (const path of writtenPaths(update)) {
    const name = String(path[0]);
    const value = whole[name];
    if (value !== undefined && readAt(whole, path) !== undefined) {
      part[name] = value;
    }
  }
  return Object.keys(part).length === 0 ? undefined : copyItem(part);
}
