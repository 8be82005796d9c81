import {
  type AttributeValue,
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";

export type Item = Record<string, AttributeValue>;

export interface Change {
  eventName: string;
  keys: Item;
  newImage?: Item;
  oldImage?: Item;
}

/** One implementation of DynamoDB, to be judged. */
export interface Connection {
  send: DynamoDBClient["send"];
  /** What the stream of a table says so far, oldest first. */
  changes(table: string): Promise<Change[]>;
}

/** Makes a connection; called once, before the first test. */
export type Connect = () => Promise<Connection>;

export const key = (pk: string, sk: string): Item => ({ pk: { S: pk }, sk: { S: sk } });
export const text = (S: string): AttributeValue => ({ S });
export const number = (value: number | string): AttributeValue => ({ N: String(value) });

/** A new table shaped as the ledger: pk and sk, the sparse index `queue`, one index that projects only keys. */
export async function createLedger(connection: Connection): Promise<string> {
  const name = `ledger-${crypto.randomUUID()}`;
  await connection.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
        { AttributeName: "queue", AttributeType: "S" },
        { AttributeName: "order", AttributeType: "S" },
        { AttributeName: "height", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "queue",
          KeySchema: [
            { AttributeName: "queue", KeyType: "HASH" },
            { AttributeName: "order", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
        {
          IndexName: "heights",
          KeySchema: [
            { AttributeName: "queue", KeyType: "HASH" },
            { AttributeName: "height", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["n"] },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  return name;
}

export async function put(connection: Connection, table: string, ...items: Item[]): Promise<void> {
  for (const item of items) {
    await connection.send(new PutItemCommand({ TableName: table, Item: item }));
  }
}

/** What became of a command: "ok", or the error's name, with its message after a colon. */
export async function outcome(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return "ok";
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** As `outcome`, without the message: where DynamoDB Local has a wording of its own. */
export async function outcomeName(answer: Promise<unknown>): Promise<string> {
  return (await outcome(answer)).split(":", 1)[0] ?? "";
}

/** Code and shown item of each reason that cancelled a transaction. */
export async function reasons(answer: Promise<unknown>): Promise<{ code: string | undefined; item?: Item }[]> {
  try {
    await answer;
    return [];
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) {
      throw error;
    }
    return (error.CancellationReasons ?? []).map(({ Code, Item: item }) => ({ code: Code, ...(item && { item }) }));
  }
}
