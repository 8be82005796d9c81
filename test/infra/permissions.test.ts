import { describe, expect, test } from "vitest";
import { permissionsOfBackups } from "./backups-permissions.ts";
import { permissionsOfScaling } from "./scaling-permissions.ts";
import { permissionsOfSecrets } from "./secrets-permissions.ts";
import { type Statement, statementsOf } from "./statements.ts";
import { resources, synthesise } from "./synthesis.ts";

// Each role may do exactly this. A new permission is a decision: it is written here too. What of it stands for more than
// one thing has its reason in wildcards.test.ts.

const { template } = synthesise({ environment: "production" });
const statements = statementsOf(template);
const roles = resources(template, "AWS::IAM::Role").map(
  ([id, role]) => [id.replace(/[0-9A-F]{8}$/, ""), role] as const,
);

const on = (resource: string, service: string, ...actions: string[]) =>
  actions.map((action) => `${service}:${action} ${resource}`);
const ledger = (...actions: string[]) => on("LedgerTable", "dynamodb", ...actions);
const queue = "dynamodb:Query LedgerTable/index/queue";
const alarms = "arn:AWS::Partition:cloudwatch:AWS::Region:AWS::AccountId";
const logs = (operation: string) => on(`${operation}OperationLogs:*`, "logs", "CreateLogStream", "PutLogEvents");
const letters = (operation: string, ...actions: string[]) => on(`${operation}OperationDeadLetters`, "sqs", ...actions);
const send = ["GetQueueAttributes", "GetQueueUrl", "SendMessage"];
const consume = ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage"];
const topics = ["P0", "P1", "P2", "P3"].map((severity) => `NotifyRespondersTopics${severity}`);

const expected: Record<string, string[]> = {
  OpenIncidentsOperationRole: [
    ...ledger("BatchGetItem", "GetItem", "PutItem"),
    ...logs("OpenIncidents"),
    ...on("OpenIncidentsDeliveries", "sqs", ...consume),
    ...letters("OpenIncidents", ...send),
    `cloudwatch:ListTagsForResource ${alarms}:alarm:*`,
  ],
  EscalateIncidentsOperationRole: [
    ...ledger("BatchGetItem", "GetItem", "PutItem", "UpdateItem"),
    queue,
    ...logs("EscalateIncidents"),
    `cloudwatch:ListTagsForResource ${alarms}:alarm:*`,
    "cloudwatch:DescribeAlarms *",
    `cloudwatch:GetAlarmMuteRule ${alarms}:alarm-mute-rule:*`,
  ],
  NotifyRespondersOperationRole: [
    ...ledger("BatchGetItem", "ConditionCheckItem", "PutItem", "UpdateItem"),
    queue,
    ...logs("NotifyResponders"),
    ...on("LedgerTable.StreamArn", "dynamodb", "DescribeStream", "GetRecords", "GetShardIterator"),
    "dynamodb:ListStreams LedgerTable/stream/*",
    ...letters("NotifyResponders", ...send),
    ...topics.flatMap((topic) => on(topic, "sns", "Publish")),
    ...on("TopicKey", "kms", "Decrypt", "GenerateDataKey"),
  ],
  EscalateIncidentsEveryMinuteRole: [
    ...on("EscalateIncidentsOperationFunction", "lambda", "InvokeFunction"),
    ...letters("EscalateIncidents", "SendMessage"),
  ],
  NotifyRespondersEveryMinuteRole: [
    ...on("NotifyRespondersOperationFunction", "lambda", "InvokeFunction"),
    ...letters("NotifyResponders", "SendMessage"),
  ],
  ...permissionsOfSecrets,
  ...permissionsOfScaling,
  ...permissionsOfBackups,
};

describe("each role may do exactly what is written here", () => {
  test.each(roles)("%s", (name, role) => {
    const held = statements.filter(({ owner, principals }) => owner === name && principals.length === 0);
    expect([...new Set(held.flatMap(permissionsOf))].toSorted()).toEqual([...new Set(expected[name])].toSorted());
    expect(role.Properties).not.toHaveProperty("ManagedPolicyArns");
  });

  test("and there is no role besides", () => {
    expect(roles.map(([name]) => name).toSorted()).toEqual(Object.keys(expected).toSorted());
  });
});

describe("what outsiders may do", () => {
  const owners = [...resources(template, "AWS::SQS::Queue"), ...resources(template, "AWS::SNS::Topic")];

  test.each(owners.map(([id]) => id.replace(/[0-9A-F]{8}$/, "")))("%s lets nobody in without TLS", (name) => {
    const denials = statements.filter(({ owner, effect }) => owner === `${name}Policy` && effect === "Deny");
    expect(denials).toMatchObject([
      { principals: ["*"], resources: [name], condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
  });

  test("CloudWatch may act on the two topics that alarms name, use their key, and start one function", () => {
    const doors = statements.filter(({ principals }) => principals.join().includes("cloudwatch.amazonaws.com"));
    expect(doors.map(({ owner, actions }) => `${owner}: ${actions.join(", ")}`).toSorted()).toEqual([
      "OpenIncidentsAlarmTopicPolicy: sns:Publish",
      "OpenIncidentsOperationFunctionAlarmActions: lambda:InvokeFunction",
      "OperatorsTopicPolicy: sns:Publish",
      "TopicKey: kms:Decrypt, kms:GenerateDataKey*",
    ]);
    for (const [, { Properties }] of resources(template, "AWS::SNS::Topic")) {
      expect(Properties.KmsMasterKeyId).toHaveProperty("Fn::GetAtt");
    }
  });
});

/** A statement as `action resource` lines, the resource by its name in the tree. */
function permissionsOf({ effect, actions, resources: targets }: Statement): string[] {
  expect(effect).toBe("Allow");
  return actions.flatMap((action) => targets.map((target) => `${action} ${target}`));
}
