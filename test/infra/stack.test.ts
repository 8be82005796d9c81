import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { bundleAll } from "../../shared/configuration/files.ts";
import { look } from "../../shared/configuration/path.ts";
import { Refused } from "../../shared/failures.ts";
import { operations } from "../../shared/operations.ts";
import { type Resource, resources, synthesise } from "./synthesis.ts";

const configuration = bundleAll().production;
const { template, complaints } = synthesise({ environment: "production" });
const only = (type: string, properties: unknown) => template.hasResourceProperties(type, properties);
const idOf = (type: string, properties: unknown) =>
  Object.keys(template.findResources(type, { Properties: properties }))[0];

describe("cdk-nag (AwsSolutions)", () => {
  test("has nothing to complain of", () => {
    expect(complaints).toEqual([]);
  });

  test("and what is suppressed says why", () => {
    const all: Record<string, Resource> = template.toJSON().Resources;
    const suppressed = Object.values(all).flatMap(({ Metadata }) => Metadata?.cdk_nag?.rules_to_suppress ?? []);
    expect(suppressed.length).toBeGreaterThan(3);
    for (const { reason } of suppressed) expect(reason).toMatch(/^\w.{30,}\.$/);
  });
});

describe("the doors", () => {
  const queue = idOf("AWS::SQS::Queue", { RedrivePolicy: Match.anyValue() });
  const toQueue = Match.objectLike({ Arn: { "Fn::GetAtt": [queue, "Arn"] }, DeadLetterConfig: Match.anyValue() });

  test("the rule takes the three kinds of alarm events from aws.cloudwatch alone", () => {
    only("AWS::Events::Rule", {
      EventBusName: "default",
      EventPattern: {
        source: ["aws.cloudwatch"],
        "detail-type": [
          "CloudWatch Alarm State Change",
          "CloudWatch Alarm Contributor State Change",
          "CloudWatch Alarm Configuration Change",
        ],
      },
      State: "ENABLED",
      Targets: [toQueue],
    });
  });

  test("findings have a bus, whose rule says how long it tries", () => {
    only("AWS::Events::EventBus", { Name: "nightshift-production" });
    only("AWS::Events::Rule", {
      EventPattern: { source: ["nightshift"], "detail-type": ["Finding"] },
      Targets: [
        Match.objectLike({
          Arn: { "Fn::GetAtt": [queue, "Arn"] },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
          DeadLetterConfig: Match.anyValue(),
        }),
      ],
    });
  });

  test("the topic leads into the same queue, in its envelope", () => {
    only("AWS::SNS::Subscription", {
      Protocol: "sqs",
      Endpoint: { "Fn::GetAtt": [queue, "Arn"] },
      RawMessageDelivery: Match.absent(),
    });
  });

  test("alarms of this account may start the function itself", () => {
    only("AWS::Lambda::Permission", {
      Action: "lambda:InvokeFunction",
      Principal: "lambda.alarms.cloudwatch.amazonaws.com",
      SourceAccount: { Ref: "AWS::AccountId" },
    });
    only("AWS::Lambda::EventInvokeConfig", { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 21_600 });
  });

  test("what that loses, what the rules lose and what the queue gives up lie in one place", () => {
    const letters = idOf("AWS::SQS::Queue", { RedrivePolicy: Match.absent(), MessageRetentionPeriod: 1_209_600 });
    only("AWS::Lambda::EventInvokeConfig", {
      DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": [letters, "Arn"] } } },
    });
    only("AWS::SQS::Queue", {
      RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": [letters, "Arn"] }, maxReceiveCount: 5 },
    });
    for (const [id, rule] of resources(template, "AWS::Events::Rule")) {
      const own = id.startsWith("VerifyBackups") ? "VerifyBackupsOperationDeadLetters" : letters;
      expect(JSON.stringify(rule.Properties.Targets)).toContain(`"DeadLetterConfig":{"Arn":{"Fn::GetAtt":["${own}`);
    }
  });
});

describe("the queue", () => {
  test("hides a message for six times the function's time", () => {
    only("AWS::SQS::Queue", { VisibilityTimeout: 6 * configuration.openIncidents.timeoutSeconds });
  });

  test("is read in batches that report each failure, by a bounded number at once", () => {
    only("AWS::Lambda::EventSourceMapping", {
      BatchSize: configuration.openIncidents.batchSize,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: configuration.openIncidents.maximumConcurrency },
    });
  });

  test.each(resources(template, "AWS::SQS::Queue"))("%s is encrypted", (_, { Properties }) => {
    expect(Properties.SqsManagedSseEnabled).toBe(true);
  });
});

