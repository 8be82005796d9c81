import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { environments } from "../../shared/configuration/environments.ts";
import { operations } from "../../shared/operations.ts";
import { wildcardsOfBackups } from "./backups-permissions.ts";
import { wildcardsOfScaling } from "./scaling-permissions.ts";
import { type Allowed, wildcardsOfSecrets } from "./secrets-permissions.ts";
import { statementsOf, wildcardsOf } from "./statements.ts";
import { synthesise } from "./synthesis.ts";

// Everything that a policy of the stack says of more than one action, resource or principal, with the reason why. A new
// one fails until it stands here; one that is gone fails until it is taken out.

const home = "arn:AWS::Partition:cloudwatch:AWS::Region:AWS::AccountId";
const ofThisAccount = { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } };
const withoutTls = { Bool: { "aws:SecureTransport": "false" } };
/** The construct of each operation. */
const functions = operations.map(({ name }) =>
  name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
);

const allowed: Allowed[] = [
  {
    is: `TopicKey: Allow kms:* on * to arn:AWS::Partition:iam::AWS::AccountId:root`,
    because:
      "in a key's policy `*` is this key alone; without the account itself nobody could ever manage it, and IAM policies would not count",
    condition: null,
  },
  {
    is: "TopicKey: Allow kms:Decrypt, kms:GenerateDataKey* on * to cloudwatch.amazonaws.com",
    because:
      "in a key's policy `*` is this key alone; the two actions are those that AWS asks for, so that alarms reach an encrypted topic",
    condition: ofThisAccount,
  },
  ...["OpenIncidents", "EscalateIncidents"].map((name) => ({
    is: `${name}OperationRole: Allow cloudwatch:ListTagsForResource on ${home}:alarm:*`,
    because: "every alarm of the account and region becomes an incident, so every alarm's tags are read; it only reads",
    condition: null,
  })),
  {
    is: "EscalateIncidentsOperationRole: Allow cloudwatch:DescribeAlarms on *",
    because:
      "DescribeAlarms leaves composite alarms out unless it is allowed on every resource; it only reads, and only in the stack's region",
    condition: { StringEquals: { "aws:RequestedRegion": { Ref: "AWS::Region" } } },
  },
  {
    is: `EscalateIncidentsOperationRole: Allow cloudwatch:GetAlarmMuteRule on ${home}:alarm-mute-rule:*`,
    because: "any mute rule of the account may mute an alarm that has an incident; it only reads",
    condition: null,
  },
  {
    is: "NotifyRespondersOperationRole: Allow dynamodb:ListStreams on LedgerTable/stream/*",
    because: "who lists a table's streams does not know their names yet; no other table's are listed",
    condition: null,
  },
  ...functions.map((name) => ({
    is: `${name}OperationRole: Allow logs:CreateLogStream, logs:PutLogEvents on ${name}OperationLogs:*`,
    because:
      "each instance of a function makes a stream of its own in the function's log group, under a name that Lambda chooses",
    condition: null,
  })),
  ...[
    "OpenIncidentsDeliveries",
    "EvaluateScalingShards",
    ...functions.map((name) => `${name}OperationDeadLetters`),
  ].map((queue) => ({
    is: `${queue}Policy: Deny sqs:* on ${queue} to *`,
    because: "it denies: nobody does anything with the queue without TLS",
    condition: withoutTls,
  })),
  ...[
    "OperatorsTopic",
    "OpenIncidentsAlarmTopic",
    ...["P0", "P1", "P2", "P3"].map((p) => `NotifyRespondersTopics${p}`),
  ].map((topic) => ({
    is: `${topic}Policy: Deny sns:Publish on ${topic} to *`,
    because: "it denies: nobody publishes without TLS",
    condition: withoutTls,
  })),
  ...wildcardsOfSecrets,
  ...wildcardsOfScaling,
  ...wildcardsOfBackups,
];

