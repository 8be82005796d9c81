import {
  CreateTableCommand,
  DeleteItemCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, test } from "vitest";
import { minute, second } from "../../../shared/instant.ts";
import { createDynamoDb, type SimulatedDynamoDB } from "../../../simulation/aws/dynamodb.ts";
import type { ChangeRecord } from "../../../simulation/aws/dynamodb-database.ts";
import { type Connection, createLedger, type Item, key, number, put, text } from "../../contract/connection.ts";

let now: number;
let simulated: SimulatedDynamoDB;
let connection: Connection;
let table: string;
let records: ChangeRecord[];

beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  simulated = createDynamoDb({ now: () => now });
  connection = { send: simulated.send, changes: async () => [] };
  table = await createLedger(connection);
  records = [];
  simulated.onChange((record) => records.push(record));
});

const due = (sk: string, order: string): Item => ({ ...key("a", sk), queue: text("due"), order: text(order) });

describe("a stale read", () => {
  const get = async (consistent = false): Promise<Item | undefined> => {
    const command = new GetItemCommand({ TableName: table, Key: key("a", "1"), ConsistentRead: consistent });
    return (await connection.send(command)).Item;
  };
  const queue = async (): Promise<(string | undefined)[]> => {
    const { Items } = await connection.send(
      new QueryCommand({
        TableName: table,
        IndexName: "queue",
        KeyConditionExpression: "queue = :q",
        ExpressionAttributeValues: { ":q": text("due") },
      }),
    );
    return (Items ?? []).map(({ sk }) => sk?.S);
  };

  test("sees the item before its last change, for a second, and only if it is not consistent", async () => {
    simulated.stale = () => true;
    await put(connection, table, { ...key("a", "1"), n: number(1) });
    expect(await get()).toBeUndefined();
    now += second;
    expect((await get())?.n).toEqual(number(1));
    await put(connection, table, { ...key("a", "1"), n: number(2) });
    now += second - 1;
    expect((await get())?.n).toEqual(number(1));
    expect((await get(true))?.n).toEqual(number(2));
    now += 1;
    expect((await get())?.n).toEqual(number(2));
  });

  test("of an index sees who was there before: the moved, the removed, not the new", async () => {
    await put(connection, table, due("1", "1"), due("2", "2"), due("3", "3"));
    now += second;
    await put(connection, table, due("1", "9"), due("4", "0"));
    await connection.send(new DeleteItemCommand({ TableName: table, Key: key("a", "2") }));
    expect(await queue()).toEqual(["4", "3", "1"]);
    simulated.stale = () => true;
    expect(await queue()).toEqual(["1", "2", "3"]);
    const { Items } = await connection.send(new ScanCommand({ TableName: table }));
    expect(Items?.map(({ sk }) => sk?.S)).toEqual(["1", "2", "3"]);
    now += second;
    expect(await queue()).toEqual(["4", "3", "1"]);
  });

  test("is never what a transaction reads", async () => {
    simulated.stale = () => true;
    await put(connection, table, key("a", "1"));
    const command = new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName: table, Key: key("a", "1") } }] });
    expect((await connection.send(command)).Responses?.[0]?.Item).toEqual(key("a", "1"));
  });
});

describe("a change", () => {
  test("is told with its number and instant once everything of its transaction is written", async () => {
    const sizes: number[] = [];
    simulated.onChange(() => sizes.push(simulated.size(table)));
    const Put = (sk: string) => ({ Put: { TableName: table, Item: key("a", sk) } });
    await connection.send(new TransactWriteItemsCommand({ TransactItems: [Put("1"), Put("2")] }));
    expect(records.map(({ eventName, keys, sequence, at }) => [eventName, keys.sk?.S, sequence, at])).toEqual([
      ["INSERT", "1", 1, now],
      ["INSERT", "2", 2, now],
    ]);
    expect(sizes).toEqual([2, 2]);
    expect(records[0]?.table).toBe(table);
  });

  test("is written before send returns", () => {
    void connection.send(new PutItemCommand({ TableName: table, Item: key("a", "1") }));
    expect(simulated.size(table)).toBe(1);
  });
});

describe("the inside", () => {
  test("shows all items, the first of an index and how many there are", async () => {
    await put(connection, table, due("1", "2"), due("2", "1"), key("b", "1"));
    expect([...simulated.items(table)].map(({ sk }) => sk?.S)).toEqual(["1", "2", "1"]);
    expect(simulated.firstInIndex(table, "queue", "due")?.sk).toEqual(text("2"));
    expect(simulated.firstInIndex(table, "queue", "none")).toBeUndefined();
    expect(simulated.size(table)).toBe(3);
  });

  test("is out of a caller's reach: what went in and what came out are copies", async () => {
    const item: Item = { ...key("a", "1"), l: { L: [text("x")] } };
    await put(connection, table, item);
    item.l?.L?.push(text("y"));
    const get = new GetItemCommand({ TableName: table, Key: key("a", "1") });
    (await connection.send(get)).Item?.l?.L?.push(text("z"));
    expect((await connection.send(get)).Item?.l).toEqual({ L: [text("x")] });
  });
});

test("a token is forgotten after ten minutes", async () => {
  const adding = (): Promise<unknown> =>
    connection.send(
      new TransactWriteItemsCommand({
        ClientRequestToken: "token",
        TransactItems: [
          {
            Update: {
              TableName: table,
              Key: key("a", "1"),
              UpdateExpression: "ADD n :one",
              ExpressionAttributeValues: { ":one": number(1) },
            },
          },
        ],
      }),
    );
  await adding();
  now += 10 * minute - 1;
  await adding();
  expect(records).toHaveLength(1);
  now += 1;
  await adding();
  expect(records).toHaveLength(2);
});

test("an action that the item does not allow is a reason in a transaction, as the API reference says", async () => {
  await put(connection, table, { ...key("a", "1"), s: text("x") });
  const command = new TransactWriteItemsCommand({
    TransactItems: [
      {
        Update: {
          TableName: table,
          Key: key("a", "1"),
          UpdateExpression: "SET s = s + :one",
          ExpressionAttributeValues: { ":one": number(1) },
        },
      },
    ],
  });
  await expect(connection.send(command)).rejects.toMatchObject({
    CancellationReasons: [
      { Code: "ValidationError", Message: "An operand in the update expression has an incorrect data type" },
    ],
  });
});

test("what is not simulated says so by name", async () => {
  await expect(connection.send(new ListTablesCommand({}))).rejects.toThrow(
    "the simulated DynamoDB does not implement ListTablesCommand",
  );
  const get = new GetItemCommand({ TableName: table, Key: key("a", "1"), AttributesToGet: ["n"] });
  await expect(connection.send(get)).rejects.toThrow(
    "the simulated DynamoDB does not implement AttributesToGet of GetItemCommand",
  );
  const again = new CreateTableCommand({
    TableName: table,
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
  });
  await expect(connection.send(again)).rejects.toThrow("Table already exists");
});
