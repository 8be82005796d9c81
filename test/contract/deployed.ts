import { Capture, Match, type Template } from "aws-cdk-lib/assertions";
import { second } from "../../shared/instant.ts";
import { synthesise } from "../infra/synthesis.ts";

/** What the stack says of how deliveries and changes come to the functions, as it goes to AWS. */
export interface Deployed {
  ledger: { KeySchema: object; GlobalSecondaryIndexes: object };
  queue: { visibility: number; maximumReceives: number; batchSize: number };
  /** Of an alarm's action whose invocation fails. */
  maximumRetries: number;
  stream: { batchSize: number; filter: object };
  /** The pattern of each rule. */
  rules: { alarms: object; findings: object };
}

/** From the template of production. */
export function readDeployed(): Deployed {
  const { template } = synthesise({ environment: "production" });
  const has = (type: string, properties: object) => template.hasResourceProperties(type, properties);
  const ledger = { KeySchema: new Capture(), GlobalSecondaryIndexes: new Capture() };
  has("AWS::DynamoDB::Table", ledger);
  const queue = { visibility: new Capture(), maximumReceives: new Capture(), batchSize: new Capture() };
  has("AWS::SQS::Queue", {
    VisibilityTimeout: queue.visibility,
    RedrivePolicy: { maxReceiveCount: queue.maximumReceives },
  });
  has("AWS::Lambda::EventSourceMapping", {
    BatchSize: queue.batchSize,
    FunctionResponseTypes: ["ReportBatchItemFailures"],
  });
  const retries = new Capture();
  has("AWS::Lambda::EventInvokeConfig", { MaximumRetryAttempts: retries, DestinationConfig: Match.anyValue() });
  const stream = { batchSize: new Capture(), filter: new Capture() };
  has("AWS::Lambda::EventSourceMapping", {
    BatchSize: stream.batchSize,
    FilterCriteria: { Filters: [{ Pattern: stream.filter }] },
  });
  return {
    ledger: {
      KeySchema: ledger.KeySchema.asArray(),
      GlobalSecondaryIndexes: ledger.GlobalSecondaryIndexes.asArray(),
    },
    queue: {
      visibility: queue.visibility.asNumber() * second,
      maximumReceives: queue.maximumReceives.asNumber(),
      batchSize: queue.batchSize.asNumber(),
    },
    maximumRetries: retries.asNumber(),
    stream: { batchSize: stream.batchSize.asNumber(), filter: JSON.parse(stream.filter.asString()) },
    rules: { alarms: patternOf(template, "aws.cloudwatch"), findings: patternOf(template, "nightshift") },
  };
}

function patternOf(template: Template, source: string): object {
  const pattern = new Capture(Match.objectLike({ source: [source] }));
  template.hasResourceProperties("AWS::Events::Rule", { EventPattern: pattern });
  return pattern.asObject();
}
