import { type AttributeValue, QueryCommand, type QueryCommandInput, ScanCommand } from "@aws-sdk/client-dynamodb";
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

type Values = Record<string, AttributeValue>;

const q = { ":p": text("q") };
const names = ["1", "2", "3", "4", "5"];
/** In the order of their UTF-8 bytes, which is not that of JavaScript's strings. */
const unicode = ["Z", "a", "ab", "b", "ä", "\uffee", "\u{1f600}"];
const numbers = ["-1e20", "-10.5", "-10", "-0.1", "0", "0.001", "2", "10", "10.5", "1e20"];

export function queries(get: () => Connection): void {
  let table: string;
  beforeAll(async () => {
    table = await createLedger(get());
    for (const name of names) {
      const order = text(`o${9 - Number(name)}`);
      await put(get(), table, { ...key("q", name), n: number(name), queue: text("due"), order });
    }
    await put(get(), table, { ...key("q", "6"), queue: text("due") });
    await put(get(), table, ...unicode.toReversed().map((name) => key("unicode", name)));
    const ranked = numbers.map((height, place) => ({
      ...key("ranked", String(place)),
      queue: text("ranked"),
      height: number(height),
    }));
    await put(get(), table, ...ranked.toReversed());
  });
  const tools = createTools(get, () => table);
  keyConditions(tools);
  pages(tools);
  indexes(tools);
  scans(tools);
}

type Tools = ReturnType<typeof createTools>;

function createTools(get: () => Connection, table: () => string) {
  const query = (condition: string, values: Values, rest: Partial<QueryCommandInput> = {}): QueryCommand =>
    new QueryCommand({
      TableName: table(),
      KeyConditionExpression: condition,
      ...rest,
      ExpressionAttributeValues: { ...values, ...rest.ExpressionAttributeValues },
    });
  return { get, table, query };
}

function sorts(items: Item[] | undefined): (string | undefined)[] {
  return (items ?? []).map(({ sk }) => sk?.S);
}

function keyConditions({ get, query }: Tools): void {
  const ranges: [condition: string, values: Values, expected: string[]][] = [
    ["pk = :p", q, ["1", "2", "3", "4", "5", "6"]],
    [":p = pk", q, ["1", "2", "3", "4", "5", "6"]],
    ["pk = :p AND sk = :a", { ...q, ":a": text("3") }, ["3"]],
    ["pk = :p AND sk < :a", { ...q, ":a": text("3") }, ["1", "2"]],
    ["pk = :p AND sk <= :a", { ...q, ":a": text("3") }, ["1", "2", "3"]],
    ["(pk = :p) AND (sk > :a)", { ...q, ":a": text("3") }, ["4", "5", "6"]],
    ["sk >= :a AND pk = :p", { ...q, ":a": text("3") }, ["3", "4", "5", "6"]],
    ["pk = :p AND sk BETWEEN :a AND :b", { ...q, ":a": text("2"), ":b": text("4") }, ["2", "3", "4"]],
    ["pk = :p AND begins_with(sk, :a)", { ":p": text("unicode"), ":a": text("a") }, ["a", "ab"]],
    ["pk = :p", { ":p": text("unicode") }, unicode],
    ["pk = :p", { ":p": text("nobody") }, []],
  ];
  test.each(ranges)("%s with %j", async (condition, values, expected) => {
    expect(sorts((await get().send(query(condition, values))).Items)).toEqual(expected);
    const backward = await get().send(query(condition, values, { ScanIndexForward: false }));
    expect(sorts(backward.Items)).toEqual(expected.toReversed());
  });

  const refused: [condition: string, values: Values][] = [
    ["sk = :p", q],
    ["pk > :p", q],
    ["pk = :p AND n = :p", q],
    ["pk = :p OR sk = :p", q],
    ["pk = :p AND sk <> :p", q],
    ["pk = :p AND contains(sk, :p)", q],
    ["pk = :p AND sk > :p AND sk < :p", q],
    ["pk = :p AND sk = :a", { ...q, ":a": number(1) }],
    ["pk = :p", { ":p": text("") }],
    ["pk = :p AND sk BETWEEN :b AND :a", { ...q, ":a": text("1"), ":b": text("2") }],
  ];
  test.each(refused)("%s with %j is refused", async (condition, values) => {
    expect(await outcomeName(get().send(query(condition, values)))).toBe("ValidationException");
  });
}

