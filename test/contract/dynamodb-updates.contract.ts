import { type AttributeValue, type ReturnValue, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type Connection, createLedger, type Item, key, number, outcome, put, text } from "./connection.ts";

const item: Item = {
  ...key("a", "1"),
  n: number(5),
  s: text("t"),
  l: { L: [text("x"), number(1), number(2)] },
  m: { M: { a: text("q") } },
  ss: { SS: ["a", "b"] },
};

type Values = Record<string, AttributeValue> | undefined;
/** What the update changes in the item; null for an attribute that goes. */
type Changes = Record<string, AttributeValue | null>;

const one = { ":v": number(1) };
const accepted: [expression: string, values: Values, changes: Changes][] = [
  ["SET n = n + :v", one, { n: number(6) }],
  ["SET n = :v - n", { ":v": number("0.1") }, { n: number("-4.9") }],
  ["SET z = if_not_exists(z, :v) + :v", one, { z: number(2) }],
  ["SET l = list_append(l, :v)", { ":v": { L: [number(3)] } }, { l: { L: [text("x"), ...[1, 2, 3].map(number)] } }],
  ["SET q = list_append(if_not_exists(q, :v), :v)", { ":v": { L: [text("y")] } }, { q: { L: [text("y"), text("y")] } }],
  [
    "SET l[9] = :v, l[7] = :w",
    { ":v": number(9), ":w": number(7) },
    { l: { L: [text("x"), ...[1, 2, 7, 9].map(number)] } },
  ],
  ["SET l[0] = :v REMOVE l[1]", one, { l: { L: [number(1), number(2)] } }],
  ["REMOVE l[0], l[1], l[8]", undefined, { l: { L: [number(2)] } }],
  ["REMOVE s, m.a, zz, m.zz", undefined, { s: null, m: { M: {} } }],
  ["SET m.b = :v, a = s, s = n", one, { m: { M: { a: text("q"), b: number(1) } }, a: text("t"), s: number(5) }],
  ["ADD n :v, z :v", one, { n: number(6), z: number(1) }],
  ["ADD ss :v", { ":v": { SS: ["c", "a"] } }, { ss: { SS: ["a", "b", "c"] } }],
  [
    "ADD m.n :v, l[1] :v",
    one,
    { m: { M: { a: text("q"), n: number(1) } }, l: { L: [text("x"), number(2), number(2)] } },
  ],
  ["DELETE ss :v", { ":v": { SS: ["a"] } }, { ss: { SS: ["b"] } }],
  ["DELETE ss :v", { ":v": { SS: ["a", "b"] } }, { ss: null }],
  ["DELETE zz :v", { ":v": { SS: ["a"] } }, {}],
  ["set a = :v add n :v remove s", one, { a: number(1), n: number(6), s: null }],
];

const invalid = (problem: string): string => `ValidationException: Invalid UpdateExpression: ${problem}`;
const wrongData = "ValidationException: An operand in the update expression has an incorrect data type";
const missing = "ValidationException: The provided expression refers to an attribute that does not exist in the item";
const badPath = "ValidationException: The document path provided in the update expression is invalid for update";
const keyPart = (name: string): string =>
  `ValidationException: One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`;

const refused: [expression: string, values: Values, expected: string][] = [
  ["SET n = s + :v", one, wrongData],
  ["SET n = zz + :v", one, missing],
  ["SET a = if_not_exists(n, zz)", undefined, missing],
  ["SET q = list_append(n, :v)", { ":v": { L: [] } }, wrongData],
  ["ADD s :v", one, wrongData],
  ["ADD ss :v", { ":v": { NS: ["1"] } }, wrongData],
  ["DELETE ss :v", { ":v": { NS: ["1"] } }, wrongData],
  ["SET zz.a = :v", one, badPath],
  ["SET m.a.q = :v", one, badPath],
  ["SET n[0] = :v", one, badPath],
  ["SET l.q = :v", one, badPath],
  ["REMOVE zz.a", undefined, badPath],
  ["ADD zz.n :v", one, badPath],
  ["SET pk = :v", one, keyPart("pk")],
  ["REMOVE sk", undefined, keyPart("sk")],
  ["SET a = :v SET b = :v", one, invalid('The "SET" section can only be used once in an update expression;')],
  ["SET a = n + :v + :v", one, invalid('Syntax error; token: "+", near: ":v + :v"')],
  ["SET a = :v,", one, invalid('Syntax error; token: "<EOF>", near: ","')],
  ["FOO a = :v", one, invalid('Syntax error; token: "FOO", near: "FOO a"')],
  ["SET a = size(s)", undefined, invalid("The function is not allowed in an update expression; function: size")],
  [
    "SET n = n + :v",
    { ":v": text("1") },
    invalid("Incorrect operand type for operator or function; operator or function: +, operand type: S"),
  ],
  [
    "SET m.a = :v, m = :v",
    one,
    invalid(
      "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, a], path two: [m]",
    ),
  ],
  [
    "SET m.a = :v, m[0] = :v",
    one,
    invalid(
      "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [m, a], path two: [m, [0]]",
    ),
  ],
];

export function updates(get: () => Connection): void {
  let table: string;
  beforeAll(async () => {
    table = await createLedger(get());
  });
  beforeEach(async () => {
    await put(get(), table, item);
  });
  const update = (
    expression: string | undefined,
    values: Values,
    returned: ReturnValue = "ALL_NEW",
    sk = "1",
  ): UpdateItemCommand =>
    new UpdateItemCommand({
      TableName: table,
      Key: key("a", sk),
      UpdateExpression: expression,
      ExpressionAttributeValues: values,
      ReturnValues: returned,
    });

  test.each(accepted)("%s with %j", async (expression, values, changes) => {
    const expected = Object.fromEntries(Object.entries({ ...item, ...changes }).filter(([, value]) => value !== null));
    expect((await get().send(update(expression, values))).Attributes).toEqual(expected);
  });

  test.each(refused)("%s with %j is refused", async (expression, values, expected) => {
    expect(await outcome(get().send(update(expression, values)))).toBe(expected);
  });

  test("an update of a missing item makes one, even if it only removes", async () => {
    const made = await get().send(update("REMOVE a", undefined, "ALL_NEW", "new"));
    expect(made.Attributes).toEqual(key("a", "new"));
    const other = await get().send(update(undefined, undefined, "ALL_OLD", "other"));
    expect(other.Attributes).toBeUndefined();
  });

  test("what is returned is what was asked for", async () => {
    const expression = "SET n = :v REMOVE s";
    expect((await get().send(update(expression, one, "UPDATED_OLD"))).Attributes).toEqual({ n: item.n, s: item.s });
    expect((await get().send(update(expression, one, "UPDATED_NEW"))).Attributes).toEqual({ n: number(1) });
    expect((await get().send(update("SET n = :v", one, "NONE"))).Attributes).toBeUndefined();
    expect((await get().send(update("SET n = n + :v", one, "ALL_OLD"))).Attributes?.n).toEqual(number(1));
  });

  test("numbers add exactly, up to 38 digits", async () => {
    const sum = await get().send(update("SET n = n + :v", { ":v": number("12345678901234567890.000000000000000001") }));
    expect(sum.Attributes?.n).toEqual(number("12345678901234567895.000000000000000001"));
    const tooMany = get().send(update("SET n = n + :v", { ":v": number("1e-30") }));
    expect(await outcome(tooMany)).toMatch(/^ValidationException/);
  });
}
