import { CfnOutput, Stack, type StackProps, Tags } from "aws-cdk-lib";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import type { EnvironmentName } from "../shared/configuration/environments.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { severities } from "../shared/severity.ts";
import { AuditSecrets } from "./audit-secrets.ts";
import { EscalateIncidents } from "./escalate-incidents.ts";
import { EvaluateScaling } from "./evaluate-scaling.ts";
import { HealRotations } from "./heal-rotations.ts";
import { Ledger } from "./ledger.ts";
import { Network } from "./network.ts";
import { NotifyResponders } from "./notify-responders.ts";
import { OpenIncidents } from "./open-incidents.ts";
import { Operators } from "./operators.ts";
import { RotateSecrets } from "./rotate-secrets.ts";
import { topicKey } from "./topics.ts";
import { VerifyBackups } from "./verify-backups.ts";

export interface NightshiftProps extends StackProps {
  environment: EnvironmentName;
  configuration: Configuration;
  /** What the functions get as NIGHTSHIFT_OVERRIDES. */
  overrides?: string | undefined;
  /** Where docs/operating.md can be read: the alarms' texts link to it. */
  runbook: string;
}

/** What the functions have that tell findings. */
interface TellingProps {
  environment: EnvironmentName;
  configuration: Configuration;
  variables: {
    NIGHTSHIFT_ENVIRONMENT: EnvironmentName;
    NIGHTSHIFT_LEDGER_TABLE: string;
    NIGHTSHIFT_OVERRIDES: string | undefined;
  };
  ledger: Ledger;
  operators: Operators;
  findings: IEventBus;
}

/** One environment of Nightshift, in one account and region. */
export class Nightshift extends Stack {
  constructor(scope: Construct, id: string, props: NightshiftProps) {
    const { environment, configuration, overrides, runbook } = props;
    super(scope, id, {
      description: `Nightshift ${environment}: every alarm becomes one incident and a page, every secret is rotated on time, capacity follows the load, every backup is verified`,
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
    const telling = { ...common, configuration, findings: opening.findings };
    this.#secrets(telling);
    this.#scaling(telling);
    this.#backups(telling);
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

  /** What looks after secrets. Two of the three enter databases, and stand where these are. */
  #secrets({ configuration, findings, ...common }: TellingProps): void {
    const { environment, ledger, operators } = common;
    const variables = { ...common.variables, NIGHTSHIFT_FINDINGS_BUS: findings.eventBusName };
    const services = ["secretsmanager", "sts", "events", ...(configuration.secrets.readers.length > 0 ? ["ecs"] : [])];
    const network =
      configuration.network === null
        ? null
        : new Network(this, "Network", { environment, setting: configuration.network, services });
    const shared = { environment, configuration, variables, ledger, findings, operators };
    const setting = configuration.rotateSecrets;
    const rotating = new RotateSecrets(this, "RotateSecrets", { ...shared, setting, network });
    const rotateFunction = rotating.operation.function;
    const auditing = new AuditSecrets(this, "AuditSecrets", { ...shared, rotateFunction });
    const healing = new HealRotations(this, "HealRotations", { ...shared, network });
    // By this name other stacks attach it to their secrets: infra/public.
    const exportName = `nightshift-${environment}-rotate-secrets`;
    this.#output("RotateFunction", rotateFunction.functionArn, "What Secrets Manager calls to rotate", exportName);
    this.#output("AuditSecretsFunction", auditing.operation.function.functionArn, "The audit of all secrets");
    this.#output("HealRotationsFunction", healing.operation.function.functionArn, "What ends and mends rotations");
  }

  #scaling({ configuration, findings, ...common }: TellingProps): void {
    const { environment, ledger, operators } = common;
    const variables = { ...common.variables, NIGHTSHIFT_FINDINGS_BUS: findings.eventBusName };
    const shared = { environment, configuration, variables, ledger, findings, operators };
    const { operation, decisions, shards } = new EvaluateScaling(this, "EvaluateScaling", shared);
    this.#output(
      "EvaluateScalingFunction",
      operation.function.functionArn,
      "What holds targets to their scaling rules",
    );
    this.#output("DecisionsTable", decisions.table.tableName, "What was decided about each target, and why");
    this.#output("ShardsQueue", shards.queueUrl, "Through which thousands of targets are evaluated at once");
  }

  #backups({ configuration, findings, ...common }: TellingProps): void {
    const { environment, ledger, operators } = common;
    const variables = { ...common.variables, NIGHTSHIFT_FINDINGS_BUS: findings.eventBusName };
    const shared = { environment, configuration, variables, ledger, findings, operators };
    const { operation, evidence } = new VerifyBackups(this, "VerifyBackups", shared);
    this.#output("VerifyBackupsFunction", operation.function.functionArn, "What holds resources to their objectives");
    this.#output("EvidenceBucket", evidence.bucket.bucketName, "What was found of backups, locked for an auditor");
  }

  #output(id: string, value: string, description: string, exportName?: string): void {
    new CfnOutput(this, id, { value, description, exportName });
  }
}