function pages({ get, table, query }: Tools): void {
  test.each([true, false])("pages meet end to end, forward %s", async (forward) => {
    const pages: (string | undefined)[][] = [];
    let start: Item | undefined;
    do {
      const page = await get().send(
        query("pk = :p", q, { Limit: 2, ScanIndexForward: forward, ExclusiveStartKey: start }),
      );
      pages.push(sorts(page.Items));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    const expected = [["1", "2"], ["3", "4"], ["5", "6"], []];
    const backward = [["6", "5"], ["4", "3"], ["2", "1"], []];
    expect(pages).toEqual(forward ? expected : backward);
  });

  test("a filter works on the page, after its limit", async () => {
    const filter = { FilterExpression: "n > :n", ExpressionAttributeValues: { ":n": number(3) } };
    const all = await get().send(query("pk = :p", q, filter));
    expect([all.Count, all.ScannedCount, all.LastEvaluatedKey]).toEqual([2, 6, undefined]);
    const two = await get().send(query("pk = :p", q, { ...filter, Limit: 2 }));
    expect([two.Count, two.ScannedCount, two.LastEvaluatedKey]).toEqual([0, 2, key("q", "2")]);
    expect(await outcome(get().send(query("pk = :p", q, { FilterExpression: "sk > :p" })))).toBe(
      "ValidationException: Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
    );
  });

  test("a page ends with the item that fills 1 MB", async () => {
    const bytes = (name: string, size: number): Item => ({ ...key("big", name), a: text("x".repeat(size - 9)) });
    await put(get(), table(), ...names.map((name) => bytes(name, 256 * 1024)));
    const page = await get().send(query("pk = :p", { ":p": text("big") }));
    expect([page.Count, page.LastEvaluatedKey]).toEqual([4, key("big", "4")]);
    await put(get(), table(), ...names.map((name) => bytes(name, 256 * 1024 - 1)));
    const whole = await get().send(query("pk = :p", { ":p": text("big") }));
    expect([whole.Count, whole.LastEvaluatedKey]).toEqual([5, undefined]);
  });

  test("a start outside the query's range is refused", async () => {
    for (const start of [key("other", "1"), { pk: text("q") }]) {
      const command = query("pk = :p", q, { ExclusiveStartKey: start });
      expect(await outcomeName(get().send(command))).toBe("ValidationException");
    }
    expect(await outcomeName(get().send(query("pk = :p", q, { Limit: 0 })))).toBe("ValidationException");
  });
}

function indexes({ get, query }: Tools): void {
  test("an index is sparse, has its own order and its own pages", async () => {
    const due = { ":p": text("due") };
    const page = await get().send(query("queue = :p", due, { IndexName: "queue", Limit: 2 }));
    expect(sorts(page.Items)).toEqual(["5", "4"]);
    expect(page.LastEvaluatedKey).toEqual({ ...key("q", "4"), queue: text("due"), order: text("o5") });
    const rest = query("queue = :p", due, { IndexName: "queue", ExclusiveStartKey: page.LastEvaluatedKey });
    expect(sorts((await get().send(rest)).Items)).toEqual(["3", "2", "1"]);
    expect(await outcome(get().send(query("queue = :p", due, { IndexName: "queue", ConsistentRead: true })))).toBe(
      "ValidationException: Consistent read cannot be true when querying a GSI",
    );
    expect(await outcomeName(get().send(query("queue = :p", due, { IndexName: "none" })))).toBe("ValidationException");
  });

  test("numbers sort as numbers, and an index shows what it holds", async () => {
    const ranked = await get().send(query("queue = :p", { ":p": text("ranked") }, { IndexName: "heights" }));
    expect(sorts(ranked.Items)).toEqual(numbers.map((_, place) => String(place)));
    const negative = { ":p": text("ranked"), ":r": number(0) };
    const below = await get().send(
      query("queue = :p AND height < :r", negative, { IndexName: "heights", Select: "COUNT" }),
    );
    expect([below.Count, below.Items]).toEqual([4, undefined]);
  });
}

function scans({ get, table }: Tools): void {
  test("a scan sees everything once, page by page", async () => {
    const seen: string[] = [];
    let start: Item | undefined;
    do {
      const page = await get().send(
        new ScanCommand({ TableName: table(), Limit: 3, ExclusiveStartKey: start, ProjectionExpression: "pk, sk" }),
      );
      seen.push(...(page.Items ?? []).map(({ pk, sk }) => `${pk?.S}/${sk?.S}`));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(6 + unicode.length + numbers.length + names.length);
    const index = await get().send(new ScanCommand({ TableName: table(), IndexName: "queue" }));
    expect(index.Count).toBe(5);
  });
}
