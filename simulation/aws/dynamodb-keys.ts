import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { validation } from "./dynamodb-errors.ts";
import { keyOrder, position } from "./dynamodb-order.ts";
import { type IndexSchema, type KeyAttribute, type KeySchema, keyNames } from "./dynamodb-schema.ts";
import { admitItem, type Item } from "./dynamodb-values.ts";

/** Where an item stands: its partition, and its position in it. Both sort as the keys do. */
export interface Place {
  partition: string;
  position: string;
}

const maximumPartitionBytes = 2048;
const maximumSortBytes = 1024;

/** A checked copy of a key as a request names it: the key attributes and no others. Throws a ValidationException. */
export function admitKey(schema: KeySchema, given: Item | undefined): Item {
  const key = admitItem(given ?? {});
  const names = keyNames(schema);
  if (Object.keys(key).length !== names.length || !names.every((name) => Object.hasOwn(key, name))) {
    throw validation("The provided key element does not match the schema");
  }
  for (const attribute of attributes(schema)) {
    if (key[attribute.name]?.[attribute.type] === undefined) {
      throw validation("The provided key element does not match the schema");
    }
  }
  checkKeyValues(schema, key);
  return key;
}

/** Refuses an item without its keys, or with wrong ones, by a ValidationException. */
export function checkKeysOfItem(schema: KeySchema, item: Item): void {
  for (const { name, type } of attributes(schema)) {
    const value = item[name];
    if (value === undefined) {
      throw validation(`One or more parameter values were invalid: Missing the key ${name} in the item`);
    }
    if (value[type] === undefined) {
      const actual = Object.keys(value).join("");
      throw validation(
        `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type} actual: ${actual}`,
      );
    }
  }
  checkKeyValues(schema, item);
}

/** The place of an item that has its keys. */
export function placeOf(schema: KeySchema, item: Item): Place {
  const { partition, sort } = schema;
  return {
    partition: orderOf(item[partition.name]),
    position: position(sort === null ? "" : orderOf(item[sort.name]), ""),
  };
}

/** The place of an item in an index, or undefined if it lacks one of the index's keys: an index is sparse. */
export function placeInIndex(index: KeySchema, table: KeySchema, item: Item): Place | undefined {
  const partition = item[index.partition.name];
  const sort = index.sort === null ? undefined : item[index.sort.name];
  if (partition === undefined || (index.sort !== null && sort === undefined)) {
    return undefined;
  }
  const own = placeOf(table, item);
  const tie = position(own.partition, own.position);
  return {
    partition: keyOrder(partition),
    position: position(sort === undefined ? "" : keyOrder(sort), tie),
  };
}

/** The part of the item that is its key, and its key in the index if one is given: what LastEvaluatedKey shows. */
export function keyOf(table: KeySchema, index: KeySchema | null, item: Item): Item {
  const key: Item = {};
  for (const name of [...keyNames(table), ...(index === null ? [] : keyNames(index))]) {
    const value = item[name];
    if (value !== undefined) {
      key[name] = value;
    }
  }
  return key;
}

/** An index key must have its defined type. Throws a ValidationException. */
export function checkIndexTypes(indexes: readonly IndexSchema[], item: Item): void {
  for (const index of indexes) {
    for (const { name, type } of attributes(index.key)) {
      const value = item[name];
      if (value !== undefined && value[type] === undefined) {
        const actual = Object.keys(value).join("");
        throw validation(
          `One or more parameter values were invalid: Type mismatch for Index Key ${name} ` +
            `Expected: ${type} Actual: ${actual} IndexName: ${index.name}`,
        );
      }
    }
    checkIndexSizes(index, item);
  }
}

/** An index key must not be empty. Throws a ValidationException that begins with `opening`. */
export function checkIndexValues(indexes: readonly IndexSchema[], item: Item, opening: string): void {
  for (const index of indexes) {
    for (const { name } of attributes(index.key)) {
      const value = item[name];
      if (value !== undefined && isEmpty(value)) {
        throw validation(`${opening} ${emptyKey(value)} IndexName: ${index.name}, IndexKey: ${name}`);
      }
    }
  }
}

function attributes(schema: KeySchema): KeyAttribute[] {
  return schema.sort === null ? [schema.partition] : [schema.partition, schema.sort];
}

function checkKeyValues(schema: KeySchema, item: Item): void {
  for (const { name } of attributes(schema)) {
    const value = item[name];
    if (value !== undefined && isEmpty(value)) {
      throw validation(`One or more parameter values are not valid. ${emptyKey(value)} Key: ${name}`);
    }
  }
  if (bytesOf(item[schema.partition.name]) > maximumPartitionBytes) {
    throw validation(
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    );
  }
  if (schema.sort !== null && bytesOf(item[schema.sort.name]) > maximumSortBytes) {
    throw validation(
      "One or more parameter values were invalid: " +
        "Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
    );
  }
}

function checkIndexSizes(index: IndexSchema, item: Item): void {
  const { partition, sort } = index.key;
  if (
    bytesOf(item[partition.name]) > maximumPartitionBytes ||
    (sort !== null && bytesOf(item[sort.name]) > maximumSortBytes)
  ) {
    throw validation(`One or more parameter values were invalid: Size limit exceeded for a key of ${index.name}`);
  }
}

function orderOf(value: AttributeValue | undefined): string {
  return value === undefined ? "" : keyOrder(value);
}

function isEmpty(value: AttributeValue): boolean {
  return value.S === "" || value.B?.byteLength === 0;
}

function emptyKey(value: AttributeValue): string {
  const kind = value.S === undefined ? "binary" : "string";
  return `The AttributeValue for a key attribute cannot contain an empty ${kind} value.`;
}

function bytesOf(value: AttributeValue | undefined): number {
  return value?.S === undefined ? (value?.B?.byteLength ?? 0) : Buffer.byteLength(value.S);
}
