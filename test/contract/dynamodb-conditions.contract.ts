import { type AttributeValue, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, expect, test } from "vitest";
import { type Connection, createLedger, type Item, key, number, outcome, put, text } from "./connection.ts";

const failed = "ConditionalCheckFailedException: The conditional request failed";
const invalid = (problem: string): string => `ValidationException: Invalid ConditionExpression: ${problem}`;
const wrongType = (operator: string, type: string): string =>
  invalid(`Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`);
const syntax = (token: string, near: string): string => invalid(`Syntax error; token: "${token}", near: "${near}"`);

const item: Item = {
  ...key("a", "1"),
  n: number(5),
  s: text("häß"),
  l: { L: [text("x"), number(1)] },
  m: { M: { a: text("q") } },
  ss: { SS: ["b", "a"] },
  b: { BOOL: true },
};

type Row = [expression: string, values: Record<string, AttributeValue> | undefined, expected: string];

const five = { ":v": number(5) };
const rows: Row[] = [
  ["n = :v", five, "ok"],
  ["n = :v", { ":v": number("5.0") }, "ok"],
  ["n <> :v", { ":v": text("5") }, "ok"],
  ["absent <> :v", five, "ok"],
  ["absent = :v", five, failed],
  ["NOT absent < :v", five, "ok"],
  ["n < :v", { ":v": text("q") }, failed],
  ["n < :v", { ":v": { BOOL: true } }, wrongType("<", "BOOL")],
  ["n BETWEEN :a AND :b", { ":a": number(1), ":b": number(10) }, "ok"],
  ["n BETWEEN :a AND :b", { ":a": number(6), ":b": number(10) }, failed],
  ["n IN (:a, :b)", { ":a": number(1), ":b": number(5) }, "ok"],
  ["n IN (:a, :b)", { ":a": number(1), ":b": text("5") }, failed],
  ["n = :v or absent = :v and absent = :v", five, "ok"],
  ["NOT n = :v AND n = :v", { ":v": number(6) }, failed],
  ["(n) = :v AND (n = :v OR absent = :v)", five, "ok"],
  ["attribute_exists(m.a) AND attribute_not_exists(m.b)", undefined, "ok"],
  ["attribute_exists(l[1]) AND attribute_not_exists(l[2])", undefined, "ok"],
  ["attribute_type(n, :v)", { ":v": text("N") }, "ok"],
  ["attribute_type(n, :v)", { ":v": number(1) }, wrongType("attribute_type", "N")],
  ["begins_with(s, :v)", { ":v": text("hä") }, "ok"],
  ["begins_with(n, :v)", { ":v": text("5") }, failed],
  ["begins_with(s, :v)", five, wrongType("begins_with", "N")],
  ["contains(s, :v)", { ":v": text("äß") }, "ok"],
  ["contains(ss, :v)", { ":v": text("a") }, "ok"],
  ["contains(l, :v)", { ":v": number(1) }, "ok"],
  ["contains(ss, :v)", five, failed],
  ["size(s) = :v", { ":v": number(3) }, "ok"],
  ["size(ss) = :v AND size(l) = :v", { ":v": number(2) }, "ok"],
  ["size(n) = :v", { ":v": number(1) }, failed],
  ["l[0] = :v", { ":v": text("x") }, "ok"],
  ["m.a.b = :v", five, failed],
  ["ss = :v", { ":v": { SS: ["a", "b"] } }, "ok"],
  ["m = :v", { ":v": { M: { a: text("q") } } }, "ok"],
  ["status = :v", five, invalid("Attribute name is a reserved keyword; reserved keyword: status")],
  ["m.order = :v", five, invalid("Attribute name is a reserved keyword; reserved keyword: order")],
  ["((n = :v))", five, invalid("The expression has redundant parentheses;")],
  ["foo(n)", undefined, invalid("Invalid function name; function: foo")],
  ["size(s)", undefined, invalid("The function is not allowed to be used this way in an expression; function: size")],
  [
    "if_not_exists(n, :v)",
    five,
    invalid("The function is not allowed in a condition expression; function: if_not_exists"),
  ],
  [
    "attribute_exists(:v)",
    five,
    invalid("Operator or function requires a document path; operator or function: attribute_exists"),
  ],
  [
    "n = n",
    undefined,
    invalid(
      "The first operand must be distinct from the remaining operands for this operator or function; " +
        "operator: =, first operand: [n]",
    ),
  ],
  ["n = :w", five, invalid("An expression attribute value used in expression is not defined; attribute value: :w")],
  [
    "n = :v",
    { ...five, ":w": number(1) },
    "ValidationException: Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}",
  ],
  ["n = ", undefined, syntax("<EOF>", "= ")],
  ["n == :v", five, syntax("=", "== :v")],
  ["n-x = :v", five, syntax("-", "n-x")],
  ["n = :v)", five, syntax(")", ":v)")],
  ["AND n = :v", five, syntax("AND", "AND n")],
  ["n IN ()", undefined, syntax(")", "()")],
  ["", undefined, invalid("The expression can not be empty;")],
];

export function conditions(get: () => Connection): void {
  let table: string;
  beforeAll(async () => {
    table = await createLedger(get());
    await put(get(), table, item);
  });

  test.each(rows)("%s with %j", async (expression, values, expected) => {
    const command = new PutItemCommand({
      TableName: table,
      Item: item,
      ConditionExpression: expression,
      ExpressionAttributeValues: values,
    });
    expect(await outcome(get().send(command))).toBe(expected);
  });

  test("names that are given must be used, and start with #", async () => {
    const attempt = (names: Record<string, string>): Promise<string> =>
      outcome(
        get().send(
          new PutItemCommand({
            TableName: table,
            Item: item,
            ConditionExpression: "#n = :v",
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: five,
          }),
        ),
      );
    expect(await attempt({ "#n": "n" })).toBe("ok");
    expect(await attempt({ "#n": "n", "#u": "u" })).toBe(
      "ValidationException: Value provided in ExpressionAttributeNames unused in expressions: keys: {#u}",
    );
    expect(await attempt({ n: "n" })).toBe(
      'ValidationException: ExpressionAttributeNames contains invalid key: Syntax error; key: "n"',
    );
  });
}
