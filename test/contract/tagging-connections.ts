import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createTagging } from "../../simulation/aws/tagging.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectTagging, TaggingConnection } from "./tagging.contract.ts";

const arnOf = (account: string) => `arn:aws:sqs:us-east-1:${account}:contract-${crypto.randomUUID()}`;

export async function connectSimulatedTagging(): Promise<TaggingConnection> {
  const tagging = createTagging();
  return {
    send: tagging.send,
    async makeQueue(tags) {
      const arn = arnOf("111122223333");
      tagging.put(arn, tags);
      return arn;
    },
  };
}

/** An implementation behind HTTP; what it takes for the account is said by it. */
export function connectTagging(endpoint: () => Promise<string>, account: string): ConnectTagging {
  return async () => {
    const settings = { endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 };
    const client = new ResourceGroupsTaggingAPIClient(settings);
    const sqs = new SQSClient(settings);
    return {
      send: client.send.bind(client),
      async makeQueue(tags) {
        const arn = arnOf(account);
        await sqs.send(new CreateQueueCommand({ QueueName: arn.split(":").at(-1), tags: { ...tags } }));
        return arn;
      },
    };
  };
}
