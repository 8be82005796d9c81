import { Stack } from "aws-cdk-lib";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { Environment } from "../functions/audit-secrets/environment.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { cadenceOf } from "./cadence.ts";
import type { Ledger } from "./ledger.ts";
import { OnSchedule } from "./on-schedule.ts";
import { OperationFunction } from "./operation-function.ts";
import type { Operators } from "./operators.ts";
import { allow, grantCertificates, grantDescribing, grantListing, grantStarting } from "./secrets-access.ts";

export interface AuditSecretsProps {
  environment: string;
  configuration: Configuration;
  variables: Omit<Environment, "NIGHTSHIFT_ROTATE_FUNCTION_ARN">;
  ledger: Ledger;
  findings: IEventBus;
  operators: Operators;
  /** rotate-secrets, which it attaches to secrets and starts when it is told to act. */
  rotateFunction: IFunction;
}

/** Looks at every secret of the account and region, once in each cadence. Of most it reads no value, and changes nothing unless told to act. */
export class AuditSecrets extends Construct {
  readonly operation: OperationFunction<Environment>;

  constructor(scope: Construct, id: string, props: AuditSecretsProps) {
    super(scope, id);
    const { environment, configuration, ledger, findings, operators } = props;
    const cadenceMinutes = cadenceOf(configuration, "audit-secrets");
    const rotateFunctionArn = props.rotateFunction.functionArn;
    this.operation = new OperationFunction(this, "Operation", {
      operation: "audit-secrets",
      environment,
      setting: configuration.auditSecrets,
      variables: { ...props.variables, NIGHTSHIFT_ROTATE_FUNCTION_ARN: rotateFunctionArn },
      operators,
      failedInvocations: "superseded",
    });
    const { role } = this.operation;
    ledger.grant(role, ["GetItem", "PutItem"], { readsQueue: true });
    role.addToPolicy(new PolicyStatement({ actions: ["events:PutEvents"], resources: [findings.eventBusArn] }));
    this.#grantReading(configuration);
    if (configuration.auditSecrets.mode === "act") grantStarting(role, rotateFunctionArn);
    new OnSchedule(this, "OnSchedule", {
      description: `Nightshift ${environment}: holds every secret to the policy`,
      everyMinutes: cadenceMinutes,
      target: this.operation.function,
      deadLetters: this.operation.deadLetters,
    });
    this.operation.watchHeartbeat("audit-secrets-heartbeat", "audit complete", cadenceMinutes);
  }

  #grantReading({ secrets }: Configuration): void {
    const { role } = this.operation;
    grantListing(role);
    grantDescribing(role);
    const sayTheirEnd = Object.entries(secrets.kinds).flatMap(([kind, { rotateDays }]) =>
      rotateDays === null ? [kind] : [],
    );
    grantCertificates(role, sayTheirEnd);
    const here = { StringEquals: { "aws:RequestedRegion": Stack.of(this).region } };
    const reason = "Certificates can be listed on every resource only; no private key is read.";
    allow(role, ["acm:ListCertificates"], "*", here, reason);
    // IAM is of no region.
    allow(role, ["iam:ListServerCertificates"], "*", undefined, reason);
  }
}
