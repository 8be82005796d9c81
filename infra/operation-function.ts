import { fileURLToPath } from "node:url";
import { Duration } from "aws-cdk-lib";
import type { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, LoggingFormat, Runtime } from "aws-cdk-lib/aws-lambda";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { LogLevel, NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import { FilterPattern, type IFilterPattern, LogGroup } from "aws-cdk-lib/aws-logs";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { NagSuppressions } from "cdk-nag";
import { Construct } from "constructs";
import type { OperationName } from "../shared/operations.ts";
import type { AlarmId } from "./alarms.ts";
import { banner, bundling, nodeOptions } from "./bundling.ts";
import { allowInterfaces, denyInterfaces, type Network } from "./network.ts";
import { everyMinute, type Operators } from "./operators.ts";

export interface OperationFunctionProps<Variables> {
  operation: OperationName;
  environment: string;
  setting: { memoryMegabytes: number; timeoutSeconds: number; logRetentionDays: number };
  variables: Variables;
  operators: Operators;
  /**
   * What becomes of an asynchronous invocation that failed: `kept` is retried for hours and then a dead letter;
   * `superseded` is dropped, because the next sweep does its work.
   */
  failedInvocations: "kept" | "superseded";
  /** Where it stands in a network; outside of any unless stated. */
  network?: Network | null;
  /** Whether it enters databases: then Node also trusts the authorities of Amazon, RDS's among them. */
  entersDatabases?: boolean;
}

/** What every operation has: a function with a role of its own, a log group, a dead-letter queue, and alarms. */
export class OperationFunction<Variables extends Record<string, string | undefined>> extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;
  readonly deadLetters: Queue;
  readonly #logGroup: LogGroup;
  readonly #props: OperationFunctionProps<Variables>;

  constructor(scope: Construct, id: string, props: OperationFunctionProps<Variables>) {
    super(scope, id);
    this.#props = props;
    this.#logGroup = new LogGroup(this, "Logs", { retention: props.setting.logRetentionDays });
    this.deadLetters = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const reason =
      "It is a dead-letter queue: of Lambda, the scheduler, a rule or a stream, which the rule does not see.";
    NagSuppressions.addResourceSuppressions(this.deadLetters, [{ id: "AwsSolutions-SQS3", reason }]);
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    this.#logGroup.grantWrite(this.role);
    if (props.network) allowInterfaces(this.role);
    this.function = this.#function();
    if (props.network) denyInterfaces(this, this.role, this.function);
    this.#watch();
  }

  /**
   * Raises an alarm when the function, which is started every so many minutes, has not said `message` in three times that long.
   * CloudWatch looks back for no more than a week: `everyMinutes` is at most 3360.
   */
  watchHeartbeat(id: AlarmId, message: string, everyMinutes = 1): void {
    const beats = this.countMessages("Heartbeat", "heartbeats", message);
    const period = Duration.minutes(everyMinutes);
    this.#props.operators.watch(id, beats.with({ period }), { below: 1, periods: 3 });
  }

  /** Counts the structured log lines with this message, for each combination of what these fields of theirs say: text, in each of them. */
  countMessagesBy(id: string, name: string, message: string, fields: readonly string[]): void {
    // A line in which a field is null is left out: CloudWatch Logs makes no dimension of it.
    const stated = fields.map((field) => FilterPattern.stringValue(`$.${field}`, "=", "*"));
    this.#logGroup.addMetricFilter(id, {
      filterPattern: FilterPattern.all(FilterPattern.stringValue("$.message", "=", message), ...stated),
      metricNamespace: this.metricNamespace,
      metricName: name,
      metricValue: "1",
      dimensions: Object.fromEntries(fields.map((field) => [field, `$.${field}`])),
    });
  }

  /** A metric that counts the structured log lines with one of these messages. */
  countMessages(id: string, name: string, ...messages: [string, ...string[]]): Metric {
    const patterns = messages.map((message) => FilterPattern.stringValue("$.message", "=", message));
    return this.#metric(id, name, FilterPattern.any(...patterns), "1");
  }

  /** A metric that adds up what a field of the structured log lines with this message says: a number. */
  addUp(field: string, message: string): Metric {
    const id = `Sum${field.replace(/^./, (first) => first.toUpperCase())}`;
    return this.#metric(id, field, FilterPattern.stringValue("$.message", "=", message), `$.${field}`);
  }

  /** Where the metrics are that come from this function's log. */
  get metricNamespace(): string {
    return `Nightshift/${this.#props.environment}`;
  }

  get logGroupName(): string {
    return this.#logGroup.logGroupName;
  }

  #metric(id: string, name: string, filterPattern: IFilterPattern, metricValue: string): Metric {
    const metricName = `${this.#props.operation}-${name}`;
    const where = { metricNamespace: this.metricNamespace, metricName };
    const filter = this.#logGroup.addMetricFilter(id, { ...where, filterPattern, metricValue });
    return filter.metric({ statistic: "Sum", ...everyMinute });
  }

  #function(): NodejsFunction {
    const { operation, setting, variables, failedInvocations, entersDatabases, network } = this.#props;
    const kept = failedInvocations === "kept";
    return new NodejsFunction(this, "Function", {
      entry: path(`../functions/${operation}/handler.ts`),
      projectRoot: path(".."),
      depsLockFilePath: path("../package-lock.json"),
      description: `Nightshift ${this.#props.environment}: ${operation}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: setting.memoryMegabytes,
      timeout: Duration.seconds(setting.timeoutSeconds),
      role: this.role,
      logGroup: this.#logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: { ...stated(variables), ...(entersDatabases && amazonsAuthorities), NODE_OPTIONS: nodeOptions },
      ...network?.placement,
      awsSdkConnectionReuse: false,
      retryAttempts: kept ? 2 : 0,
      maxEventAge: kept ? Duration.hours(6) : Duration.minutes(1),
      // What lies there afterwards is Lambda's report with the event in it: moved back to the queue it is understood.
      ...(kept ? { onFailure: new SqsDestination(this.deadLetters) } : {}),
      bundling: {
        ...bundling,
        banner,
        format: OutputFormat.ESM,
        sourceMap: true,
        logLevel: LogLevel.WARNING,
        bundleAwsSDK: true,
        externalModules: [],
        // The library starts esbuild through npx, which refuses to run inside `npm exec --call` unless this is empty.
        environment: { npm_config_call: "" },
        commandHooks: {
          beforeBundling: () => [],
          beforeInstall: () => [],
          afterBundling: (_, output) => [`"${process.execPath}" "${path("pack-configuration.ts")}" "${output}"`],
        },
      },
    });
  }

  #watch(): void {
    const { operation, operators } = this.#props;
    const often = { at: 1, periods: 3, outOf: 5 };
    operators.watch(`${operation}-errors`, this.function.metricErrors(everyMinute), often);
    operators.watch(`${operation}-throttles`, this.function.metricThrottles(everyMinute), often);
    const letters = this.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", ...everyMinute });
    operators.watch(`${operation}-dead-letters`, letters, { at: 1, periods: 1 });
  }
}

/**
 * Where Lambda keeps them; since Node 20 they are not trusted unless this is said.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
const amazonsAuthorities = { NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" };

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

function stated(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
