import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import type { SimulatedDynamoDB } from "./aws/dynamodb.ts";

export const ledgerTable = "ledger";

/** In which decisions on scaling are. */
export const decisionsTable = "decisions";

export async function createDecisionsTable(dynamodb: Pick<SimulatedDynamoDB, "send">): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: decisionsTable,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
}

/** The table that infra makes: its keys, and its sparse index. */
export async function createLedgerTable(dynamodb: Pick<SimulatedDynamoDB, "send">): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: ledgerTable,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["pk", "sk", "queue", "order"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S",
      })),
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
      ],
    }),
  );
}
