import { connectSimulation } from "../../contract/connections.ts";
import { dynamoDbContract } from "../../contract/dynamodb.contract.ts";

dynamoDbContract("the simulated DynamoDB", async () => connectSimulation(() => Date.UTC(2026, 0, 1)));
