import { Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { FilterCriteria, FilterRule, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import type { Environment } from "../functions/notify-responders/environment.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import type { Ledger } from "./ledger.ts";
import { OnSchedule } from "./on-schedule.ts";
import { OperationFunction } from "./operation-function.ts";
import type { Operators } from "./operators.ts";
import { SeverityTopics } from "./topics.ts";

export interface NotifyRespondersProps {
  environment: string;
  setting: Configuration["notifyResponders"];
  variables: Omit<Environment, `NIGHTSHIFT_TOPIC_${string}`>;
  ledger: Ledger;
  operators: Operators;
  key: IKey;
}

/** The sender: woken by the ledger's stream, driven by its own sweep, to one topic for each severity. */
export class NotifyResponders extends Construct {
  readonly operation: OperationFunction<Environment>;
  readonly severityTopics: SeverityTopics;

  constructor(scope: Construct, id: string, props: NotifyRespondersProps) {
    super(scope, id);
    const { environment, setting, operators, key } = props;
    this.severityTopics = new SeverityTopics(this, "Topics", { environment, key });
    const { P0, P1, P2, P3 } = this.severityTopics.topics;
    this.operation = new OperationFunction(this, "Operation", {
      operation: "notify-responders",
      environment,
      setting,
      variables: {
        ...props.variables,
        NIGHTSHIFT_TOPIC_P0: P0.topicArn,
        NIGHTSHIFT_TOPIC_P1: P1.topicArn,
        NIGHTSHIFT_TOPIC_P2: P2.topicArn,
        NIGHTSHIFT_TOPIC_P3: P3.topicArn,
      },
      operators,
      failedInvocations: "superseded",
    });
    props.ledger.grant(this.operation.role, ["BatchGetItem", "ConditionCheckItem", "PutItem", "UpdateItem"], {
      readsQueue: true,
    });
    this.#allowPublishing(key);
    this.#wakeByStream(props.ledger);
    new OnSchedule(this, "EveryMinute", {
      everyMinutes: 1,
      description: `Nightshift ${environment}: sends what is still to be sent`,
      target: this.operation.function,
      deadLetters: this.operation.deadLetters,
    });
    this.operation.watchHeartbeat("notify-responders-heartbeat", "sweep complete");
    const undelivered = this.operation.countMessages("Undelivered", "undelivered", "page undelivered");
    operators.watch("notify-responders-undelivered", undelivered, { at: 1, periods: 1 });
  }

  #allowPublishing(key: IKey): void {
    const resources = Object.values(this.severityTopics.topics).map((topic) => topic.topicArn);
    this.operation.role.addToPolicy(new PolicyStatement({ actions: ["sns:Publish"], resources }));
    this.operation.role.addToPolicy(
      new PolicyStatement({ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [key.keyArn] }),
    );
  }

  /** Only new rows that are to be sent wake the sender: one that changes was claimed, or waits for its time. What it misses stays in the outbox, and the sweep finds it. */
  #wakeByStream(ledger: Ledger): void {
    // The library's own source of events would let the function list the streams of every table.
    ledger.grantStream(this.operation.role);
    this.operation.function.addEventSourceMapping("LedgerStream", {
      eventSourceArn: ledger.streamArn,
      startingPosition: StartingPosition.LATEST,
      batchSize: 100,
      parallelizationFactor: 2,
      bisectBatchOnError: true,
      retryAttempts: 3,
      maxRecordAge: Duration.minutes(5),
      onFailure: new SqsDlq(this.operation.deadLetters),
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual("INSERT"),
          dynamodb: { NewImage: { queue: { S: FilterRule.beginsWith("outbox") } } },
        }),
      ],
    });
  }
}
