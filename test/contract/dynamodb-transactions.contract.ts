import {
  GetItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { beforeEach, expect, test } from "vitest";
import {
  type Connection,
  createLedger,
  type Item,
  key,
  number,
  outcome,
  outcomeName,
  put,
  reasons,
  text,
} from "./connection.ts";

export function transactions(get: () => Connection): void {
  let table: string;
  beforeEach(async () => {
    table = await createLedger(get());
  });
  const tools = createTools(get, () => table);
  togetherOrNotAtAll(tools);
  refusals(tools);
  repetitions(tools);
}

type Tools = ReturnType<typeof createTools>;

function createTools(get: () => Connection, table: () => string) {
  const write = (actions: TransactWriteItem[], token?: string): Promise<unknown> =>
    get().send(new TransactWriteItemsCommand({ TransactItems: actions, ClientRequestToken: token }));
  const putting = (sk: string, rest: Item = {}, condition?: string): TransactWriteItem => ({
    Put: {
      TableName: table(),
      Item: { ...key("t", sk), ...rest },
      ConditionExpression: condition,
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  });
  const updating = (sk: string, expression: string, value: Item | undefined): TransactWriteItem => ({
    Update: { TableName: table(), Key: key("t", sk), UpdateExpression: expression, ExpressionAttributeValues: value },
  });
  const checking = (sk: string, condition: string): TransactWriteItem => ({
    ConditionCheck: { TableName: table(), Key: key("t", sk), ConditionExpression: condition },
  });
  const removing = (sk: string): TransactWriteItem => ({ Delete: { TableName: table(), Key: key("t", sk) } });
  const read = async (sk: string): Promise<Item | undefined> => {
    const got = new GetItemCommand({ TableName: table(), Key: key("t", sk), ConsistentRead: true });
    return (await get().send(got)).Item;
  };
  return { get, table, write, putting, updating, checking, removing, read };
}

function togetherOrNotAtAll({ get, table, write, putting, updating, checking, removing, read }: Tools): void {
  test("all four kinds of action happen together, and the stream tells them", async () => {
    await put(get(), table(), key("t", "gone"), { ...key("t", "there"), n: number(1) });
    await write([
      putting("new"),
      updating("there", "ADD n :v", { ":v": number(2) }),
      removing("gone"),
      checking("none", "attribute_not_exists(pk)"),
    ]);
    expect(await read("new")).toEqual(key("t", "new"));
    expect((await read("there"))?.n).toEqual(number(3));
    expect(await read("gone")).toBeUndefined();
    const changes = (await get().changes(table())).slice(2).map(({ eventName, keys }) => `${eventName} ${keys.sk?.S}`);
    expect(changes.sort()).toEqual(["INSERT new", "MODIFY there", "REMOVE gone"]);
  });

  test("one failed condition cancels all, with a reason for each action in order", async () => {
    const there = { ...key("t", "there"), n: number(1) };
    await put(get(), table(), there);
    const cancelled = write([
      putting("new"),
      putting("there", {}, "attribute_not_exists(pk)"),
      checking("none", "attribute_exists(pk)"),
    ]);
    expect(await reasons(cancelled)).toEqual([
      { code: "None" },
      { code: "ConditionalCheckFailed", item: there },
      { code: "ConditionalCheckFailed" },
    ]);
    expect(await read("new")).toBeUndefined();
  });

  test("the message of a cancellation lists the codes", async () => {
    expect(await outcome(write([putting("a"), checking("b", "attribute_exists(pk)")]))).toBe(
      "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons " +
        "[None, ConditionalCheckFailed]",
    );
  });

  test("an index key of the wrong type is a reason too", async () => {
    const cancelled = write([putting("a"), putting("b", { queue: number(1) })]);
    expect(await reasons(cancelled)).toEqual([{ code: "None" }, { code: "ValidationError" }]);
  });
}

function refusals({ write, putting, updating, removing }: Tools): void {
  test("what is wrong with the request itself is no reason but a refusal", async () => {
    expect(await outcome(write([putting("a"), removing("a")]))).toBe(
      "ValidationException: Transaction request cannot include multiple operations on one item",
    );
    expect(await outcome(write([putting("a"), updating("b", "SET status = :v", { ":v": number(1) })]))).toBe(
      "ValidationException: Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status",
    );
    const many = Array.from({ length: 101 }, (_, place) => putting(String(place)));
    expect(await outcomeName(write(many))).toBe("ValidationException");
    expect(await outcome(write(many.slice(0, 100)))).toBe("ok");
    expect(await outcomeName(write([]))).toBe("ValidationException");
    expect(await outcomeName(write([{}]))).toBe("ValidationException");
    expect(await outcomeName(write([{ ...putting("a"), ...removing("b") }]))).toBe("ValidationException");
    expect(await outcomeName(write([putting("a", { a: { SS: [] } })]))).toBe("ValidationException");
    expect(await outcomeName(write([putting("a", { a: text("x".repeat(400 * 1024)) })]))).toBe("ValidationException");
  });

  test("4 MB are the most", async () => {
    const actions = Array.from({ length: 11 }, (_, place) => putting(String(place), { a: text("x".repeat(395_000)) }));
    expect(await outcomeName(write(actions))).toBe("ValidationException");
    expect(await outcome(write(actions.slice(0, 10)))).toBe("ok");
  });
}

function repetitions({ get, table, write, updating, checking, read }: Tools): void {
  test("a token makes a repetition harmless", async () => {
    const token = crypto.randomUUID();
    const adding = (value: number): TransactWriteItem[] => [updating("1", "ADD n :v", { ":v": number(value) })];
    await write(adding(1), token);
    await write(adding(1), token);
    expect((await read("1"))?.n).toEqual(number(1));
    expect(await outcomeName(write(adding(2), token))).toBe("IdempotentParameterMismatchException");
    expect(await outcomeName(write(adding(1), "x".repeat(37)))).toBe("ValidationException");
    await write(adding(1), crypto.randomUUID());
    expect((await read("1"))?.n).toEqual(number(2));
  });

  test("a transaction that is sent three times at once, with one token, happens once", async () => {
    const token = crypto.randomUUID();
    const adding = () => write([updating("1", "ADD n :v", { ":v": number(1) })], token);
    const outcomes = await Promise.all([adding(), adding(), adding()].map(outcomeName));
    expect(outcomes).toContain("ok");
    // DynamoDB may say that the first of them is still under way, or in its way; the SDK tries again.
    for (const each of outcomes) {
      expect(["ok", "TransactionInProgressException", "TransactionCanceledException"]).toContain(each);
    }
    expect((await read("1"))?.n).toEqual(number(1));
  });

  test("a token whose transaction was cancelled may try again", async () => {
    const token = crypto.randomUUID();
    const actions = [checking("1", "attribute_exists(pk)")];
    expect(await outcomeName(write(actions, token))).toBe("TransactionCanceledException");
    await put(get(), table(), key("t", "1"));
    expect(await outcome(write(actions, token))).toBe("ok");
  });

  test("a transaction reads in order, with a gap for what is not there", async () => {
    const there = { ...key("t", "there"), n: number(1) };
    await put(get(), table(), there);
    const wanted = (sk: string) => ({ Get: { TableName: table(), Key: key("t", sk) } });
    const found = await get().send(new TransactGetItemsCommand({ TransactItems: [wanted("none"), wanted("there")] }));
    expect(found.Responses?.map(({ Item: item }) => item)).toEqual([undefined, there]);
    const twice = new TransactGetItemsCommand({ TransactItems: [wanted("there"), wanted("there")] });
    expect(await outcomeName(get().send(twice))).toBe("ValidationException");
  });
}
