import type {
  DescribeScalableTargetsCommandInput,
  DescribeScalableTargetsCommandOutput,
  DescribeScalingPoliciesCommandInput,
  DescribeScalingPoliciesCommandOutput,
  ScalableTarget,
} from "@aws-sdk/client-application-auto-scaling";
import { refuseParameters } from "../commands.ts";
import type { ApplicationContents, TargetRecord } from "./application-auto-scaling.ts";
import { invalid, invalidToken } from "./application-auto-scaling-errors.ts";
import { isPageSize, pageOf } from "./pages.ts";

// Source of the numbers: API reference, DescribeScalableTargets and DescribeScalingPolicies.
const maximumTargets = 50;
const maximumPolicies = 10;

const targetParameters = ["ServiceNamespace", "ResourceIds", "ScalableDimension", "MaxResults", "NextToken"];

/** Nothing is said of a resource that is no target. */
export function describeTargets(
  contents: ApplicationContents,
  input: DescribeScalableTargetsCommandInput,
): DescribeScalableTargetsCommandOutput {
  refuseParameters("Application Auto Scaling", "DescribeScalableTargetsCommand", input, targetParameters);
  const { ServiceNamespace, ResourceIds: ids, ScalableDimension, MaxResults = maximumTargets } = input;
  if (ServiceNamespace === undefined) throw invalid("serviceNamespace must not be null");
  // The documentation does not say what becomes of more than a page can hold, so nobody may ask for them.
  if ((ids?.length ?? 0) > maximumTargets) {
    throw new Error(`the simulated Application Auto Scaling does not implement ResourceIds over ${maximumTargets}`);
  }
  if (ScalableDimension !== undefined && ids === undefined) {
    throw invalid("scalableDimension needs resourceIds");
  }
  const found = [...contents.targets.values()].filter(
    ({ namespace, resourceId, dimension }) =>
      namespace === ServiceNamespace &&
      (ids === undefined || ids.includes(resourceId)) &&
      (ScalableDimension === undefined || dimension === ScalableDimension),
  );
  const { items, next } = paged(found, orderOf, { ...input, MaxResults, maximum: maximumTargets });
  return {
    $metadata: { httpStatusCode: 200 },
    ScalableTargets: items.map(targetOutput),
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

function orderOf({ resourceId, dimension }: TargetRecord): string {
  return `${resourceId} ${dimension}`;
}

function targetOutput(target: TargetRecord): ScalableTarget {
  const { scaleIn, scaleOut, scheduled } = target.suspended;
  return {
    ...identityOutput(target),
    ...{ MinCapacity: target.minimum, MaxCapacity: target.maximum, ScalableTargetARN: target.arn },
    ...{ RoleARN: "arn:aws:iam::aws:role/scaling", CreationTime: new Date(target.createdAt) },
    SuspendedState: {
      DynamicScalingInSuspended: scaleIn,
      DynamicScalingOutSuspended: scaleOut,
      ScheduledScalingSuspended: scheduled,
    },
  };
}

function identityOutput({ namespace, resourceId, dimension }: TargetRecord) {
  return { ServiceNamespace: namespace, ResourceId: resourceId, ScalableDimension: dimension };
}

const policyParameters = ["ServiceNamespace", "ResourceId", "ScalableDimension", "MaxResults", "NextToken"];

export function describePolicies(
  contents: ApplicationContents,
  input: DescribeScalingPoliciesCommandInput,
): DescribeScalingPoliciesCommandOutput {
  refuseParameters("Application Auto Scaling", "DescribeScalingPoliciesCommand", input, policyParameters);
  const { ServiceNamespace, ResourceId, ScalableDimension, MaxResults = maximumPolicies } = input;
  if (ServiceNamespace === undefined) throw invalid("serviceNamespace must not be null");
  if (ScalableDimension !== undefined && ResourceId === undefined)
    throw invalid("scalableDimension needs a resourceId");
  const found = [...contents.targets.values()].filter(
    ({ namespace, resourceId, dimension }) =>
      namespace === ServiceNamespace &&
      (ResourceId === undefined || resourceId === ResourceId) &&
      (ScalableDimension === undefined || dimension === ScalableDimension),
  );
  const all = found.flatMap((target) =>
    target.policies.map((policy) => ({ order: `${orderOf(target)} ${policy.PolicyName}`, target, policy })),
  );
  const { items, next } = paged(all, ({ order }) => order, { ...input, MaxResults, maximum: maximumPolicies });
  return {
    $metadata: { httpStatusCode: 200 },
    ScalingPolicies: items.map(({ target, policy }) => ({ ...policy, ...identityOutput(target) })),
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

function paged<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  { MaxResults, NextToken, maximum }: { MaxResults: number; NextToken?: string | undefined; maximum: number },
) {
  if (!isPageSize(MaxResults, maximum)) throw invalid(`maxResults must be between 1 and ${maximum}`);
  const page = pageOf(all, keyOf, { size: MaxResults, token: NextToken });
  if (page === undefined) throw invalidToken();
  return page;
}
