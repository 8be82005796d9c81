import { Duration } from "aws-cdk-lib";
import { type IEventBus, Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { Environment } from "../functions/verify-backups/environment.ts";
import { detailTypes } from "../shared/backups/event-kinds.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { grantVerifying } from "./backups-access.ts";
import { cadenceOf } from "./cadence.ts";
import { Evidence } from "./evidence.ts";
import type { Ledger } from "./ledger.ts";
import { OnSchedule } from "./on-schedule.ts";
import { OperationFunction } from "./operation-function.ts";
import type { Operators } from "./operators.ts";

export interface VerifyBackupsProps {
  environment: string;
  configuration: Configuration;
  variables: Omit<Environment, "NIGHTSHIFT_EVIDENCE_BUCKET">;
  ledger: Ledger;
  findings: IEventBus;
  operators: Operators;
}

/** Holds every resource to its recovery point objective, once in each cadence, and earlier when AWS Backup says something. It only looks. */
export class VerifyBackups extends Construct {
  readonly operation: OperationFunction<Environment>;
  readonly evidence: Evidence;

  constructor(scope: Construct, id: string, props: VerifyBackupsProps) {
    super(scope, id);
    const { environment, configuration, ledger, findings, operators } = props;
    const cadenceMinutes = cadenceOf(configuration, "verify-backups");
    this.evidence = new Evidence(this, "Evidence", configuration.verifyBackups.evidence);
    this.operation = new OperationFunction(this, "Operation", {
      operation: "verify-backups",
      environment,
      setting: configuration.verifyBackups,
      variables: { ...props.variables, NIGHTSHIFT_EVIDENCE_BUCKET: this.evidence.bucket.bucketName },
      operators,
      failedInvocations: "superseded",
    });
    const { role } = this.operation;
    ledger.grant(role, ["GetItem", "PutItem"], { readsQueue: false });
    role.addToPolicy(new PolicyStatement({ actions: ["events:PutEvents"], resources: [findings.eventBusArn] }));
    this.evidence.grantKeeping(role, "verify-backups");
    grantVerifying(role, configuration);
    new OnSchedule(this, "OnSchedule", {
      description: `Nightshift ${environment}: holds every resource to its recovery point objective`,
      everyMinutes: cadenceMinutes,
      target: this.operation.function,
      deadLetters: this.operation.deadLetters,
    });
    this.#wake(environment);
    this.operation.watchHeartbeat("verify-backups-heartbeat", "backups verified", cadenceMinutes);
  }

  /** The function holds itself back: an event soon after a run starts none. One that is lost costs nothing but time. */
  #wake(environment: string): void {
    const { function: target, deadLetters: deadLetterQueue } = this.operation;
    new Rule(this, "BackupEvents", {
      description: `Nightshift ${environment}: AWS Backup's events wake the verification early`,
      eventPattern: { source: ["aws.backup"], detailType: [...detailTypes] },
      targets: [new LambdaFunction(target, { deadLetterQueue, maxEventAge: Duration.minutes(5), retryAttempts: 2 })],
    });
  }
}
