import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { bundleAll } from "../../shared/configuration/files.ts";
import { holdReasons } from "../../shared/scaling/types.ts";
import { anyService } from "./scaling-permissions.ts";
import { type Statement, statementsOf } from "./statements.ts";
import { resources, synthesise } from "./synthesis.ts";

const { evaluateScaling } = bundleAll().production;
const { template } = synthesise({ environment: "production" });

/** The stack with these overrides. */
const changed = (overrides: object) => synthesise({ environment: "production", overrides: JSON.stringify(overrides) });

/** What changes capacities, by its statements. */
function changing(of = template): Statement[] {
  const own = statementsOf(of).filter(
    ({ owner, principals }) => owner === "EvaluateScalingOperationRole" && principals.length === 0,
  );
  const others = /^(dynamodb|logs|sqs|events):|:(Describe|Get|List)/;
  return own.filter(
    ({ actions, resources: on }) => on.join().includes(":table/") || actions.some((action) => !others.test(action)),
  );
}

const tagged = { Null: { "aws:ResourceTag/nightshift:scaling": "false" } };
const arn = (service: string, rest: string) => `arn:AWS::Partition:${service}:AWS::Region:AWS::AccountId:${rest}`;
const service = { type: "ecs-service", cluster: "shop", service: "checkout", maximum: 9 };
const group = { type: "auto-scaling-group", group: "web", maximum: 9 };
const metrics = {
  cpu: { namespace: "Shop", metric: "Load", statistic: "Average", periodSeconds: 60, absence: "idle" },
};
const scalable = { type: "scalable-target", resource: "table/orders", maximum: 9, metrics };
const reads = { ...scalable, namespace: "dynamodb", dimension: "dynamodb:table:ReadCapacityUnits" };
const endpoint = { ...scalable, namespace: "sagemaker", dimension: "sagemaker:variant:DesiredInstanceCount" };

describe("what may be changed", () => {
  const updates = ["ecs:UpdateService", anyService];
  const sets = ["autoscaling:SetDesiredCapacity", arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*")];
  const registers = [
    "application-autoscaling:RegisterScalableTarget",
    arn("application-autoscaling", "scalable-target/*"),
  ];
  const tables = ["dynamodb:DescribeTable, dynamodb:UpdateTable", arn("dynamodb", "table/*")];
  const describes = ["ecs:DescribeServices, ecs:UpdateService", anyService];
  const verbs = ["Delete", "Get", "Put"].map((verb) => `lambda:${verb}ProvisionedConcurrencyConfig`);
  const concurrency = [verbs.join(", "), arn("lambda", "function:*")];
  const act = { mode: "act" };

  const cases: [title: string, overrides: object, may: string[][]][] = [
    ["nothing, as it comes", {}, []],
    ["nothing, while all targets recommend", { scaling: { targets: { service, group, reads } } }, []],
    [
      "nothing of a metric alone",
      { scaling: { targets: { load: { type: "metric", metrics } } }, evaluateScaling: act },
      [],
    ],
    ["services, where one acts", { scaling: { targets: { service: { ...service, ...act }, group } } }, [updates]],
    ["groups, where one acts", { scaling: { targets: { service, group: { ...group, ...act } } } }, [sets]],
    [
      "scalable targets, and the service behind",
      { scaling: { targets: { reads: { ...reads, ...act } } } },
      [registers, tables],
    ],
    [
      "scalable targets, where nobody knows what is behind",
      { scaling: { targets: { endpoint: { ...endpoint, ...act } } } },
      [registers],
    ],
    [
      "whatever may carry the tag of those that act",
      { scaling: { tagged: { all: { key: "a", value: "b", maximum: 9, ...act } } } },
      [describes, sets, registers, tables, concurrency],
    ],
    [
      "what does not say otherwise",
      { scaling: { targets: { service, group: { ...group, mode: "recommend" } } }, evaluateScaling: act },
      [updates],
    ],
  ];

  test.each(cases)("is %s", (_, overrides, may) => {
    const { template: of, complaints } = changed(overrides);
    const found = changing(of);
    expect(found.map(({ actions, resources: on }) => [actions.join(", "), on.join(", ")]).toSorted()).toEqual(
      may.toSorted(),
    );
    for (const { effect, condition } of found)
      expect({ effect, condition }).toEqual({ effect: "Allow", condition: tagged });
    expect(complaints).toEqual([]);
  });
});

describe("the table of decisions", () => {
  const [[, table] = ["", undefined]] = resources(template, "AWS::DynamoDB::Table").filter(([id]) =>
    id.startsWith("EvaluateScaling"),
  );

  test("is on demand, encrypted, restorable, forgets what has expired, and outlives the stack", () => {
    expect(table?.DeletionPolicy).toBe("Retain");
    expect(table?.Properties).toMatchObject({
      BillingMode: "PAY_PER_REQUEST",
      DeletionProtectionEnabled: true,
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
    });
  });

  test("tells nobody of its changes, and has no index", () => {
    expect(table?.Properties).not.toHaveProperty("StreamSpecification");
    expect(table?.Properties).not.toHaveProperty("GlobalSecondaryIndexes");
  });
});

describe("the queue of shards", () => {
  const [[id, queue] = ["", undefined]] = resources(template, "AWS::SQS::Queue").filter(([each]) =>
    each.startsWith("EvaluateScalingShards"),
  );

  test("hides a shard for as long as the function may take, so that it comes again before it is of no use", () => {
    expect(queue?.Properties).toMatchObject({
      VisibilityTimeout: evaluateScaling.timeoutSeconds,
      MessageRetentionPeriod: 600,
      SqsManagedSseEnabled: true,
      RedrivePolicy: {
        deadLetterTargetArn: { "Fn::GetAtt": [expect.stringMatching(/^EvaluateScalingOperationDeadLetters/), "Arn"] },
        maxReceiveCount: 3,
      },
    });
  });

  test("keeps a shard until three attempts are over, however long they take", () => {
    const slow = changed({ evaluateScaling: { timeoutSeconds: 300 } }).template;
    slow.hasResourceProperties("AWS::SQS::Queue", { VisibilityTimeout: 300, MessageRetentionPeriod: 1_500 });
  });

  test("is read one by one, each failure by itself, by a bounded number at once, and known to the function", () => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: { "Fn::GetAtt": [id, "Arn"] },
      BatchSize: 1,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: evaluateScaling.maximumConcurrency },
    });
    template.hasResourceProperties("AWS::Lambda::Function", {
      Environment: {
        Variables: Match.objectLike({
          NIGHTSHIFT_SHARDS_QUEUE_URL: { Ref: id },
          NIGHTSHIFT_DECISIONS_TABLE: { Ref: Match.stringLikeRegexp("^EvaluateScalingDecisions") },
        }),
      },
    });
  });
});

