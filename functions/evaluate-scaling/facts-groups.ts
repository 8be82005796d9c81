import {
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  DescribePoliciesCommand,
} from "@aws-sdk/client-auto-scaling";
import { reasonOf } from "../../shared/failures.ts";
import type { Seen } from "./facts.ts";
import { chunks, type Observers, type Placed, type SeenByPlace } from "./observers.ts";

/** DescribeAutoScalingGroups gives so many a page, so that as many names are one page. */
const groupsAtOnce = 100;

type Groups = Placed<"auto-scaling-group">;

/** What EC2 Auto Scaling says of its groups. */
export async function groupFacts(observers: Observers, groups: Groups, seen: SeenByPlace): Promise<void> {
  for (const some of chunks(groups, groupsAtOnce)) {
    try {
      const names = some.map(({ resource }) => resource.group);
      const { AutoScalingGroups = [] } = await observers.groups.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: names, MaxRecords: groupsAtOnce }),
      );
      for (const { resource, index } of some) {
        const found = AutoScalingGroups.find(({ AutoScalingGroupName }) => AutoScalingGroupName === resource.group);
        seen.set(index, await seenOf(observers, found, resource.group));
      }
    } catch (error) {
      for (const { index } of some) if (!seen.has(index)) seen.set(index, { failure: reasonOf(error) });
    }
  }
}

async function seenOf(observers: Observers, found: AutoScalingGroup | undefined, name: string): Promise<Seen> {
  const nothing: Seen = { capacity: null, limits: null, deployment: null, foreign: null, gone: null };
  if (found === undefined) return { ...nothing, gone: `there is no Auto Scaling group ${name}` };
  // It has a status only while it is being deleted.
  if (found.Status) return { ...nothing, gone: `the Auto Scaling group ${name}: ${found.Status}` };
  const { MinSize = 0, MaxSize = Number.MAX_SAFE_INTEGER, DesiredCapacity = null } = found;
  return {
    ...nothing,
    capacity: DesiredCapacity,
    limits: { minimum: MinSize, maximum: MaxSize },
    deployment: await refreshOf(observers, name),
    foreign: isSuspended(found) ? null : await policiesOf(observers, name),
  };
}

/** Statuses of an instance refresh that is over; every other one, also one that nobody knows yet, is not. */
const over = ["Successful", "Failed", "Cancelled", "RollbackFailed", "RollbackSuccessful"];

async function refreshOf({ groups }: Observers, name: string): Promise<string | null> {
  const { InstanceRefreshes = [] } = await groups.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name, MaxRecords: 1 }),
  );
  const underway = InstanceRefreshes.find(({ Status }) => Status !== undefined && !over.includes(Status));
  return underway === undefined ? null : `an instance refresh is ${underway.Status}`;
}

/** Without this process its own alarms lead to nothing. */
function isSuspended({ SuspendedProcesses = [] }: AutoScalingGroup): boolean {
  return SuspendedProcesses.some(({ ProcessName }) => ProcessName === "AlarmNotification");
}

async function policiesOf({ groups }: Observers, name: string): Promise<string | null> {
  const { ScalingPolicies = [] } = await groups.send(new DescribePoliciesCommand({ AutoScalingGroupName: name }));
  const active = ScalingPolicies.filter(({ Enabled }) => Enabled !== false);
  if (active.length === 0) return null;
  const names = active.map(({ PolicyName }) => PolicyName ?? "unnamed").join(", ");
  return `it has scaling policies of its own (${names}), and they are not suspended`;
}
