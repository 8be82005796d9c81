import { CfnOutput, Stack, type StackProps, Tags } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvironmentName } from "../shared/configuration/environments.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { severities } from "../shared/severity.ts";
import { EscalateIncidents } from "./escalate-incidents.ts";
import { Ledger } from "./ledger.ts";
import { NotifyResponders } from "./notify-responders.ts";
import { OpenIncidents } from "./open-incidents.ts";
import { Operators } from "./operators.ts";
import { topicKey } from "./topics.ts";

export interface NightshiftProps extends StackProps {
  environment: EnvironmentName;
  configuration: Configuration;
  /** What the functions get as NIGHTSHIFT_OVERRIDES. */
  overrides?: string | undefined;
  /** Where docs/operating.md can be read: the alarms' texts link to it. */
  runbook: string;
}

/** One environment of Nightshift, in one account and region. */
export class Nightshift extends Stack {
  constructor(scope: Construct, id: string, props: NightshiftProps) {
    const { environment, configuration, overrides, runbook } = props;
    super(scope, id, {
      description: `Nightshift ${environment}: every alarm becomes one incident and a page`,
      ...props,
    });
    Tags.of(this).add("nightshift:environment", environment);
    const key = topicKey(this, environment);
    const operators = new Operators(this, "Operators", { environment, key, runbook });
    const ledger = new Ledger(this, "Ledger");
    const variables = {
      NIGHTSHIFT_ENVIRONMENT: environment,
      NIGHTSHIFT_LEDGER_TABLE: ledger.table.tableName,
      NIGHTSHIFT_OVERRIDES: overrides,
    };
    const common = { environment, variables, ledger, operators };
    const opening = new OpenIncidents(this, "OpenIncidents", { ...common, setting: configuration.openIncidents, key });
    const escalating = new EscalateIncidents(this, "EscalateIncidents", {
      ...common,
      setting: configuration.escalateIncidents,
    });
    const notifying = new NotifyResponders(this, "NotifyResponders", {
      ...common,
      setting: configuration.notifyResponders,
      key,
    });
    this.#output("AlarmTopic", opening.alarmTopic.topicArn, "An alarm's SNS action: alarm, OK and insufficient data");
    this.#output("AlarmFunction", opening.operation.function.functionArn, "An alarm's Lambda action");
    this.#output("DeliveryQueue", opening.queue.queueUrl, "Where the rule, the topic and the findings lead");
    this.#output("DeliveryDeadLetters", opening.operation.deadLetters.queueUrl, "Deliveries that were given up");
    this.#output("FindingsBus", opening.findings.eventBusName, "Where findings are put");
    this.#output("EscalateFunction", escalating.operation.function.functionArn, "The sweep of every minute");
    this.#output("NotifyFunction", notifying.operation.function.functionArn, "The sender");
    this.#output("LedgerTable", ledger.table.tableName, "Incidents, timelines and the outbox");
    this.#output("OperatorsTopic", operators.topic.topicArn, "Subscribe whoever looks after Nightshift");
    for (const severity of severities) {
      const { topicArn } = notifying.severityTopics.topics[severity];
      this.#output(`Pages${severity}`, topicArn, `Subscribe whoever answers ${severity}`);
    }
  }

  #output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