test("the outputs name the function, its table and its queue", () => {
  for (const name of ["EvaluateScalingFunction", "DecisionsTable", "ShardsQueue"]) template.hasOutput(name, {});
});

test("a shard that came too late counts as one that failed", () => {
  template.hasResourceProperties("AWS::Logs::MetricFilter", {
    FilterPattern: '{ ($.message = "shard failed") || ($.message = "stale shard") }',
    MetricTransformations: [Match.objectLike({ MetricName: "evaluate-scaling-shards-failed", MetricValue: "1" })],
  });
  template.hasResourceProperties("AWS::CloudWatch::Alarm", {
    AlarmName: "nightshift-production-evaluate-scaling-shards-failed",
    DatapointsToAlarm: 3,
    EvaluationPeriods: 5,
    TreatMissingData: "notBreaching",
  });
});

describe("the dashboard", () => {
  const [[, board] = ["", undefined]] = resources(template, "AWS::CloudWatch::Dashboard");
  const body = JSON.stringify(board?.Properties.DashboardBody);

  test("has the environment's name", () =>
    expect(board?.Properties.DashboardName).toBe("nightshift-production-scaling"));

  test("shows metrics that its filters make, and no others", () => {
    const filters = resources(template, "AWS::Logs::MetricFilter").map(([, { Properties }]) =>
      Object((Properties.MetricTransformations as object[])[0]),
    );
    const made = filters.map(({ MetricNamespace, MetricName }) => `${MetricNamespace} ${MetricName}`);
    const shown = [...body.matchAll(/\[\\+"(Nightshift[^"\\]*)\\+",\\+"([^"\\]+)\\+"/g)].map(
      ([, of, name]) => `${of} ${name}`,
    );
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((each) => !made.includes(each))).toEqual([]);
    const sums = filters.filter(({ MetricName }) => /scaling-(targets|unknown|metrics|points)$/.test(MetricName));
    expect(sums.map(({ MetricValue }) => MetricValue)).toEqual(["$.targets", "$.unknown", "$.metrics", "$.points"]);
  });

  test.each([...["out", "in", "hold", "unknown"], ...holdReasons])("has a line for %s", (value) => {
    expect(body).toContain(`\\",\\"${value}\\"`);
  });

  test("shows the five alarms, and what the log has said last", () => {
    expect(body.match(/EvaluateScaling[A-Za-z]*|evaluatescaling[a-z]*/gi)?.length).toBeGreaterThan(4);
    expect(body).toContain("scaling finding");
    expect(body).toContain("scaling decision");
  });
});
