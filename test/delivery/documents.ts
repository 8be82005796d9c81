import { readFileSync } from "node:fs";
import { parseDeliveries } from "../../shared/delivery/parse.ts";
import type { Alarm, AlarmState, Delivery, Door } from "../../shared/delivery/types.ts";

/** One transition of one kind of alarm, as CloudWatch writes it for each of its three doors. */
export interface Golden {
  expected: {
    alarm: Alarm;
    contributor: { id: string; attributes: Record<string, string> } | null;
    state: AlarmState;
    reason: string;
    at: string;
    previous: AlarmState | null;
  };
  /** Only SNS says from which state a contributor came. */
  expectedPreviousFromTopic?: AlarmState;
  event: Record<string, unknown>;
  action: Record<string, unknown>;
  topic: Record<string, unknown>;
}

export const kinds = [
  "static",
  "math",
  "anomaly",
  "composite-released",
  "insights-contributor",
  "insights-parent",
  "log-contributor",
  "log-parent",
  "promql",
] as const;

export function golden(kind: (typeof kinds)[number]): Golden {
  return JSON.parse(readFileSync(new URL(`fixtures/${kind}.json`, import.meta.url), "utf8"));
}

/** The only delivery in a document. */
export function parseOne(document: unknown): Delivery {
  const [first, ...others] = parseDeliveries(document);
  if (first === undefined || others.length > 0) throw new Error(`${others.length} deliveries more than one`);
  return first;
}

type Wrap = (document: unknown) => unknown;

export const envelopes: Record<string, Wrap> = {
  "an SQS batch": (document) => sqsBatch(document),
  "one SQS record": (document) => sqsRecord(document),
  "an SNS notification": (document) => notification(document),
  "an SNS notification in SQS": (document) => sqsBatch(notification(document)),
  "an SNS batch": (document) => ({
    Records: [{ EventSource: "aws:sns", EventVersion: "1.0", Sns: notification(document) }],
  }),
  "Lambda's report of a failure": (document) => ({
    version: "1.0",
    timestamp: "2026-05-05T00:00:00.000Z",
    requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 },
    requestPayload: document,
  }),
};

/** The ways of each door, as design.md draws them. */
export const ways: { way: string; door: Door; document: (golden: Golden) => unknown }[] = [
  { way: "EventBridge", door: "event", document: ({ event }) => event },
  { way: "EventBridge in SQS", door: "event", document: ({ event }) => sqsBatch(event) },
  { way: "Lambda action", door: "action", document: ({ action }) => action },
  { way: "SNS, raw", door: "topic", document: ({ topic }) => topic },
  { way: "SNS, enveloped", door: "topic", document: ({ topic }) => notification(topic) },
  { way: "SNS in SQS", door: "topic", document: ({ topic }) => sqsBatch(notification(topic)) },
  { way: "SNS raw in SQS", door: "topic", document: ({ topic }) => sqsBatch(topic) },
];

export function sqsBatch(...documents: unknown[]) {
  return { Records: documents.map(sqsRecord) };
}

export function sqsRecord(document: unknown) {
  return {
    messageId: "0d3f",
    receiptHandle: "…",
    body: JSON.stringify(document),
    attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1777888805123" },
    messageAttributes: {},
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-west-1:111122223333:deliveries",
    awsRegion: "eu-west-1",
  };
}

export function notification(document: unknown) {
  return {
    Type: "Notification",
    MessageId: "7b1e",
    TopicArn: "arn:aws:sns:eu-west-1:111122223333:alarms",
    Subject: "ALARM",
    Message: JSON.stringify(document),
    Timestamp: "2026-05-04T10:00:06.500Z",
    SignatureVersion: "2",
    SigningCertUrl: "https://sns.eu-west-1.amazonaws.com/certificate.pem",
  };
}

/** The document with the value at a dotted path replaced; undefined removes it. */
export function changed(document: unknown, path: string, value: unknown): Record<string, unknown> {
  const copy = structuredClone(document) as Record<string, unknown>;
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  let place = copy;
  for (const step of steps) place = place[step] as Record<string, unknown>;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}
