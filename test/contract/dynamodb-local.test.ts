import { describe } from "vitest";
import { connectClient, connectSimulation } from "./connections.ts";
import { dynamoDbContract } from "./dynamodb.contract.ts";
import { agreeOnGeneratedOperations } from "./dynamodb-generated.contract.ts";
import { dynamoDbLocal } from "./dynamodb-local.ts";
import { repeatStretch } from "./dynamodb-replayed.contract.ts";
import { heldAgainst } from "./judge.ts";

heldAgainst(dynamoDbLocal, (local) => {
  const connect = async () => {
    const { client, endpoint } = await local();
    return connectClient(client, endpoint);
  };
  dynamoDbContract("AWS's own", connect);
  describe("simulation and DynamoDB Local", () => {
    agreeOnGeneratedOperations(async () => connectSimulation(Date.now), connect);
    repeatStretch(connect);
  });
});
