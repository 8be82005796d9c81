import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createSqs } from "../../simulation/aws/sqs.ts";
import { credentials } from "./dynamodb-local.ts";
import type { BatchConnection, ConnectBatches } from "./sqs-batches.contract.ts";

export async function connectSimulatedBatches(): Promise<BatchConnection> {
  const queue = "https://sqs.us-east-1.amazonaws.com/111122223333/contract";
  return { send: createSqs({ now: () => 0, queues: [queue] }).send, queue };
}

/** An implementation behind HTTP. */
export function connectBatches(endpoint: () => Promise<string>): ConnectBatches {
  return async () => {
    const client = new SQSClient({ endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 });
    const { QueueUrl = "" } = await client.send(
      new CreateQueueCommand({ QueueName: `contract-${crypto.randomUUID()}` }),
    );
    return { send: client.send.bind(client), queue: QueueUrl };
  };
}
