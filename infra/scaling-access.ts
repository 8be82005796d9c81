import { ArnFormat, Stack } from "aws-cdk-lib";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { Configuration } from "../shared/configuration/schema.ts";
import { actingTargets, type Scaled } from "../shared/scaling/acting.ts";
import { scalingTag } from "../shared/scaling/tags.ts";
import { allow } from "./secrets-access.ts";

// What evaluate-scaling may do outside of Nightshift. It looks at everything that can be scaled; it changes nothing unless a target
// is told to act, and then only what carries the tag.

/** Reads metrics, capacities, and who else scales what. */
export function grantLooking(role: Role): void {
  const here = { StringEquals: { "aws:RequestedRegion": Stack.of(role).region } };
  allow(
    role,
    everywhere,
    "*",
    here,
    "These can be allowed on every resource only; they read, and only in this region.",
  );
  const reason = "Any service may be a target; what it wants and has is read, and nothing is changed by it.";
  allow(role, ["ecs:DescribeServices"], everyOf(role, "ecs-service"), undefined, reason);
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
const everywhere = [
  "application-autoscaling:DescribeScalableTargets",
  "application-autoscaling:DescribeScalingPolicies",
  "autoscaling:DescribeAutoScalingGroups",
  "autoscaling:DescribeInstanceRefreshes",
  "autoscaling:DescribePolicies",
  "cloudwatch:GetMetricData",
  "servicequotas:ListServiceQuotas",
  "tag:GetResources",
];

type Kind = Scaled["type"];

const changing: Record<Kind, string> = {
  "ecs-service": "ecs:UpdateService",
  "auto-scaling-group": "autoscaling:SetDesiredCapacity",
  "scalable-target": "application-autoscaling:RegisterScalableTarget",
};

const kinds: readonly Kind[] = ["ecs-service", "auto-scaling-group", "scalable-target"];

/** Changes capacities, of the kinds of resource that some target has which acts. While all only recommend, nothing is granted. */
export function grantScaling(role: Role, configuration: Configuration): void {
  const { named, tagged } = actingTargets(configuration);
  // What carries a tag may be of any kind.
  for (const kind of kinds.filter((each) => tagged || named.some(({ type }) => type === each))) {
    allow(role, [changing[kind]], everyOf(role, kind), isTagged, onlyTagged);
  }
  const namespaces = named.flatMap((each) => (each.type === "scalable-target" ? [each.namespace] : []));
  for (const [namespace, actions] of Object.entries(behind)) {
    if (!tagged && !namespaces.includes(namespace)) continue;
    allow(role, actions, everyBehind(role, namespace), isTagged, onlyTagged);
  }
}

/**
 * Application Auto Scaling asks the service behind a scalable target whether its caller might have done it himself, so that must be
 * allowed as well. For other services than these it is for whoever lets such a target act to add it to the role: what RDS or
 * SageMaker ask for is far more than a number. A service-linked role is never made here: a target that is not registered yet, and
 * so may have none, is told as gone and not touched.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html
 */
const behind: Readonly<Record<string, string[]>> = {
  dynamodb: ["dynamodb:DescribeTable", "dynamodb:UpdateTable"],
  ecs: ["ecs:DescribeServices", "ecs:UpdateService"],
  lambda: ["Delete", "Get", "Put"].map((verb) => `lambda:${verb}ProvisionedConcurrencyConfig`),
};

const isTagged = { Null: { [`aws:ResourceTag/${scalingTag}`]: "false" } };
const onlyTagged = "What is scaled has any name; only what its owner has tagged for it is changed.";

function everyOf(role: Role, kind: Kind): string {
  const stack = Stack.of(role);
  switch (kind) {
    case "ecs-service":
      return stack.formatArn({ service: "ecs", resource: "service", resourceName: "*" });
    case "auto-scaling-group": {
      const resourceName = "*:autoScalingGroupName/*";
      const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
      return stack.formatArn({ service: "autoscaling", resource: "autoScalingGroup", resourceName, arnFormat });
    }
    case "scalable-target":
      return stack.formatArn({ service: "application-autoscaling", resource: "scalable-target", resourceName: "*" });
    default:
      throw kind satisfies never;
  }
}

function everyBehind(role: Role, namespace: string): string {
  const stack = Stack.of(role);
  if (namespace === "ecs") return everyOf(role, "ecs-service");
  if (namespace === "dynamodb") return stack.formatArn({ service: namespace, resource: "table", resourceName: "*" });
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return stack.formatArn({ service: namespace, resource: "function", resourceName: "*", arnFormat });
}
