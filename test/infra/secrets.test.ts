import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { Refused } from "../../shared/failures.ts";
import { statementsOf } from "./statements.ts";
import { resources, synthesise } from "./synthesis.ts";

const { template } = synthesise({ environment: "production" });

/** The stack with these overrides. */
const changed = (overrides: object) =>
  synthesise({ environment: "production", overrides: JSON.stringify(overrides) }).template;

describe("what rotates secrets", () => {
  test("is called by Secrets Manager, on behalf of this account alone", () => {
    template.hasResourceProperties("AWS::Lambda::Permission", {
      Action: "lambda:InvokeFunction",
      Principal: "secretsmanager.amazonaws.com",
      SourceAccount: { Ref: "AWS::AccountId" },
    });
  });

  test("is exported under the name that the public construct imports", () => {
    template.hasOutput("RotateFunction", { Export: { Name: "nightshift-production-rotate-secrets" } });
  });

  test("has its failures counted, by why and where", () => {
    template.hasResourceProperties("AWS::Logs::MetricFilter", {
      FilterPattern: '{ ($.message = "rotation failed") && ($.reason = "*") && ($.step = "*") }',
      MetricTransformations: [
        {
          MetricName: "RotationFailed",
          MetricNamespace: "Nightshift/production",
          MetricValue: "1",
          Dimensions: [
            { Key: "reason", Value: "$.reason" },
            { Key: "step", Value: "$.step" },
          ],
          // CloudWatch Logs takes no default together with dimensions.
          DefaultValue: Match.absent(),
        },
      ],
    });
  });

  test.each(["RotateSecrets", "HealRotations"])("%s trusts the authorities of RDS", (name) => {
    const [found] = resources(template, "AWS::Lambda::Function").filter(([id]) => id.startsWith(name));
    expect(found?.[1].Properties).toMatchObject({
      Environment: { Variables: { NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" } },
    });
    expect(found?.[1].Properties).not.toHaveProperty("VpcConfig");
  });
});

describe("what comes again by itself", () => {
  const rates = (of = template) =>
    resources(of, "AWS::Scheduler::Schedule").flatMap(([id, { Properties }]) => {
      const { RetryPolicy } = Object(Properties.Target);
      const { MaximumEventAgeInSeconds: age } = Object(RetryPolicy);
      return id.includes("OnSchedule") ? [[id.replace(/OnSchedule.*/, ""), Properties.ScheduleExpression, age]] : [];
    });

  test("is each audit once in its cadence, and the healing every five minutes", () => {
    expect(rates()).toEqual([
      ["AuditSecrets", "rate(1 hour)", 3_600],
      ["HealRotations", "rate(5 minutes)", 300],
      ["VerifyBackups", "rate(1 hour)", 3_600],
    ]);
  });

  test("is the audit in a cadence of its own, if it has one", () => {
    const daily = changed({ findings: { cadences: { "audit-secrets": 2_880 } } });
    expect(rates(daily)[0]).toEqual(["AuditSecrets", "rate(2 days)", 86_400]);
    daily.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "nightshift-production-audit-secrets-heartbeat",
      Period: 172_800,
      EvaluationPeriods: 3,
    });
  });

  test("comes no seldomer than an alarm can look back", () => {
    const weekly = () => changed({ findings: { cadences: { "audit-secrets": 10_080 } } });
    expect(weekly).toThrow(Refused);
    expect(weekly).toThrow(/audit-secrets comes every 10080 minutes; at most every 3360/);
  });
});

describe("what the audit may do", () => {
  const starting = (of = template) => statementsOf(of).filter(({ actions }) => actions.join().includes("RotateSecret"));

  test("is to start nothing while it only recommends", () => expect(starting()).toEqual([]));

  test("is, when told to act, to start what is tagged, by our own function and no other", () => {
    const act = changed({ auditSecrets: { mode: "act" } });
    const rotate = { "Fn::GetAtt": [expect.stringMatching(/^RotateSecretsOperationFunction/), "Arn"] };
    expect(starting(act)).toMatchObject([
      {
        owner: "AuditSecretsOperationRole",
        actions: ["secretsmanager:RotateSecret"],
        condition: {
          Null: { "aws:ResourceTag/nightshift:kind": "false" },
          ArnEqualsIfExists: { "secretsmanager:RotationLambdaARN": rotate },
        },
      },
    ]);
    const invoking = statementsOf(act).filter(
      ({ owner, actions }) => owner === "AuditSecretsOperationRole" && actions.includes("lambda:InvokeFunction"),
    );
    expect(invoking).toMatchObject([{ resources: ["RotateSecretsOperationFunction"] }]);
  });

  test("is to read the kinds that say themselves when they end, and those of the configuration too", () => {
    const own = changed({ secrets: { kinds: { token: { rotateDays: null } } } });
    const reading = statementsOf(own).filter(
      ({ owner, actions }) => owner.startsWith("Audit") && actions.includes("secretsmanager:GetSecretValue"),
    );
    const kinds = { "aws:ResourceTag/nightshift:kind": ["certificate", "token"] };
    expect(reading.map(({ condition }) => condition)).toEqual([{ StringEquals: kinds }]);
  });
});

describe("readers that are deployed anew", () => {
  test("are those of the configuration, and no others", () => {
    const readers = [
      { secret: "shop/*", cluster: "main", service: "shop" },
      { secret: "till/*", cluster: "main", service: "shop" },
      { secret: "till/*", cluster: "tills", service: "till" },
    ];
    const ecs = statementsOf(changed({ secrets: { readers } })).filter(({ actions }) =>
      actions.includes("ecs:UpdateService"),
    );
    const service = "arn:AWS::Partition:ecs:AWS::Region:AWS::AccountId:service";
    expect(ecs).toMatchObject([
      {
        owner: "HealRotationsOperationRole",
        actions: ["ecs:DescribeServices", "ecs:UpdateService"],
        resources: [`${service}/main/shop`, `${service}/tills/till`],
      },
    ]);
  });
});
