import { Stack } from "aws-cdk-lib";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { Environment } from "../functions/heal-rotations/environment.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { grantEnding } from "./credentials-access.ts";
import type { Ledger } from "./ledger.ts";
import type { Network } from "./network.ts";
import { OnSchedule } from "./on-schedule.ts";
import { OperationFunction } from "./operation-function.ts";
import type { Operators } from "./operators.ts";
import { grantListing, grantRepair } from "./secrets-access.ts";

export interface HealRotationsProps {
  environment: string;
  configuration: Configuration;
  variables: Environment;
  ledger: Ledger;
  findings: IEventBus;
  operators: Operators;
  network: Network | null;
}

/** Ends what rotations have left behind, every five minutes, from where the databases can be reached. */
export class HealRotations extends Construct {
  readonly operation: OperationFunction<Environment>;

  constructor(scope: Construct, id: string, props: HealRotationsProps) {
    super(scope, id);
    const { environment, configuration, variables, ledger, findings, operators, network } = props;
    this.operation = new OperationFunction(this, "Operation", {
      operation: "heal-rotations",
      environment,
      setting: configuration.healRotations,
      variables,
      operators,
      failedInvocations: "superseded",
      network,
      entersDatabases: true,
    });
    const { role } = this.operation;
    ledger.grant(role, ["GetItem", "PutItem"], { readsQueue: true });
    role.addToPolicy(new PolicyStatement({ actions: ["events:PutEvents"], resources: [findings.eventBusArn] }));
    grantListing(role);
    grantRepair(role);
    grantEnding(role);
    this.#grantReaders(configuration.secrets.readers);
    new OnSchedule(this, "OnSchedule", {
      description: `Nightshift ${environment}: retires, refreshes and repairs what rotations have left`,
      everyMinutes,
      target: this.operation.function,
      deadLetters: this.operation.deadLetters,
    });
    this.operation.watchHeartbeat("heal-rotations-heartbeat", "sweep complete", everyMinutes);
  }

  /** Deploys anew the services that the configuration names, and no others. */
  #grantReaders(readers: Configuration["secrets"]["readers"]): void {
    if (readers.length === 0) return;
    const named = readers.map(({ cluster, service }) =>
      Stack.of(this).formatArn({ service: "ecs", resource: "service", resourceName: `${cluster}/${service}` }),
    );
    this.operation.role.addToPolicy(
      new PolicyStatement({ actions: ["ecs:DescribeServices", "ecs:UpdateService"], resources: [...new Set(named)] }),
    );
  }
}

const everyMinutes = 5;
