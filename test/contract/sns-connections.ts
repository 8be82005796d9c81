import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createSns } from "../../simulation/aws/sns.ts";
import { notificationOf } from "../../simulation/documents.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectSns, Heard, SnsConnection } from "./sns.contract.ts";

export async function connectSimulatedSns(): Promise<SnsConnection> {
  const topicArn = "arn:aws:sns:eu-west-1:111122223333:pages";
  const sns = createSns({ now: Date.now, topics: [topicArn] });
  return {
    send: sns.send,
    topicArn,
    heard: async () => sns.published.map(({ subject, message, attributes }) => ({ subject, message, attributes })),
    // The simulated topic leads nowhere: the simulation puts the envelope into its queue by itself.
    throughTopic: async (document) => JSON.stringify(notificationOf(document, Date.now())),
  };
}

/** An implementation behind HTTP, which has SQS too: a queue is subscribed to each topic. */
export function connectSns(endpoint: () => Promise<string>): ConnectSns {
  return async () => {
    const settings = { endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 };
    const sns = new SNSClient(settings);
    const sqs = new SQSClient(settings);
    const name = `contract-${crypto.randomUUID()}`;
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: name }));
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: Attributes?.QueueArn }));
    const bodies = async (): Promise<string[]> => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      return Messages.map(({ Body = "" }) => Body);
    };
    return {
      send: sns.send.bind(sns),
      topicArn: TopicArn,
      heard: async () => (await bodies()).map(heardIn),
      async throughTopic(document) {
        await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(document) }));
        const [body = "null"] = await bodies();
        return body;
      },
    };
  };
}

function heardIn(body: string): Heard {
  const { Subject = null, Message, MessageAttributes = {} }: Envelope = JSON.parse(body);
  const attributes = Object.entries(MessageAttributes).map(([name, { Value }]) => [name, Value]);
  return { subject: Subject, message: Message, attributes: Object.fromEntries(attributes) };
}

interface Envelope {
  Subject?: string | null;
  Message: string;
  MessageAttributes?: Record<string, { Type: string; Value: string }>;
}
