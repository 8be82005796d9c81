import { Duration } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IWidget,
  LogQueryWidget,
  Metric,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { Environment } from "../functions/evaluate-scaling/environment.ts";
import { holdReasons } from "../shared/scaling/types.ts";
import type { OperationFunction } from "./operation-function.ts";
import type { Operators } from "./operators.ts";

export interface ScalingDashboardProps {
  environment: string;
  operation: OperationFunction<Environment>;
  operators: Operators;
}

const verdicts = ["out", "in", "hold", "unknown"];
const period = Duration.minutes(5);
/** Of 24 columns. */
const half = { width: 12, height: 6 };
const whole = { width: 24, height: 8 };

/** What scaling has decided over time, what it has asked CloudWatch for, and what went wrong: all of it from the function's log. */
export class ScalingDashboard extends Construct {
  readonly #props: ScalingDashboardProps;

  constructor(scope: Construct, id: string, props: ScalingDashboardProps) {
    super(scope, id);
    this.#props = props;
    const { environment, operation, operators } = props;
    operation.countMessagesBy("Decisions", "ScalingDecisions", "scaling decision", ["verdict"]);
    operation.countMessagesBy("Holds", "ScalingHolds", "scaling decision", ["reason"]);
    new Dashboard(this, "Dashboard", {
      dashboardName: `nightshift-${environment}-scaling`,
      start: "-P1D",
      widgets: [
        [new TextWidget({ markdown: guide, width: 12, height: 3 }), this.#alarms(operators)],
        [this.#counts("Decisions", "ScalingDecisions", "verdict", verdicts), this.#targets()],
        [this.#counts("Held, and why", "ScalingHolds", "reason", holdReasons), this.#reading()],
        [this.#lines("The last decisions", decisions, 'message = "scaling decision"')],
        [this.#lines("What went wrong", troubles, 'level in ["WARN", "ERROR"] or message = "scaling finding"')],
      ],
    });
  }

  #alarms(operators: Operators): IWidget {
    return new AlarmStatusWidget({
      title: "Its alarms",
      alarms: operators.alarmsOf("evaluate-scaling"),
      ...half,
      height: 3,
    });
  }

  #counts(title: string, metricName: string, field: string, values: readonly string[]): IWidget {
    const namespace = this.#props.operation.metricNamespace;
    const left = values.map(
      (label) =>
        new Metric({ namespace, metricName, dimensionsMap: { [field]: label }, label, statistic: "Sum", period }),
    );
    return new GraphWidget({ title, left, stacked: true, ...half });
  }

  #targets(): IWidget {
    return this.#sums("Targets looked at, a minute", ["targets", "unknown"], []);
  }

  #reading(): IWidget {
    return this.#sums(
      "Metrics and points asked for, a minute: metrics cost, points are limited",
      ["metrics"],
      ["points"],
    );
  }

  #sums(title: string, left: readonly string[], right: readonly string[]): IWidget {
    const metric = (field: string) => this.#props.operation.addUp(field, "shard evaluated").with({ label: field });
    return new GraphWidget({ title, left: left.map(metric), right: right.map(metric), ...half });
  }

  #lines(title: string, fields: readonly string[], filter: string): IWidget {
    const { logGroupName } = this.#props.operation;
    const queryLines = [`fields ${fields.join(", ")}`, `filter ${filter}`, "sort @timestamp desc", "limit 100"];
    return new LogQueryWidget({ title, logGroupNames: [logGroupName], queryLines, ...whole });
  }
}

const decisions = [
  ...["@timestamp", "target", "verdict", "reason", "capacityBefore", "capacityAfter", "acts", "explanation"],
];
const troubles = ["@timestamp", "level", "message", "target", "rule", "state", "reason"];

const guide = `**Scaling.** A decision is counted when it is new: what is held for the same reason as a minute ago is not counted again.
\`nightshift why TARGET --at TIME\` says the whole of one. What an alarm means stands in docs/operating.md.`;
