import { ArnFormat, Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { type Severity, severities } from "../shared/severity.ts";

const alarmService = new ServicePrincipal("cloudwatch.amazonaws.com");

/**
 * The key of every topic. CloudWatch cannot publish to a topic that is encrypted with the key that AWS manages for
 * SNS, because that key's policy cannot let it in; so there is one key of our own.
 */
export function topicKey(scope: Construct, environment: string): Key {
  const key = new Key(scope, "TopicKey", {
    description: `Nightshift ${environment}: encrypts its topics`,
    enableKeyRotation: true,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsOfThisAccountPublish",
      effect: Effect.ALLOW,
      principals: [alarmService],
      actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
    }),
  );
  return key;
}

/** Lets the alarms of this account and region, and no others, act on a topic. */
export function allowAlarmsToPublish(topic: Topic): void {
  const stack = Stack.of(topic);
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsOfThisAccountPublish",
      effect: Effect.ALLOW,
      principals: [alarmService],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { "aws:SourceAccount": stack.account },
        ArnLike: { "aws:SourceArn": everyAlarm(stack) },
      },
    }),
  );
}

/** The ARN pattern of every alarm of the stack's account and region. */
export function everyAlarm(stack: Stack): string {
  return stack.formatArn({
    service: "cloudwatch",
    resource: "alarm",
    resourceName: "*",
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The topics that people and their tools subscribe to: one for each severity. */
export class SeverityTopics extends Construct {
  readonly topics: Record<Severity, Topic>;

  constructor(scope: Construct, id: string, props: { environment: string; key: IKey }) {
    super(scope, id);
    const topic = (severity: Severity) =>
      new Topic(this, severity, {
        displayName: `Nightshift ${props.environment} ${severity}`,
        masterKey: props.key,
        enforceSSL: true,
      });
    const [P0, P1, P2, P3] = severities;
    this.topics = { P0: topic(P0), P1: topic(P1), P2: topic(P2), P3: topic(P3) };
  }
}
