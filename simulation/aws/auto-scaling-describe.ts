import type {
  AutoScalingGroup,
  DescribeAutoScalingGroupsCommandInput,
  DescribeAutoScalingGroupsCommandOutput,
  DescribeInstanceRefreshesCommandInput,
  DescribeInstanceRefreshesCommandOutput,
  DescribePoliciesCommandInput,
  DescribePoliciesCommandOutput,
  Filter,
} from "@aws-sdk/client-auto-scaling";
import { refuseParameters } from "../commands.ts";
import type { AutoScalingContents, GroupRecord } from "./auto-scaling.ts";
import { invalid, invalidToken } from "./auto-scaling-errors.ts";
import { isPageSize, pageOf } from "./pages.ts";

// Source of the numbers: API reference, the three of them have the same.
const defaultRecords = 50;
const maximumRecords = 100;

/** Throws as Auto Scaling does for one that is not there. */
export function groupNamed({ groups }: AutoScalingContents, name: string): GroupRecord {
  const found = groups.get(name);
  if (found !== undefined) return found;
  throw invalid(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
}

const groupParameters = ["AutoScalingGroupNames", "Filters", "MaxRecords", "NextToken"];

/** Nothing is said of a name that is not there. */
export function describeGroups(
  { groups }: AutoScalingContents,
  input: DescribeAutoScalingGroupsCommandInput,
): DescribeAutoScalingGroupsCommandOutput {
  refuseParameters("Auto Scaling", "DescribeAutoScalingGroupsCommand", input, groupParameters);
  const { AutoScalingGroupNames: names = [], Filters = [], MaxRecords = defaultRecords } = input;
  if (names.length > MaxRecords) throw invalid(`at most ${MaxRecords} group names may be given`);
  const named =
    names.length === 0 ? [...groups.values()] : [...new Set(names)].flatMap((name) => groups.get(name) ?? []);
  const matching = Filters.map(matcher);
  const found = named.filter((group) => matching.every((matches) => matches(group)));
  const { items, next } = paged(found, ({ name }) => name, input);
  return {
    $metadata: { httpStatusCode: 200 },
    AutoScalingGroups: items.map(groupOutput),
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

/** Of the values of a filter one is enough, and of the filters all are wanted. */
function matcher({ Name = "", Values = [] }: Filter): (group: GroupRecord) => boolean {
  if (Name === "tag-key") return ({ tags }) => Values.some((key) => Object.hasOwn(tags, key));
  if (!Name.startsWith("tag:")) throw new Error(`the simulated Auto Scaling does not implement the filter ${Name}`);
  const key = Name.slice("tag:".length);
  return ({ tags }) => Object.hasOwn(tags, key) && Values.includes(tags[key] ?? "");
}

function groupOutput(group: GroupRecord): AutoScalingGroup {
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    ...{ MinSize: group.minimum, MaxSize: group.maximum, DesiredCapacity: group.desired },
    DefaultCooldown: group.defaultCooldownSeconds,
    ...{ AvailabilityZones: [], HealthCheckType: "EC2", CreatedTime: new Date(group.createdAt) },
    ...(group.isBeingDeleted ? { Status: "Delete in progress" } : {}),
    Instances: group.instances.map(({ id, state, isHealthy, isProtectedFromScaleIn }) => ({
      ...{ InstanceId: id, AvailabilityZone: "a", LifecycleState: state },
      HealthStatus: isHealthy ? "Healthy" : "Unhealthy",
      ProtectedFromScaleIn: isProtectedFromScaleIn,
    })),
    SuspendedProcesses: group.suspendedProcesses.map((ProcessName) => ({ ProcessName })),
    Tags: Object.entries(group.tags).map(([Key, Value]) => ({
      ...{ Key, Value, ResourceId: group.name, ResourceType: "auto-scaling-group", PropagateAtLaunch: false },
    })),
  };
}

/** The newest first. */
export function describeRefreshes(
  contents: AutoScalingContents,
  input: DescribeInstanceRefreshesCommandInput,
): DescribeInstanceRefreshesCommandOutput {
  const parameters = ["AutoScalingGroupName", "MaxRecords", "NextToken"];
  refuseParameters("Auto Scaling", "DescribeInstanceRefreshesCommand", input, parameters);
  const { name, refreshes } = groupNamed(contents, input.AutoScalingGroupName ?? "");
  const newestFirst = refreshes.toReversed().map((refresh, index) => ({ ...refresh, place: placeOf(index) }));
  const { items, next } = paged(newestFirst, ({ place }) => place, input);
  return {
    $metadata: { httpStatusCode: 200 },
    InstanceRefreshes: items.map(({ id, status, startAt, percentageComplete }) => ({
      ...{ InstanceRefreshId: id, AutoScalingGroupName: name, Status: status, StartTime: new Date(startAt) },
      PercentageComplete: percentageComplete,
    })),
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

export function describePolicies(
  contents: AutoScalingContents,
  input: DescribePoliciesCommandInput,
): DescribePoliciesCommandOutput {
  const parameters = ["AutoScalingGroupName", "PolicyTypes", "MaxRecords", "NextToken"];
  refuseParameters("Auto Scaling", "DescribePoliciesCommand", input, parameters);
  const { AutoScalingGroupName: name, PolicyTypes } = input;
  const groups = name === undefined ? [...contents.groups.values()] : [groupNamed(contents, name)];
  const all = groups.flatMap((group) =>
    group.policies.map((policy) => ({ ...policy, AutoScalingGroupName: group.name })),
  );
  const found = all.filter(({ PolicyType = "SimpleScaling" }) => PolicyTypes?.includes(PolicyType) ?? true);
  const { items, next } = paged(found, (policy) => `${policy.AutoScalingGroupName}/${policy.PolicyName}`, input);
  return {
    $metadata: { httpStatusCode: 200 },
    ScalingPolicies: items,
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

function placeOf(index: number): string {
  return String(index).padStart(6, "0");
}

function paged<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  { MaxRecords = defaultRecords, NextToken }: { MaxRecords?: number | undefined; NextToken?: string | undefined },
) {
  if (!isPageSize(MaxRecords, maximumRecords)) throw invalid(`MaxRecords must be between 1 and ${maximumRecords}`);
  const page = pageOf(all, keyOf, { size: MaxRecords, token: NextToken });
  if (page === undefined) throw invalidToken();
  return page;
}
