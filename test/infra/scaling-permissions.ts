import type { Allowed } from "./secrets-permissions.ts";

// What evaluate-scaling may do while every target only recommends, and why a statement of it stands for more than one thing.
// What it may change when it is told to act stands in scaling.test.ts.

const each = (resource: string, service: string, ...actions: string[]) =>
  actions.map((action) => `${service}:${action} ${resource}`);

export const anyService = "arn:AWS::Partition:ecs:AWS::Region:AWS::AccountId:service/*";

export const permissionsOfScaling: Record<string, string[]> = {
  EvaluateScalingOperationRole: [
    "dynamodb:GetItem LedgerTable",
    ...each("EvaluateScalingDecisionsTable", "dynamodb", "BatchGetItem", "PutItem"),
    "events:PutEvents OpenIncidentsFindings",
    ...each("EvaluateScalingOperationLogs:*", "logs", "CreateLogStream", "PutLogEvents"),
    ...each(
      "EvaluateScalingShards",
      ...["sqs", "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage"],
    ),
    "sqs:SendMessage EvaluateScalingShards",
    ...each("*", "application-autoscaling", "DescribeScalableTargets", "DescribeScalingPolicies"),
    ...each("*", "autoscaling", "DescribeAutoScalingGroups", "DescribeInstanceRefreshes", "DescribePolicies"),
    "cloudwatch:GetMetricData *",
    "servicequotas:ListServiceQuotas *",
    "tag:GetResources *",
    `ecs:DescribeServices ${anyService}`,
  ],
  EvaluateScalingEveryMinuteRole: [
    "lambda:InvokeFunction EvaluateScalingOperationFunction",
    "sqs:SendMessage EvaluateScalingOperationDeadLetters",
  ],
};

const lists = [
  ...["application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingPolicies"],
  ...["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeInstanceRefreshes", "autoscaling:DescribePolicies"],
  ...["cloudwatch:GetMetricData", "servicequotas:ListServiceQuotas", "tag:GetResources"],
];

export const wildcardsOfScaling: Allowed[] = [
  {
    is: `EvaluateScalingOperationRole: Allow ${lists.join(", ")} on *`,
    because: "all of them can be allowed on every resource only; they read, and only in the stack's own region",
    condition: { StringEquals: { "aws:RequestedRegion": { Ref: "AWS::Region" } } },
  },
  {
    is: `EvaluateScalingOperationRole: Allow ecs:DescribeServices on ${anyService}`,
    because:
      "any service may be named or tagged as a target; what it wants and has is read, and nothing is changed by it",
    condition: null,
  },
];
