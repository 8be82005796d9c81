import {
  type AttributeValue,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { beforeAll, expect, test } from "vitest";
import {
  type Connection,
  createLedger,
  type Item,
  key,
  number,
  outcome,
  outcomeName,
  put,
  text,
} from "./connection.ts";

const refusedItems: [sentence: string, item: Item][] = [
  ["without its sort key", { pk: text("a") }],
  ["with a key of another type", { pk: number(1), sk: text("1") }],
  ["with an empty key", key("a", "")],
  ["with a partition key over 2048 bytes", key("a".repeat(2049), "1")],
  ["with a sort key over 1024 bytes", key("a", "ä".repeat(513))],
  ["with an index key of another type", { ...key("a", "1"), queue: number(1) }],
  ["with an empty index key", { ...key("a", "1"), queue: text("") }],
  ["with an empty set", { ...key("a", "1"), a: { SS: [] } }],
  ["with the same number twice in a set", { ...key("a", "1"), a: { NS: ["1", "1.0"] } }],
  ["with what is no number", { ...key("a", "1"), a: number("1x") }],
  ["with a number of 39 digits", { ...key("a", "1"), a: number("1".repeat(39)) }],
  ["with a number too great", { ...key("a", "1"), a: number("1e126") }],
  ["with a number too small", { ...key("a", "1"), a: number("1e-131") }],
  ["with an empty attribute name", { ...key("a", "1"), "": text("x") }],
  ["nested too deeply", { ...key("a", "1"), a: nested(32) }],
];

const keptNumbers: [given: string, kept: string][] = [
  ["+01.50", "1.5"],
  ["1e40", `1${"0".repeat(40)}`],
  ["-0", "0"],
  ["1.2e-30", `0.${"0".repeat(29)}12`],
  ["-1E+2", "-100"],
  [".5", "0.5"],
];

/** Bytes that an attribute named `b` with this value takes, name included. */
const sizes: [value: AttributeValue, bytes: number][] = [
  [number(5), 3],
  [number(-5), 4],
  [number(12345), 5],
  [number(100), 3],
  [number("0.001"), 3],
  [number(0), 2],
  [{ BOOL: true }, 2],
  [{ NULL: true }, 2],
  [{ L: [] }, 4],
  [{ L: [text("x"), text("x")] }, 8],
  [{ M: { q: text("x") } }, 7],
  [{ SS: ["x", "yy"] }, 4],
  [{ NS: ["1", "2"] }, 5],
  [{ B: new Uint8Array(3) }, 4],
  [text("ä😀"), 7],
];

export function writes(get: () => Connection): void {
  let table: string;
  beforeAll(async () => {
    table = await createLedger(get());
  });
  const tools = createTools(get, () => table);
  limits(tools);
  answers(tools);
  batches(tools);
  stream(tools);
}

type Tools = ReturnType<typeof createTools>;

function createTools(get: () => Connection, table: () => string) {
  const putting = (item: Item): Promise<unknown> => get().send(new PutItemCommand({ TableName: table(), Item: item }));
  const read = async (item: Item): Promise<Item | undefined> => {
    const got = new GetItemCommand({ TableName: table(), Key: item, ConsistentRead: true });
    return (await get().send(got)).Item;
  };
  return { get, table, putting, read };
}

function limits({ get, table, putting, read }: Tools): void {
  test.each(refusedItems)("an item %s is refused", async (_, item) => {
    expect(await outcomeName(putting(item))).toBe("ValidationException");
  });

  test("keys of 2048 and 1024 bytes are the longest", async () => {
    const item = key("a".repeat(2048), "ä".repeat(512));
    expect(await outcome(putting(item))).toBe("ok");
    expect(await read(item)).toEqual(item);
  });

  test.each(keptNumbers)("the number %s is kept as %s", async (given, kept) => {
    await put(get(), table(), { ...key("n", "1"), a: number(given) });
    expect((await read(key("n", "1")))?.a).toEqual(number(kept));
  });

  test.each(sizes)("%j counts towards the 400 KB as %i bytes", async (value, bytes) => {
    const room = 400 * 1024 - bytes - "pkzsk1a".length;
    const item = { ...key("z", "1"), b: value };
    expect(await outcome(putting({ ...item, a: text("x".repeat(room)) }))).toBe("ok");
    expect(await outcome(putting({ ...item, a: text("x".repeat(room + 1)) }))).toBe(
      "ValidationException: Item size has exceeded the maximum allowed size",
    );
  });

  test("an update may not make an item too large", async () => {
    await put(get(), table(), key("large", "1"));
    const command = new UpdateItemCommand({
      TableName: table(),
      Key: key("large", "1"),
      UpdateExpression: "SET a = :v",
      ExpressionAttributeValues: { ":v": text("x".repeat(409_595)) },
    });
    expect(await outcome(get().send(command))).toBe(
      "ValidationException: Item size to update has exceeded the maximum allowed size",
    );
  });
}

function answers({ get, table, read }: Tools): void {
  test("a failed condition shows the item to who asks for it", async () => {
    const item = { ...key("shown", "1"), n: number(1) };
    await put(get(), table(), item);
    const command = new PutItemCommand({
      TableName: table(),
      Item: item,
      ConditionExpression: "attribute_not_exists(pk)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    await expect(get().send(command)).rejects.toMatchObject({ name: "ConditionalCheckFailedException", Item: item });
  });

  test("put and delete return what was there before, to who asks for it", async () => {
    const item = { ...key("old", "1"), n: number(1) };
    await put(get(), table(), item);
    const replaced = await get().send(
      new PutItemCommand({ TableName: table(), Item: { ...item, n: number(2) }, ReturnValues: "ALL_OLD" }),
    );
    expect(replaced.Attributes).toEqual(item);
    const remove = new DeleteItemCommand({ TableName: table(), Key: key("old", "1"), ReturnValues: "ALL_OLD" });
    expect((await get().send(remove)).Attributes?.n).toEqual(number(2));
    expect((await get().send(remove)).Attributes).toBeUndefined();
    expect(await read(key("old", "1"))).toBeUndefined();
  });
}

function batches({ get, table, read }: Tools): void {
  test("a batch writes up to 25 different items", async () => {
    const batch = (count: number, name: (place: number) => string): BatchWriteItemCommand =>
      new BatchWriteItemCommand({
        RequestItems: {
          [table()]: Array.from({ length: count }, (_, place) => ({
            PutRequest: { Item: { ...key("batch", name(place)), n: number(place) } },
          })),
        },
      });
    expect((await get().send(batch(25, String))).UnprocessedItems).toEqual({});
    expect((await read(key("batch", "24")))?.n).toEqual(number(24));
    expect(await outcomeName(get().send(batch(26, String)))).toBe("ValidationException");
    expect(await outcome(get().send(batch(2, () => "same")))).toBe(
      "ValidationException: Provided list of item keys contains duplicates",
    );
  });

  test("a batch with one bad request writes nothing", async () => {
    const requests = [{ PutRequest: { Item: key("good", "1") } }, { PutRequest: { Item: { pk: text("bad") } } }];
    const command = new BatchWriteItemCommand({ RequestItems: { [table()]: requests } });
    expect(await outcomeName(get().send(command))).toBe("ValidationException");
    expect(await read(key("good", "1"))).toBeUndefined();
  });
}

function stream({ get }: Tools): void {
  test("the stream tells every change in order, and none that changed nothing", async () => {
    const ledger = await createLedger(get());
    const first = { ...key("s", "1"), n: number(1) };
    const second = { ...key("s", "1"), n: number(2) };
    await put(get(), ledger, first, first, second);
    await get().send(new DeleteItemCommand({ TableName: ledger, Key: key("s", "1") }));
    await get().send(new DeleteItemCommand({ TableName: ledger, Key: key("s", "1") }));
    expect(await get().changes(ledger)).toEqual([
      { eventName: "INSERT", keys: key("s", "1"), newImage: first },
      { eventName: "MODIFY", keys: key("s", "1"), newImage: second, oldImage: first },
      { eventName: "REMOVE", keys: key("s", "1"), oldImage: second },
    ]);
  });
}

function nested(depth: number): AttributeValue {
  return depth === 0 ? text("x") : { L: [nested(depth - 1)] };
}
