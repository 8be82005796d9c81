import { BatchGetItemCommand, GetItemCommand } from "@aws-sdk/client-dynamodb";
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

const item: Item = {
  ...key("a", "1"),
  n: number(5),
  l: { L: [text("x"), number(1), number(2)] },
  m: { M: { a: text("q"), d: { M: { e: number(1) } } } },
};

const overlap = (one: string, two: string): string =>
  "ValidationException: Invalid ProjectionExpression: Two document paths overlap with each other; " +
  `must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`;

export function reads(get: () => Connection): void {
  let table: string;
  beforeAll(async () => {
    table = await createLedger(get());
    await put(get(), table, item);
  });
  const tools = { get, table: () => table };
  projected(tools);
  keysAndTables(tools);
  batches(tools);
}

interface Tools {
  get(): Connection;
  table(): string;
}

function projected({ get, table }: Tools): void {
  const projections: [projection: string, expected: Item][] = [
    ["n", { n: number(5) }],
    ["m.d, l[2], l[0], zz", { m: { M: { d: { M: { e: number(1) } } } }, l: { L: [text("x"), number(2)] } }],
    ["m.a.zz", {}],
    ["l[7]", {}],
  ];
  test.each(projections)("the projection %s", async (projection, expected) => {
    const command = new GetItemCommand({ TableName: table(), Key: key("a", "1"), ProjectionExpression: projection });
    expect((await get().send(command)).Item).toEqual(expected);
  });

  const refused: [projection: string, expected: string][] = [
    ["n, n", overlap("[n]", "[n]")],
    ["m, m.a", overlap("[m]", "[m, a]")],
    [
      "status",
      "ValidationException: Invalid ProjectionExpression: " +
        "Attribute name is a reserved keyword; reserved keyword: status",
    ],
    ["n,", 'ValidationException: Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","'],
  ];
  test.each(refused)("the projection %s is refused", async (projection, expected) => {
    const command = new GetItemCommand({ TableName: table(), Key: key("a", "1"), ProjectionExpression: projection });
    expect(await outcome(get().send(command))).toBe(expected);
  });
}

function keysAndTables({ get, table }: Tools): void {
  test("what is not there is no item, and a table that is not there is an error", async () => {
    expect((await get().send(new GetItemCommand({ TableName: table(), Key: key("a", "none") }))).Item).toBeUndefined();
    const elsewhere = new GetItemCommand({ TableName: "no-such-table", Key: key("a", "1") });
    expect(await outcomeName(get().send(elsewhere))).toBe("ResourceNotFoundException");
  });

  const wrongKeys: Item[] = [{ pk: text("a") }, { ...key("a", "1"), n: number(1) }, { pk: text("a"), sk: number(1) }];
  test.each(wrongKeys)("the key %j is refused", async (wrong) => {
    const command = new GetItemCommand({ TableName: table(), Key: wrong });
    expect(await outcomeName(get().send(command))).toBe("ValidationException");
  });
}

function batches({ get, table }: Tools): void {
  test("a batch reads what is there, and refuses the same key twice or more than 100", async () => {
    const batch = (names: string[]): BatchGetItemCommand =>
      new BatchGetItemCommand({ RequestItems: { [table()]: { Keys: names.map((name) => key("a", name)) } } });
    expect((await get().send(batch(["1", "none"]))).Responses).toEqual({ [table()]: [item] });
    expect(await outcome(get().send(batch(["1", "1"])))).toBe(
      "ValidationException: Provided list of item keys contains duplicates",
    );
    const tooMany = Array.from({ length: 101 }, (_, place) => String(place));
    expect(await outcomeName(get().send(batch(tooMany)))).toBe("ValidationException");
    expect((await get().send(batch(tooMany.slice(1)))).Responses).toEqual({ [table()]: [item] });
  });

  test("a batch stops before 16 MB and gives the other keys back", async () => {
    const names = Array.from({ length: 45 }, (_, place) => String(place));
    await put(get(), table(), ...names.map((name) => ({ ...key("big", name), a: text("x".repeat(395_000)) })));
    const Keys = names.map((name) => key("big", name));
    const answer = await get().send(new BatchGetItemCommand({ RequestItems: { [table()]: { Keys } } }));
    expect(answer.Responses?.[table()]).toHaveLength(42);
    expect(answer.UnprocessedKeys?.[table()]?.Keys).toHaveLength(3);
  });
}
