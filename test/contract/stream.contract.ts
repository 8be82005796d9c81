// Which changes of the ledger wake the sender, and with what.

import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { describe, expect } from "vitest";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";
import { type Item, key, number, text } from "./connection.ts";

/** One record, as far as the sender reads it. */
export interface Woken {
  eventName: string;
  newImage: Record<string, AttributeValue>;
}

/** A ledger whose stream wakes a function by the deployed filter. */
export interface StreamConnection {
  send: DynamoDBClient["send"];
  table: string;
  /** The batches with which the function was woken, once it was woken with a row of this sort key. */
  woken(last: string): Promise<Woken[][]>;
}

export type ConnectStream = () => Promise<StreamConnection>;

export function streamContract(name: string, connect: ConnectStream, exceptions: Exceptions = {}): void {
  describe(`${name}: the stream`, () => {
    const claims = createClaims(name, exceptions);
    waking(claims, connect);
    claims.end();
  });
}

const waiting = (sk: string, queue: string): Item => ({
  ...key("incident#a", sk),
  queue: text(queue),
  order: text("2026-01-01T00:00:00.000Z"),
  attempts: number(0),
});

function waking({ claim }: Claims, connect: ConnectStream): void {
  claim("wakes the sender with what comes into the outbox, and not with what changes in it or leaves it", async () => {
    const { send, table, woken } = await connect();
    const TableName = table;
    const put = (Item: Item) => send(new PutItemCommand({ TableName, Item }));
    const { queue: _queue, order: _order, ...left } = waiting("page#1", "");
    await put({ ...key("incident#a", "incident"), body: text("{}") });
    await put({ ...waiting("thread", "open"), pk: text("thread#a") });
    await put(waiting("page#2", "gather#batch"));
    await put(waiting("page#1", "outbox#P1"));
    await send(
      new UpdateItemCommand({
        TableName,
        Key: key("incident#a", "page#1"),
        UpdateExpression: "SET attempts = :one",
        ExpressionAttributeValues: { ":one": number(1) },
      }),
    );
    await put(left);
    await put(waiting("page#1", "outbox#P0"));
    await send(new DeleteItemCommand({ TableName, Key: key("incident#a", "page#1") }));
    await put(waiting("last", "outbox#P3"));
    expect((await woken("last")).flat()).toEqual([
      { eventName: "INSERT", newImage: waiting("page#1", "outbox#P1") },
      { eventName: "INSERT", newImage: waiting("last", "outbox#P3") },
    ]);
  });

  claim("wakes it with every row of a transaction, a hundred at most at once", async () => {
    const { send, table, woken } = await connect();
    const names = Array.from({ length: 150 }, (_, place) => `page#${String(place).padStart(3, "0")}`);
    const putting = (sk: string): TransactWriteItem => ({ Put: { TableName: table, Item: waiting(sk, "outbox#P2") } });
    await send(new TransactWriteItemsCommand({ TransactItems: names.slice(0, 100).map(putting) }));
    await send(new TransactWriteItemsCommand({ TransactItems: names.slice(100).map(putting) }));
    await send(new PutItemCommand({ TableName: table, Item: waiting("last", "outbox#P2") }));
    const batches = await woken("last");
    const seen = batches.flat().map(({ newImage }) => newImage.sk?.S);
    expect(seen.toSorted()).toEqual([...names, "last"].toSorted());
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(100);
  });
}
