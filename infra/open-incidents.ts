import { Duration, Stack } from "aws-cdk-lib";
import { EventBus, type IEventBus, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Topic } from "aws-cdk-lib/aws-sns";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Environment } from "../functions/open-incidents/environment.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { grantTagLookup } from "./cloudwatch-access.ts";
import type { Ledger } from "./ledger.ts";
import { OperationFunction } from "./operation-function.ts";
import { everyMinute, type Operators } from "./operators.ts";
import { allowAlarmsToPublish, everyAlarm } from "./topics.ts";

export interface OpenIncidentsProps {
  environment: string;
  setting: Configuration["openIncidents"];
  variables: Environment;
  ledger: Ledger;
  operators: Operators;
  key: IKey;
}

/**
 * Every door through which alarms and findings come in. Three lead into one queue: a rule on the default bus, a topic,
 * and the bus of findings. The fourth, an alarm's Lambda action, starts the function itself.
 */
export class OpenIncidents extends Construct {
  readonly operation: OperationFunction<Environment>;
  readonly queue: Queue;
  readonly alarmTopic: Topic;
  readonly findings: EventBus;

  constructor(scope: Construct, id: string, props: OpenIncidentsProps) {
    super(scope, id);
    const { environment, setting, variables, operators } = props;
    this.operation = new OperationFunction(this, "Operation", {
      operation: "open-incidents",
      environment,
      setting,
      variables,
      operators,
      failedInvocations: "kept",
    });
    props.ledger.grant(this.operation.role, ["BatchGetItem", "GetItem", "PutItem"], { readsQueue: false });
    grantTagLookup(this.operation.role);
    this.queue = this.#queue(props);
    this.alarmTopic = this.#alarmTopic(props);
    this.findings = new EventBus(this, "Findings", { eventBusName: `nightshift-${environment}` });
    this.#rules();
    this.#allowAlarmActions();
  }

  #queue({ setting, operators }: OpenIncidentsProps): Queue {
    // Six times the function's time, as AWS advises: a batch that is held back must not be handed out twice.
    const visibilityTimeout = Duration.seconds(6 * setting.timeoutSeconds);
    const queue = new Queue(this, "Deliveries", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout,
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: this.operation.deadLetters, maxReceiveCount: 5 },
    });
    this.operation.function.addEventSource(
      new SqsEventSource(queue, {
        batchSize: setting.batchSize,
        reportBatchItemFailures: true,
        maxConcurrency: setting.maximumConcurrency,
      }),
    );
    const age = queue.metricApproximateAgeOfOldestMessage({ statistic: "Maximum", ...everyMinute });
    // One failed attempt waits for the visibility timeout; older than that, and a minute, nobody has come for it.
    operators.watch("open-incidents-queue-age", age, { at: visibilityTimeout.toSeconds() + 60, periods: 1 });
    return queue;
  }

  #alarmTopic({ environment, key }: OpenIncidentsProps): Topic {
    const topic = new Topic(this, "AlarmTopic", {
      displayName: `Nightshift ${environment}: alarms for incidents`,
      masterKey: key,
      enforceSSL: true,
    });
    allowAlarmsToPublish(topic);
    topic.addSubscription(new SqsSubscription(this.queue));
    return topic;
  }

  #rules(): void {
    const target = new SqsQueue(this.queue, {
      deadLetterQueue: this.operation.deadLetters,
      maxEventAge: Duration.hours(24),
      retryAttempts: 185,
    });
    const stack = Stack.of(this);
    const defaultBus: IEventBus = EventBus.fromEventBusName(this, "DefaultBus", "default");
    new Rule(this, "Alarms", {
      description: `${stack.stackName}: every alarm of this account and region`,
      eventBus: defaultBus,
      // The same three names come from aws.monitoring too, at best effort: they must not match.
      eventPattern: {
        source: ["aws.cloudwatch"],
        detailType: [
          "CloudWatch Alarm State Change",
          "CloudWatch Alarm Contributor State Change",
          "CloudWatch Alarm Configuration Change",
        ],
      },
      targets: [target],
    });
    new Rule(this, "RaisedAndCleared", {
      description: `${stack.stackName}: what auditing operations found`,
      eventBus: this.findings,
      eventPattern: { source: ["nightshift"], detailType: ["Finding"] },
      targets: [target],
    });
  }

  /** One permission for all alarms of the account: a permission each would outgrow the policy at some dozens. */
  #allowAlarmActions(): void {
    const stack = Stack.of(this);
    this.operation.function.addPermission("AlarmActions", {
      principal: new ServicePrincipal("lambda.alarms.cloudwatch.amazonaws.com"),
      sourceAccount: stack.account,
      sourceArn: everyAlarm(stack),
    });
  }
}
