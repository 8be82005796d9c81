import { QueryCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "vitest";
import { passes } from "./event-pattern.ts";
import { expressionsIn, featuresOf } from "./sent.ts";

describe("what is sent", () => {
  test("is told apart by command, parameter and expression, and not by its values and its placeholders", () => {
    const query = (name: string, value: string) =>
      featuresOf(
        new QueryCommand({
          TableName: "ledger",
          IndexName: "queue",
          KeyConditionExpression: `${name} = ${value} AND sk <= ${value}`,
          ExpressionAttributeNames: { "#q": "queue" },
          ExpressionAttributeValues: { [value]: { S: value } },
        }),
      );
    expect(query("#q", ":x")).toEqual([
      "QueryCommand TableName",
      "QueryCommand IndexName: queue",
      "QueryCommand KeyConditionExpression: queue = :1 AND sk <= :1",
      "QueryCommand ExpressionAttributeValues",
    ]);
    expect(query("queue", ":y")).toEqual(query("#q", ":x"));
  });

  test("is each action of a transaction, with the names of its own", () => {
    const Update = { TableName: "ledger", Key: {}, UpdateExpression: "REMOVE #a" };
    const command = new TransactWriteItemsCommand({
      TransactItems: [
        { Update: { ...Update, ExpressionAttributeNames: { "#a": "one" } } },
        { Update: { ...Update, ExpressionAttributeNames: { "#a": "other" } } },
      ],
    });
    const path = "TransactWriteItemsCommand TransactItems.Update.UpdateExpression";
    expect(featuresOf(command)).toEqual(expect.arrayContaining([`${path}: REMOVE one`, `${path}: REMOVE other`]));
  });

  test("is found in a source by its looks", () => {
    const source =
      'f("SET #a = :v, b = :w", "attribute_exists(pk)", `#a <= :v`, "Set a time", "x: y", "DELETE"); // = :v';
    expect(expressionsIn(source)).toEqual(["SET a = :1, b = :2", "attribute_exists(pk)", "a <= :1"]);
  });
});

test("an event pattern of which the matcher knows nothing is refused", () => {
  expect(() => passes({ source: [{ suffix: "x" }] }, { source: "x" })).toThrow("suffix");
  expect(passes({ a: { b: [{ prefix: "x" }, null] } }, { a: { b: "xy" } })).toBe(true);
  expect(passes({ a: { b: ["x"] } }, { a: "x" })).toBe(false);
});
