import { describe, expect, test } from "vitest";
import { resources, synthesise } from "./synthesis.ts";

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Principal?: unknown;
  Condition?: unknown;
}

// Each role may do exactly this. A new permission is a decision: it is written here too.

const { template } = synthesise({ environment: "production" });
const roles = resources(template, "AWS::IAM::Role");
const policies = resources(template, "AWS::IAM::Policy");

const ledger = (...actions: string[]) => actions.map((name) => `dynamodb:${name} Ledger`);
const queue = "dynamodb:Query Ledger/index/queue";
const logs = ["logs:CreateLogStream Logs", "logs:PutLogEvents Logs"];
const stream = ["DescribeStream", "GetRecords", "GetShardIterator"].map((name) => `dynamodb:${name} Ledger.StreamArn`);
const sendLetters = ["GetQueueAttributes", "GetQueueUrl", "SendMessage"].map((name) => `sqs:${name} DeadLetters`);
const consume = ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage"];

const expected: Record<string, string[]> = {
  OpenIncidentsOperationRole: [
    ...ledger("BatchGetItem", "GetItem", "PutItem"),
    ...logs,
    ...consume.map((name) => `sqs:${name} Deliveries`),
    ...sendLetters,
    "cloudwatch:ListTagsForResource alarm:*",
  ],
  EscalateIncidentsOperationRole: [
    ...ledger("BatchGetItem", "GetItem", "PutItem", "UpdateItem"),
    queue,
    ...logs,
    "cloudwatch:ListTagsForResource alarm:*",
    "cloudwatch:DescribeAlarms *",
    "cloudwatch:GetAlarmMuteRule alarm-mute-rule:*",
  ],
  NotifyRespondersOperationRole: [
    ...ledger("BatchGetItem", "ConditionCheckItem", "PutItem", "UpdateItem"),
    queue,
    ...logs,
    ...stream,
    ...sendLetters,
    "dynamodb:ListStreams *",
    "sns:Publish P0",
    "sns:Publish P1",
    "sns:Publish P2",
    "sns:Publish P3",
    "kms:Decrypt TopicKey",
    "kms:GenerateDataKey TopicKey",
  ],
  EscalateIncidentsEveryMinuteRole: ["lambda:InvokeFunction Function", "sqs:SendMessage DeadLetters"],
  NotifyRespondersEveryMinuteRole: ["lambda:InvokeFunction Function", "sqs:SendMessage DeadLetters"],
};

describe("each role may do exactly what is written here", () => {
  test.each(roles)("%s", (id, role) => {
    const name = id.replace(/[0-9A-F]{8}$/, "");
    const attached = policies.filter(([, { Properties }]) => JSON.stringify(Properties.Roles).includes(`"${id}"`));
    const document = attached.map(([, { Properties }]) => Properties.PolicyDocument as { Statement: Statement[] });
    const held = document.flatMap(({ Statement }) => Statement).flatMap(permissionsOf);
    expect([...new Set(held)].toSorted()).toEqual([...(expected[name] ?? [])].toSorted());
    expect(role.Properties).not.toHaveProperty("ManagedPolicyArns");
  });

  test("and there is no role besides", () => {
    expect(roles).toHaveLength(Object.keys(expected).length);
  });

  test("the one read of all alarms is held to the stack's region", () => {
    const all = policies.flatMap(
      ([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement,
    );
    expect(all.find(({ Action }) => Action === "cloudwatch:DescribeAlarms")).toMatchObject({
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": { Ref: "AWS::Region" } } },
    });
  });
});

describe("what outsiders may do", () => {
  test.each([...resources(template, "AWS::SQS::QueuePolicy"), ...resources(template, "AWS::SNS::TopicPolicy")])(
    "%s lets nobody in without TLS, and no service without saying whose",
    (_, { Properties }) => {
      const { Statement } = Properties.PolicyDocument as { Statement: Statement[] };
      const [denials, grants] = [
        Statement.filter(({ Effect }) => Effect === "Deny"),
        Statement.filter(({ Effect }) => Effect === "Allow"),
      ];
      expect(denials).toMatchObject([{ Condition: { Bool: { "aws:SecureTransport": "false" } } }]);
      for (const grant of grants) expect(JSON.stringify(grant.Condition)).toMatch(/aws:Source(Arn|Account)/);
    },
  );

  test("CloudWatch may act on the two topics that alarms name, and use their key", () => {
    const policiesOfTopics = JSON.stringify(resources(template, "AWS::SNS::TopicPolicy"));
    expect(policiesOfTopics.match(/"Service":"cloudwatch\.amazonaws\.com"/g)).toHaveLength(2);
    for (const [, { Properties }] of resources(template, "AWS::SNS::Topic")) {
      expect(Properties.KmsMasterKeyId).toHaveProperty("Fn::GetAtt");
    }
    const [[, key] = ["", undefined]] = resources(template, "AWS::KMS::Key");
    const document = key?.Properties.KeyPolicy as { Statement: Statement[] } | undefined;
    expect(document?.Statement.find(({ Principal }) => JSON.stringify(Principal).includes("cloudwatch"))).toMatchObject(
      {
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
      },
    );
  });
});

/** A statement as `action resource` lines, the resource by its name in the tree. */
function permissionsOf({ Effect, Action, Resource }: Statement): string[] {
  expect(Effect).toBe("Allow");
  const targets = [Resource].flat();
  return [Action].flat().flatMap((action) => targets.map((target) => `${action} ${shortName(target)}`));
}

function shortName(target: unknown): string {
  if (typeof target === "string") return target;
  const text = JSON.stringify(target);
  const alarms = /:(alarm(-mute-rule)?:\*)/.exec(text)?.[1];
  if (alarms !== undefined) return alarms;
  const logicalId = /"Fn::GetAtt":\["([^"]+)"/.exec(text)?.[1] ?? /"Ref":"([^"]+)"/.exec(text)?.[1] ?? text;
  const suffix = /"(\/index\/[^"]+)"/.exec(text)?.[1] ?? (text.includes("StreamArn") ? ".StreamArn" : "");
  const names = ["DeadLetters", "Deliveries", "Ledger", "Logs", "TopicKey", "P0", "P1", "P2", "P3", "Function"];
  return `${names.find((name) => logicalId.replace(/[0-9A-F]{8}$/, "").includes(name)) ?? logicalId}${suffix}`;
}
