import { Duration, Lazy } from "aws-cdk-lib";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Environment } from "../functions/evaluate-scaling/environment.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { Decisions } from "./decisions.ts";
import type { Ledger } from "./ledger.ts";
import { OnSchedule } from "./on-schedule.ts";
import { OperationFunction } from "./operation-function.ts";
import type { Operators } from "./operators.ts";
import { grantLooking, grantScaling } from "./scaling-access.ts";
import { ScalingDashboard } from "./scaling-dashboard.ts";

export interface EvaluateScalingProps {
  environment: string;
  configuration: Configuration;
  variables: Omit<Environment, "NIGHTSHIFT_DECISIONS_TABLE" | "NIGHTSHIFT_SHARDS_QUEUE_URL">;
  ledger: Ledger;
  findings: IEventBus;
  operators: Operators;
}

/** Every minute each target is held to its rules. Thousands go in shards through a queue to the same function. */
export class EvaluateScaling extends Construct {
  readonly operation: OperationFunction<Environment>;
  readonly decisions: Decisions;
  readonly shards: Queue;

  constructor(scope: Construct, id: string, props: EvaluateScalingProps) {
    super(scope, id);
    const { environment, configuration, ledger, findings, operators } = props;
    this.decisions = new Decisions(this, "Decisions");
    this.operation = new OperationFunction(this, "Operation", {
      operation: "evaluate-scaling",
      environment,
      setting: configuration.evaluateScaling,
      variables: {
        ...props.variables,
        NIGHTSHIFT_DECISIONS_TABLE: this.decisions.table.tableName,
        // The queue gives up to the function's own dead letters, and so is made after them.
        NIGHTSHIFT_SHARDS_QUEUE_URL: Lazy.string({ produce: () => this.shards.queueUrl }),
      },
      operators,
      failedInvocations: "superseded",
    });
    this.shards = this.#shards(configuration.evaluateScaling);
    const { role } = this.operation;
    ledger.grant(role, ["GetItem"], { readsQueue: false });
    this.decisions.grantDeciding(role);
    role.addToPolicy(new PolicyStatement({ actions: ["events:PutEvents"], resources: [findings.eventBusArn] }));
    role.addToPolicy(new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [this.shards.queueArn] }));
    grantLooking(role);
    grantScaling(role, configuration);
    new OnSchedule(this, "EveryMinute", {
      description: `Nightshift ${environment}: holds every target to its scaling rules`,
      everyMinutes: 1,
      target: this.operation.function,
      deadLetters: this.operation.deadLetters,
    });
    this.#watch(operators);
    new ScalingDashboard(this, "Dashboard", { environment, operation: this.operation, operators });
  }

  #shards({ timeoutSeconds, maximumConcurrency }: Configuration["evaluateScaling"]): Queue {
    const queue = new Queue(this, "Shards", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // AWS advises six times the function's time. Here that would be useless: a shard is of no use to anybody after a minute and a
      // half, and the function drops it. Hidden for no longer than the function may take, one that failed comes again once in time.
      visibilityTimeout: Duration.seconds(timeoutSeconds),
      // As long as three attempts take and more, so that what kills the function ends as a dead letter, and is not just forgotten.
      retentionPeriod: Duration.seconds(Math.max(600, 5 * timeoutSeconds)),
      deadLetterQueue: { queue: this.operation.deadLetters, maxReceiveCount: 3 },
    });
    this.operation.function.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 1,
        reportBatchItemFailures: true,
        maxConcurrency: maximumConcurrency,
      }),
    );
    return queue;
  }

  #watch(operators: Operators): void {
    this.operation.watchHeartbeat("evaluate-scaling-heartbeat", "scaling planned");
    // A shard that came too late was not evaluated either.
    const failed = this.operation.countMessages("ShardsFailed", "shards-failed", "shard failed", "stale shard");
    operators.watch("evaluate-scaling-shards-failed", failed, { at: 1, periods: 3, outOf: 5 });
  }
}
