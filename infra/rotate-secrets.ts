import { Stack } from "aws-cdk-lib";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { Environment } from "../functions/rotate-secrets/environment.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { grantMaking } from "./credentials-access.ts";
import type { Ledger } from "./ledger.ts";
import type { Network } from "./network.ts";
import { OperationFunction } from "./operation-function.ts";
import type { Operators } from "./operators.ts";
import { grantRotation } from "./secrets-access.ts";

export interface RotateSecretsProps {
  environment: string;
  setting: Configuration["rotateSecrets"];
  variables: Environment;
  ledger: Ledger;
  findings: IEventBus;
  operators: Operators;
  network: Network | null;
}

/** What Secrets Manager calls to rotate a secret, step by step: of this account, and of no other. */
export class RotateSecrets extends Construct {
  readonly operation: OperationFunction<Environment>;

  constructor(scope: Construct, id: string, props: RotateSecretsProps) {
    super(scope, id);
    const { environment, setting, variables, ledger, findings, operators, network } = props;
    this.operation = new OperationFunction(this, "Operation", {
      operation: "rotate-secrets",
      environment,
      setting,
      variables,
      operators,
      // Secrets Manager waits for the answer. Whoever does not is told of by the alarm on dead letters.
      failedInvocations: "kept",
      network,
      entersDatabases: true,
    });
    const { role } = this.operation;
    ledger.grant(role, ["GetItem", "PutItem"], { readsQueue: false });
    role.addToPolicy(new PolicyStatement({ actions: ["events:PutEvents"], resources: [findings.eventBusArn] }));
    grantRotation(role);
    grantMaking(role);
    this.operation.countMessagesBy("Failures", "RotationFailed", "rotation failed", ["reason", "step"]);
    this.operation.function.addPermission("SecretsManager", {
      principal: new ServicePrincipal("secretsmanager.amazonaws.com"),
      sourceAccount: Stack.of(this).account,
    });
  }
}
