import { CreateTableCommand, DynamoDBClient, UpdateContinuousBackupsCommand } from "@aws-sdk/client-dynamodb";
import { createTables } from "../../simulation/aws/dynamodb-tables.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectTables, TablesConnection } from "./dynamodb-tables.contract.ts";

export async function connectSimulatedTables(): Promise<TablesConnection> {
  const tables = createTables({ now: Date.now, account: "111122223333", region: "us-east-1" });
  return {
    send: tables.send,
    async makeTable(isRestorable) {
      const recovery = isRestorable ? "ENABLED" : "DISABLED";
      return tables.put(`contract-${crypto.randomUUID()}`, { recovery, tags: { team: "shop" } }).name;
    },
  };
}

export function connectTables(endpoint: () => Promise<string>): ConnectTables {
  return async () => {
    const client = new DynamoDBClient({ endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 });
    return {
      send: client.send.bind(client),
      async makeTable(isRestorable) {
        const TableName = `contract-${crypto.randomUUID()}`;
        await client.send(
          new CreateTableCommand({
            ...{ TableName, BillingMode: "PAY_PER_REQUEST", Tags: [{ Key: "team", Value: "shop" }] },
            KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
            AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          }),
        );
        const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
        if (isRestorable) {
          await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
        }
        return TableName;
      },
    };
  };
}
