// What the simulated DynamoDB claims, as tests that any implementation can be held to. The simulation runs them in
// every `npm test`, DynamoDB Local where it is installed.

import { beforeAll, describe } from "vitest";
import type { Connect, Connection } from "./connection.ts";
import { conditions } from "./dynamodb-conditions.contract.ts";
import { ledger } from "./dynamodb-ledger.contract.ts";
import { queries } from "./dynamodb-queries.contract.ts";
import { reads } from "./dynamodb-reads.contract.ts";
import { transactions } from "./dynamodb-transactions.contract.ts";
import { updates } from "./dynamodb-updates.contract.ts";
import { writes } from "./dynamodb-writes.contract.ts";

export function dynamoDbContract(name: string, connect: Connect): void {
  describe(name, () => {
    let connection: Connection;
    beforeAll(async () => {
      connection = await connect();
    });
    const get = (): Connection => connection;
    describe("conditions", () => conditions(get));
    describe("updates", () => updates(get));
    describe("writes", () => writes(get));
    describe("reads", () => reads(get));
    describe("queries", () => queries(get));
    describe("transactions", () => transactions(get));
    describe("the ledger", () => ledger(get));
  });
}
