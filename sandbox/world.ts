import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Incident } from "../shared/incident/types.ts";
import type { Deployment } from "./deployment.ts";
import { region } from "./process.ts";

/** What the proofs see of the deployed stack, and what they do to it: all of it over the emulator's API. */
export interface World extends Ledger, Alarms, Queues {
  settings: Settings;
  deployment: Deployment;
}

interface Settings {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

const metric = { Namespace: "Sandbox", MetricName: "Load" };

/** What an SDK client needs to reach an emulator. */
export function settingsFor(endpoint: string): Settings {
  return { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
}

export function openWorld(endpoint: string, deployment: Deployment): World {
  const settings = settingsFor(endpoint);
  return {
    settings,
    deployment,
    ...openLedger(settings, deployment),
    ...openAlarms(settings, deployment),
    ...openQueues(settings, deployment),
  };
}

interface Ledger {
  /** Every incident in the ledger. */
  incidents(): Promise<Incident[]>;
  /** The incident that has this alarm or finding among its members. */
  incidentOf(name: string): Promise<Incident | undefined>;
}

function openLedger(settings: Settings, { ledgerTable: TableName }: Deployment): Ledger {
  const dynamodb = new DynamoDBClient(settings);
  // A scan, which no function may do: here there are a handful of rows.
  const incidents = async (): Promise<Incident[]> => {
    const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
    return Items.filter(({ pk, sk }) => pk?.S?.startsWith("incident#") && sk?.S === "incident").map(
      ({ body }): Incident => JSON.parse(body?.S ?? "{}"),
    );
  };
  return {
    incidents,
    async incidentOf(name) {
      const all = await incidents();
      return all.find(({ members }) => Object.values(members).some((member) => member.arn.endsWith(name)));
    },
  };
}

interface Alarms {
  /** An alarm that fires above 90 and acts on the stack's topic; on the sandbox's metric unless another is named. */
  putAlarm(name: string, tags: Record<string, string>, metricName?: string): Promise<void>;
  /** Sets an alarm by hand. Rejects with `ResourceNotFound` where there is none of the name. */
  setAlarm(name: string, state: "ALARM" | "OK"): Promise<void>;
  putMetric(value: number): Promise<void>;
}

function openAlarms(settings: Settings, { alarmTopic }: Deployment): Alarms {
  const cloudwatch = new CloudWatchClient(settings);
  return {
    async putAlarm(name, tags, metricName = metric.MetricName) {
      await cloudwatch.send(
        new PutMetricAlarmCommand({
          Namespace: metric.Namespace,
          MetricName: metricName,
          AlarmName: name,
          Statistic: "Minimum",
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 90,
          ComparisonOperator: "GreaterThanThreshold",
          AlarmActions: [alarmTopic],
          OKActions: [alarmTopic],
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
    },
    async setAlarm(name, state) {
      const StateReason = "set by hand in the sandbox";
      await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: state, StateReason }));
    },
    async putMetric(value) {
      const { Namespace, MetricName } = metric;
      await cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Value: value }] }));
    },
  };
}

interface Queues {
  /** A queue that hears what is published to a topic. */
  listen(topicArn: string, name: string): Promise<string>;
  receive(queue: string): Promise<string[]>;
  /** Puts documents into the queue that the rule leads to, as one batch. */
  deliver(documents: readonly (object | string)[]): Promise<void>;
  /** How many messages lie in a queue, those that somebody is working on included. */
  depth(queue: string): Promise<number>;
}

function openQueues(settings: Settings, { deliveryQueue }: Deployment): Queues {
  const sns = new SNSClient(settings);
  const sqs = new SQSClient(settings);
  return {
    async listen(topicArn, name) {
      const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
      await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint: Attributes?.QueueArn }));
      return QueueUrl;
    },
    async receive(queue) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
      );
      return Messages.map(({ Body = "" }) => Body);
    },
    async deliver(documents) {
      const Entries = documents.map((document, index) => ({
        Id: String(index),
        MessageBody: typeof document === "string" ? document : JSON.stringify(document),
      }));
      const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: deliveryQueue, Entries }));
      if (Failed.length > 0) throw new Error(`the queue refused ${Failed.length} of ${Entries.length}`);
    },
    async depth(queue) {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ["All"] }),
      );
      const { ApproximateNumberOfMessages = 0, ApproximateNumberOfMessagesNotVisible = 0 } = Attributes ?? {};
      return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
    },
  };
}
