import { DescribeTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import type { Instant } from "../../shared/instant.ts";
import { createDynamoDb } from "../../simulation/aws/dynamodb.ts";
import type { Change, Connection } from "./connection.ts";
import { credentials } from "./dynamodb-local.ts";

/** The simulation, with the stream of every table collected. */
export function connectSimulation(now: () => Instant): Connection {
  const simulated = createDynamoDb({ now });
  const seen = new Map<string, Change[]>();
  simulated.onChange(({ table, eventName, keys, newImage, oldImage }) => {
    const changes = seen.get(table) ?? [];
    changes.push({ eventName, keys, ...(newImage && { newImage }), ...(oldImage && { oldImage }) });
    seen.set(table, changes);
  });
  return { send: simulated.send, changes: async (table) => seen.get(table) ?? [] };
}

/** An implementation behind HTTP, its streams read through the streams API. */
export function connectClient(client: DynamoDBClient, endpoint: string): Connection {
  const streams = new DynamoDBStreamsClient({ endpoint, region: "us-east-1", credentials });
  return {
    send: client.send.bind(client),
    changes: async (table) => {
      const { Table: described } = await client.send(new DescribeTableCommand({ TableName: table }));
      const StreamArn = described?.LatestStreamArn;
      const { StreamDescription: stream } = await streams.send(new DescribeStreamCommand({ StreamArn }));
      const changes: Change[] = [];
      for (const { ShardId } of stream?.Shards ?? []) {
        changes.push(...(await readShard(streams, StreamArn, ShardId)));
      }
      return changes;
    },
  };
}

const maximumPages = 20;

async function readShard(
  streams: DynamoDBStreamsClient,
  StreamArn: string | undefined,
  ShardId: string | undefined,
): Promise<Change[]> {
  const changes: Change[] = [];
  const first = new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" });
  let iterator = (await streams.send(first)).ShardIterator;
  for (let page = 0; page < maximumPages && iterator !== undefined; page++) {
    const { Records, NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
    if (Records === undefined || Records.length === 0) {
      break;
    }
    for (const { eventName, dynamodb } of Records) {
      const { Keys, NewImage, OldImage } = dynamodb ?? {};
      changes.push({
        eventName: eventName ?? "",
        keys: Keys ?? {},
        ...(NewImage && { newImage: NewImage }),
        ...(OldImage && { oldImage: OldImage }),
      });
    }
    iterator = NextShardIterator;
  }
  return changes;
}