describe("the ledger", () => {
  const [[, table] = ["", undefined]] = resources(template, "AWS::DynamoDB::Table");

  test("is on demand, encrypted, restorable, and outlives the stack", () => {
    expect(table?.DeletionPolicy).toBe("Retain");
    expect(table?.Properties).toMatchObject({
      BillingMode: "PAY_PER_REQUEST",
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      StreamSpecification: { StreamViewType: "NEW_IMAGE" },
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
    });
  });

  test("has the keys and the one index that the code relies on", () => {
    expect(table?.Properties).toMatchObject({
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "queue",
          KeySchema: [
            { AttributeName: "queue", KeyType: "HASH" },
            { AttributeName: "order", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    });
  });

  test("wakes the sender for outbox rows alone, and never for ever", () => {
    only("AWS::Lambda::EventSourceMapping", {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 3,
      DestinationConfig: { OnFailure: Match.anyValue() },
      FilterCriteria: {
        Filters: [
          {
            Pattern: JSON.stringify({
              eventName: ["INSERT"],
              dynamodb: { NewImage: { queue: { S: [{ prefix: "outbox" }] } } },
            }),
          },
        ],
      },
    });
  });
});

describe("the sweeps", () => {
  const schedules = resources(template, "AWS::Scheduler::Schedule").filter(([id]) => id.includes("EveryMinute"));

  test("are those of the operations that something starts every minute", () => {
    const swept = operations.filter(({ trigger }) => trigger.includes("every minute"));
    expect(schedules).toHaveLength(swept.length);
  });

  test.each(schedules)("%s runs every minute, sharp, and does not pile up", (_, { Properties }) => {
    expect(Properties).toMatchObject({
      ScheduleExpression: "rate(1 minute)",
      FlexibleTimeWindow: { Mode: "OFF" },
      State: "ENABLED",
      Target: { RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 2 } },
    });
    expect(Properties.Target).toHaveProperty("DeadLetterConfig.Arn");
  });
});

describe("every function", () => {
  const functions = resources(template, "AWS::Lambda::Function");
  /** What the configuration says of the function that a resource belongs to. */
  const settingOf = (id: string) => {
    const key = id.replace(/Operation.*/, "").replace(/^./, (first) => first.toLowerCase());
    return Object(look(configuration, [key]).value);
  };

  test("is one of the operations", () => expect(functions).toHaveLength(operations.length));

  test.each(functions)("%s runs on Node 24 and ARM, sized by its configuration, logging where it is told", (id, f) => {
    const { memoryMegabytes, timeoutSeconds } = settingOf(id);
    expect(f.Properties).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      MemorySize: memoryMegabytes,
      Timeout: timeoutSeconds,
      LoggingConfig: { LogFormat: "JSON", LogGroup: expect.anything() },
      Environment: { Variables: { NIGHTSHIFT_ENVIRONMENT: "production", NODE_OPTIONS: "--enable-source-maps" } },
    });
    expect(f.Properties).not.toHaveProperty("ReservedConcurrentExecutions");
  });

  const groups = resources(template, "AWS::Logs::LogGroup");

  test("has its own log group", () => expect(groups).toHaveLength(functions.length));

  test.each(groups)("%s keeps its lines for as long as the configuration says", (id, { Properties }) => {
    expect(Properties.RetentionInDays).toBe(settingOf(id).logRetentionDays);
    expect(Properties.RetentionInDays).toBeGreaterThan(0);
  });
});

describe("overrides", () => {
  test("reach the functions, and count at synth too", () => {
    const overrides = JSON.stringify({ incidents: { stabilitySeconds: 5 }, openIncidents: { timeoutSeconds: 30 } });
    const changed = synthesise({ environment: "testing", overrides }).template;
    changed.allResourcesProperties("AWS::Lambda::Function", {
      Environment: { Variables: Match.objectLike({ NIGHTSHIFT_OVERRIDES: overrides }) },
    });
    changed.hasResourceProperties("AWS::SQS::Queue", { VisibilityTimeout: 180 });
  });

  test.each([
    [{}, /which environment\?/],
    [{ environment: "prodcution" }, /unknown environment .*did you mean "production"/],
    [{ environment: "production", overrides: "{" }, /is not JSON/],
    [{ environment: "production", overrides: '{"incidents":{"stability":1}}' }, /incidents\.stability/],
  ])("%j is refused before anything is made", (context, says) => {
    expect(() => synthesise(context as Record<string, string>)).toThrow(Refused);
    expect(() => synthesise(context as Record<string, string>)).toThrow(says);
  });
});
