import { afterAll, describe, test } from "vitest";
import { connectClient, connectSimulation } from "./connections.ts";
import { dynamoDbContract } from "./dynamodb.contract.ts";
import { agreeOnGeneratedOperations } from "./dynamodb-generated.contract.ts";
import { type DynamoDbLocal, startDynamoDbLocal, whyNot } from "./dynamodb-local.ts";

const reason = whyNot();

if (reason !== undefined) {
  process.stdout.write(`the contract is not held against DynamoDB Local: ${reason}\n`);
  test.skip(`DynamoDB Local: ${reason}`);
} else {
  describe("AWS's own", () => {
    let starting: Promise<DynamoDbLocal> | undefined;
    const local = (): Promise<DynamoDbLocal> => {
      starting ??= startDynamoDbLocal();
      return starting;
    };
    const connect = async () => {
      const { client, endpoint } = await local();
      return connectClient(client, endpoint);
    };
    afterAll(async () => {
      await (await starting)?.stop();
    });
    dynamoDbContract("DynamoDB Local", connect);
    describe("simulation and DynamoDB Local", () => {
      agreeOnGeneratedOperations(async () => connectSimulation(Date.now), connect);
    });
  });
}
