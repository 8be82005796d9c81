// Random programs, run against two implementations side by side: after every operation the answers must agree, and at
// the end the tables. It finds what nobody thought of writing down.

import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Connect, type Connection, createLedger, type Item, number, text } from "./connection.ts";
import { type Operation, operations, type WriteOperation } from "./generated-operations.ts";

const programs = Number(process.env.NIGHTSHIFT_CONTRACT_RUNS ?? 150);
const operationsPerProgram = 25;

/** Defines the test. fast-check prints the seed of a failure: NIGHTSHIFT_CONTRACT_SEED repeats it. */
export function agreeOnGeneratedOperations(connectOne: Connect, connectOther: Connect): void {
  test(`${programs} generated programs have the same answers and leave the same tables`, {
    timeout: 300_000,
  }, async () => {
    const one = await connectOne();
    const other = await connectOther();
    const seed = Number(process.env.NIGHTSHIFT_CONTRACT_SEED ?? 20_260_101);
    await fc.assert(
      fc.asyncProperty(operations(operationsPerProgram), async (program) => {
        const tables = [await createLedger(one), await createLedger(other)] as const;
        for (const operation of program) {
          const answers = [await answer(one, tables[0], operation), await answer(other, tables[1], operation)];
          expect({ operation, answer: answers[0] }).toEqual({ operation, answer: answers[1] });
        }
        for (const index of [undefined, "queue", "heights"]) {
          expect(await contents(one, tables[0], index)).toEqual(await contents(other, tables[1], index));
        }
      }),
      { numRuns: programs, seed },
    );
  });
}

/** The answer, or the name of the error: the parts of both that are promised. */
async function answer(connection: Connection, table: string, operation: Operation): Promise<unknown> {
  try {
    return await perform(connection, table, operation);
  } catch (error) {
    if (error instanceof TransactionCanceledException) {
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      // DynamoDB Local throws a ValidationException where the API reference has the reason ValidationError.
      return codes.includes("ValidationError") ? "ValidationException" : { codes };
    }
    return error instanceof Error ? error.name : error;
  }
}

async function perform(connection: Connection, table: string, operation: Operation): Promise<unknown> {
  switch (operation.type) {
    case "get": {
      const command = new GetItemCommand({
        TableName: table,
        Key: operation.key,
        ProjectionExpression: operation.projection,
      });
      return (await connection.send(command)).Item;
    }
    case "query": {
      const command = new QueryCommand({
        TableName: table,
        KeyConditionExpression: `pk = :p${operation.sort === undefined ? "" : ` AND ${operation.sort}`}`,
        FilterExpression: operation.filter,
        ExpressionAttributeValues: used(`:p ${operation.sort} ${operation.filter}`, {
          ":p": text(operation.partition),
        }),
        Limit: operation.limit,
        ScanIndexForward: operation.forward,
      });
      const { Items, Count, ScannedCount, LastEvaluatedKey } = await connection.send(command);
      return { Items, Count, ScannedCount, LastEvaluatedKey };
    }
    case "transaction": {
      const actions = operation.actions.map((action) => actionOf(table, action));
      await connection.send(new TransactWriteItemsCommand({ TransactItems: actions }));
      return "ok";
    }
    case "put":
    case "update":
    case "delete":
      return (await write(connection, table, operation)).Attributes;
    default:
      throw new Error(`no operation: ${operation satisfies never}`);
  }
}

async function write(
  connection: Connection,
  table: string,
  operation: WriteOperation,
): Promise<{ Attributes?: Item | undefined }> {
  const { Put, Update, Delete } = actionOf(table, operation);
  if (Put !== undefined) {
    return connection.send(new PutItemCommand({ ...Put, ReturnValues: "ALL_OLD" }));
  }
  if (Update !== undefined) {
    return connection.send(new UpdateItemCommand({ ...Update, ReturnValues: operation.returned }));
  }
  if (Delete === undefined) {
    throw new Error("an action without a command");
  }
  return connection.send(new DeleteItemCommand({ ...Delete, ReturnValues: "ALL_OLD" }));
}

function actionOf(table: string, operation: WriteOperation): TransactWriteItem {
  const { condition, update } = operation;
  const shared = {
    TableName: table,
    ConditionExpression: condition,
    ExpressionAttributeValues: used(`${condition} ${operation.type === "update" ? update : ""}`, {}),
  };
  switch (operation.type) {
    case "put":
      return { Put: { ...shared, Item: { ...operation.item, ...operation.key } } };
    case "update":
      return { Update: { ...shared, Key: operation.key, UpdateExpression: update } };
    case "delete":
      return { Delete: { ...shared, Key: operation.key } };
    default:
      throw new Error(`no write: ${operation.type satisfies never}`);
  }
}

const values: Item = {
  ":zero": number(0),
  ":one": number(1),
  ":big": number("12345678901234567.25"),
  ":a": text("a"),
  ":b": text("b"),
  ":e": text(""),
  ":list": { L: [number(1), text("a")] },
  ":map": { M: { n: number(1), s: text("a") } },
  ":set": { SS: ["a", "b"] },
  ":numbers": { NS: ["1", "2.5"] },
  ":true": { BOOL: true },
  ":binary": { B: new Uint8Array([1, 200]) },
};

/** The values whose placeholders the text names: more would be refused. */
function used(expression: string, extra: Item): Item | undefined {
  const names = new Set(expression.match(/:\w+/g));
  const found = Object.entries({ ...values, ...extra }).filter(([name]) => names.has(name));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

async function contents(connection: Connection, table: string, index: string | undefined): Promise<Item[]> {
  const { Items } = await connection.send(new ScanCommand({ TableName: table, IndexName: index }));
  const name = ({ pk, sk }: Item): string => `${pk?.S}/${sk?.S}`;
  return (Items ?? []).sort((one, other) => (name(one) < name(other) ? -1 : 1));
}
