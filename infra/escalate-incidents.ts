import { Construct } from "constructs";
import type { Environment } from "../functions/escalate-incidents/environment.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { grantReconciling, grantTagLookup } from "./cloudwatch-access.ts";
import type { Ledger } from "./ledger.ts";
import { OnSchedule } from "./on-schedule.ts";
import { OperationFunction } from "./operation-function.ts";
import type { Operators } from "./operators.ts";

export interface EscalateIncidentsProps {
  environment: string;
  setting: Configuration["escalateIncidents"];
  variables: Environment;
  ledger: Ledger;
  operators: Operators;
}

/** The sweep: every minute it does what is due, and compares what is known with CloudWatch. */
export class EscalateIncidents extends Construct {
  readonly operation: OperationFunction<Environment>;

  constructor(scope: Construct, id: string, props: EscalateIncidentsProps) {
    super(scope, id);
    const { environment, setting, variables, operators } = props;
    this.operation = new OperationFunction(this, "Operation", {
      operation: "escalate-incidents",
      environment,
      setting,
      variables,
      operators,
      failedInvocations: "superseded",
    });
    props.ledger.grant(this.operation.role, ["BatchGetItem", "GetItem", "PutItem", "UpdateItem"], { readsQueue: true });
    grantTagLookup(this.operation.role);
    grantReconciling(this.operation.role);
    new OnSchedule(this, "EveryMinute", {
      everyMinutes: 1,
      description: `Nightshift ${environment}: escalates, reminds, resolves and reconciles`,
      target: this.operation.function,
      deadLetters: this.operation.deadLetters,
    });
    this.operation.watchHeartbeat("escalate-incidents-heartbeat", "sweep complete");
  }
}