describe.each(environments)("the policies of %s", (environment) => {
  const statements = statementsOf(synthesise({ environment }).template);
  const found = statements.flatMap((each) => {
    const line = wildcardsOf(each);
    return line === null ? [] : [{ line, condition: each.condition }];
  });

  test("have the wildcards that are written here, and no others", () => {
    expect(statements.length).toBeGreaterThan(40);
    expect(found.map(({ line }) => line).toSorted()).toEqual(allowed.map(({ is }) => is).toSorted());
  });

  test.each(allowed)("$is: $because", ({ is, condition }) => {
    expect(found.filter(({ line }) => line === is).map((each) => each.condition)).toEqual([condition]);
  });

  test("open a door to no stranger: whoever is let in by a service is of this account", () => {
    const doors = statements.filter(
      ({ effect, principals, owner }) => effect === "Allow" && principals.length > 0 && !/Role$/.test(owner),
    );
    expect(doors.length).toBeGreaterThan(5);
    for (const { owner, principals, condition } of doors) {
      const isOwn = principals.every((principal) => /:AWS::AccountId:root$/.test(principal));
      expect(isOwn || /Source(Account|Arn)/.test(JSON.stringify(condition)), `${owner} to ${principals}`).toBe(true);
    }
  });
});

test("what is allowed on every resource has a condition, or says why it can have none", () => {
  for (const { is, because, condition } of allowed.filter((each) => / on \*( |$)/.test(each.is))) {
    expect(condition !== null || /this key alone|no condition fits/.test(because), is).toBe(true);
  }
  expect(new Set(allowed.map(({ is }) => is)).size).toBe(allowed.length);
  for (const { because } of allowed) expect(because.length).toBeGreaterThan(30);
});

describe("a wildcard is found", () => {
  const policy = (statement: object) => ({ PolicyDocument: { Statement: [statement] } });
  const grant = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::a/b" };
  const cases: [line: string | null, type: string, properties: object][] = [
    [null, "AWS::IAM::Policy", policy(grant)],
    ["Thing: Allow s3:* on arn:aws:s3:::a/b", "AWS::IAM::Policy", policy({ ...grant, Action: "s3:*" })],
    [
      "Thing: Allow s3:GetObject on arn:aws:s3:::a/*",
      "AWS::IAM::ManagedPolicy",
      policy({ ...grant, Resource: "arn:aws:s3:::a/*" }),
    ],
    [
      "Thing: Allow not iam:PassRole on x",
      "AWS::IAM::Role",
      { Policies: [policy({ Effect: "Allow", NotAction: "iam:PassRole", Resource: "x" })] },
    ],
    [
      "Thing: Allow s3:GetObject on not x",
      "AWS::IAM::Policy",
      policy({ Effect: "Allow", Action: "s3:GetObject", NotResource: "x" }),
    ],
    [
      "Thing: Allow events:PutEvents on itself to *",
      "AWS::Events::EventBusPolicy",
      { Statement: { Effect: "Allow", Action: "events:PutEvents", Principal: "*" } },
    ],
    [
      "Thing: Allow sts:AssumeRole on itself to *",
      "AWS::IAM::Role",
      {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "*" } }],
        },
      },
    ],
    [
      "Thing: Allow x on itself to not a",
      "AWS::SQS::QueuePolicy",
      policy({ Effect: "Allow", Action: "x", NotPrincipal: { AWS: "a" } }),
    ],
    [
      "Thing: Allow lambda:InvokeFunction on f to *",
      "AWS::Lambda::Permission",
      { Action: "lambda:InvokeFunction", FunctionName: "f", Principal: "*" },
    ],
    [
      "Thing: Allow d on itself to *",
      "AWS::DynamoDB::Table",
      { StreamSpecification: { ResourcePolicy: policy({ Effect: "Allow", Action: "d", Principal: "*" }) } },
    ],
  ];
  test.each(cases)("%s", (line, Type, Properties) => {
    const template = Template.fromJSON({ Resources: { Thing0A1B2C3D: { Type, Properties } } });
    expect(statementsOf(template).map(wildcardsOf)).toEqual([line]);
  });
});
