import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { region } from "../../sandbox/process.ts";
import { eventually } from "../../sandbox/steps.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { createWorld } from "../../simulation/world.ts";
import { createLedger } from "./connection.ts";
import { connectSimulation } from "./connections.ts";
import type { Deployed } from "./deployed.ts";
import { credentials } from "./dynamodb-local.ts";
import { callLambda, type Emulated } from "./emulated.ts";
import { passes } from "./event-pattern.ts";
import type { ConnectStream, StreamConnection, Woken } from "./stream.contract.ts";

/** The simulated world, with a sender that only notes what woke it. */
export async function connectSimulatedStream(): Promise<StreamConnection> {
  const { configuration } = loadConfiguration("production", {});
  const home = { account: "111122223333", region: "eu-west-1" };
  const world = await createWorld({ configuration, start: Date.UTC(2026, 0, 1), ...home });
  const batches: Woken[][] = [];
  world.notify = async (event) => {
    batches.push(recordsOf(event));
  };
  return {
    send: world.dynamodb.send,
    table: ledgerTable,
    async woken() {
      await world.wake();
      return batches;
    },
  };
}

/** What the deployed filter lets through of the simulated DynamoDB's stream, by our own matcher. */
export function connectFilter(deployed: () => Deployed): ConnectStream {
  return async () => {
    const connection = connectSimulation(() => Date.UTC(2026, 0, 1));
    const table = await createLedger(connection);
    return {
      send: connection.send,
      table,
      async woken() {
        const { batchSize, filter } = deployed().stream;
        const woken = (await connection.changes(table)).flatMap(({ eventName, newImage }) =>
          newImage !== undefined && passes(filter, { eventName, dynamodb: { NewImage: newImage } })
            ? [{ eventName, newImage }]
            : [],
        );
        const batches = Map.groupBy(woken.entries(), ([place]) => Math.floor(place / batchSize));
        return [...batches.values()].map((batch) => batch.map(([, each]) => each));
      },
    };
  };
}

/** A table in MiniStack, whose stream is mapped to a function as the stack maps the ledger's. */
export function connectEmulatedStream(emulated: () => Promise<Emulated>, deployed: () => Deployed): ConnectStream {
  return async () => {
    const { endpoint, addFunction } = await emulated();
    const client = new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 1 });
    const send = client.send.bind(client);
    const table = await createLedger({ send, changes: async () => [] });
    const batches: Woken[][] = [];
    const { name } = await addFunction(async (event) => {
      batches.push(recordsOf(event));
      return null;
    });
    const { batchSize, filter } = deployed().stream;
    await callLambda(endpoint, "POST", "/2015-03-31/event-source-mappings", {
      FunctionName: name,
      EventSourceArn: (await send(new DescribeTableCommand({ TableName: table }))).Table?.LatestStreamArn,
      StartingPosition: "LATEST",
      BatchSize: batchSize,
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(filter) }] },
    });
    const isThere = (last: string) => batches.flat().some(({ newImage }) => newImage.sk?.S === last);
    return {
      send,
      table,
      async woken(last) {
        await eventually(`the function woken with ${last}`, 30, async () => (isThere(last) ? true : null));
        return batches;
      },
    };
  };
}

function recordsOf(event: unknown): Woken[] {
  const { Records } = event as { Records: { eventName: string; dynamodb: { NewImage: Woken["newImage"] } }[] };
  return Records.map(({ eventName, dynamodb }) => ({ eventName, newImage: dynamodb.NewImage }));
}
