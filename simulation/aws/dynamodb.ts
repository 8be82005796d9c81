// A DynamoDB that lives in memory, in virtual time. What it claims is held to AWS's own DynamoDB Local by the contract
// suite in test/contract. Where the two disagree, the place in the code says which documentation decided.

import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  type CreateTableCommandInput,
  type CreateTableCommandOutput,
  DeleteItemCommand,
  DescribeTableCommand,
  type DescribeTableCommandOutput,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ResourceInUseException,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Instant } from "../../shared/instant.ts";
import { commandName } from "../commands.ts";
import { batchWriteItem } from "./dynamodb-batch-writes.ts";
import { type ChangeRecord, type Database, tableNamed } from "./dynamodb-database.ts";
import { keyOrder } from "./dynamodb-order.ts";
import { query, scan } from "./dynamodb-query.ts";
import { batchGetItem, getItem } from "./dynamodb-reads.ts";
import { readSchema } from "./dynamodb-schema.ts";
import { createTable } from "./dynamodb-table.ts";
import { transactGet, transactWrite } from "./dynamodb-transactions.ts";
import type { Item } from "./dynamodb-values.ts";
import { deleteItem, putItem, updateItem } from "./dynamodb-writes.ts";

export interface SimulatedDynamoDB {
  /**
   * As the SDK client's, for the low-level commands. What a command writes is written before `send` returns; only the
   * answer is a promise. Throws an Error that names the command or parameter for what is not simulated.
   */
  send: DynamoDBClient["send"];
  /** Calls the listener after each committed write, in order. A write that changes nothing calls nobody. */
  onChange(listener: (record: ChangeRecord) => void): void;
  /**
   * Asked once for each eventually consistent read, if set. Where it answers true, the read sees every item that
   * changed within the last second as it was before that change.
   */
  stale: (() => boolean) | null;
  /** All items of a table, in the order of their keys: the database's own, to be read and never changed. */
  items(table: string): Iterable<Readonly<Item>>;
  /** The first item of an index's partition (a string key), without I/O or staleness: the database's own, never to be changed. */
  firstInIndex(table: string, index: string, partition: string): Readonly<Item> | undefined;
  /** How many items the table has. */
  size(table: string): number;
}

/** An empty DynamoDB whose time is `now`. */
export function createDynamoDb(options: { now: () => Instant }): SimulatedDynamoDB {
  const database: Database = {
    now: options.now,
    tables: new Map(),
    tokens: new Map(),
    listeners: [],
    sequence: 0,
    isStale: () => simulated.stale?.() ?? false,
  };
  const simulated: SimulatedDynamoDB = {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => answer(database, command)) as DynamoDBClient["send"],
    onChange: (listener) => {
      database.listeners.push(listener);
    },
    stale: null,
    *items(table) {
      for (const partition of tableNamed(database, table).base.partitions.values) {
        for (const { item } of partition.values) {
          yield item;
        }
      }
    },
    firstInIndex(table, index, partition) {
      const collection = tableNamed(database, table).indexes.get(index);
      if (collection === undefined) {
        throw new Error(`table ${table} has no index ${index}`);
      }
      return collection.partitions.get(keyOrder({ S: partition }))?.values[0]?.item;
    },
    size: (table) => tableNamed(database, table).size,
  };
  return simulated;
}

function answer(database: Database, command: unknown): unknown {
  if (command instanceof GetItemCommand) {
    return getItem(database, command.input);
  }
  if (command instanceof TransactWriteItemsCommand) {
    return transactWrite(database, command.input);
  }
  if (command instanceof QueryCommand) {
    return query(database, command.input);
  }
  if (command instanceof UpdateItemCommand) {
    return updateItem(database, command.input);
  }
  if (command instanceof PutItemCommand) {
    return putItem(database, command.input);
  }
  if (command instanceof DeleteItemCommand) {
    return deleteItem(database, command.input);
  }
  if (command instanceof ScanCommand) {
    return scan(database, command.input);
  }
  if (command instanceof BatchGetItemCommand) {
    return batchGetItem(database, command.input);
  }
  if (command instanceof BatchWriteItemCommand) {
    return batchWriteItem(database, command.input);
  }
  if (command instanceof TransactGetItemsCommand) {
    return transactGet(database, command.input);
  }
  if (command instanceof DescribeTableCommand) {
    return describe(database, command.input.TableName);
  }
  if (command instanceof CreateTableCommand) {
    return create(database, command.input);
  }
  throw new Error(`the simulated DynamoDB does not implement ${commandName(command)}`);
}

function create(database: Database, input: CreateTableCommandInput): CreateTableCommandOutput {
  const schema = readSchema(input, database.now());
  if (database.tables.has(schema.name)) {
    throw new ResourceInUseException({
      message: `Table already exists: ${schema.name}`,
      $metadata: { httpStatusCode: 400 },
    });
  }
  database.tables.set(schema.name, createTable(schema));
  return { $metadata: { httpStatusCode: 200 }, TableDescription: schema.description };
}

function describe(database: Database, name: string | undefined): DescribeTableCommandOutput {
  const { schema, size } = tableNamed(database, name);
  return { $metadata: { httpStatusCode: 200 }, Table: { ...schema.description, ItemCount: size } };
}
