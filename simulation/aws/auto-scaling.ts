// An EC2 Auto Scaling that lives in memory: groups, how much they may have, shall have and have, and what else is going on in them.
// It launches nothing; the scene says when an instance is in service. What it claims is a suite in test/contract, to which
// MiniStack and moto are held as well.

import {
  type AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  DescribePoliciesCommand,
  type LifecycleState,
  ScalingActivityInProgressFault,
  type ScalingPolicy,
  SetDesiredCapacityCommand,
  type SetDesiredCapacityCommandInput,
  type SetDesiredCapacityCommandOutput,
} from "@aws-sdk/client-auto-scaling";
import { Broken } from "../../shared/failures.ts";
import { type Instant, second } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";
import { describeGroups, describePolicies, describeRefreshes, groupNamed } from "./auto-scaling-describe.ts";
import { invalid, refused } from "./auto-scaling-errors.ts";

export interface InstanceRecord {
  id: string;
  state: LifecycleState;
  isHealthy: boolean;
  isProtectedFromScaleIn: boolean;
}

export interface RefreshRecord {
  id: string;
  /** As `InstanceRefreshStatus` has them: Pending, InProgress, Successful, … */
  status: "Pending" | "InProgress" | "Successful" | "Failed" | "Cancelling" | "Cancelled" | "RollbackInProgress";
  startAt: Instant;
  percentageComplete: number;
}

/** A group as it stands: changed at will by whoever sets a scene. */
export interface GroupRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Instant;
  minimum: number;
  maximum: number;
  desired: number;
  defaultCooldownSeconds: number;
  /** Until then a change that honours the cooldown is refused. */
  cooldownUntil: Instant;
  isBeingDeleted: boolean;
  instances: InstanceRecord[];
  suspendedProcesses: string[];
  tags: Record<string, string>;
  /** The newest last. */
  refreshes: RefreshRecord[];
  policies: Omit<ScalingPolicy, "AutoScalingGroupName">[];
}

type Change = Partial<Omit<GroupRecord, "name" | "arn" | "createdAt">>;

export interface SimulatedAutoScaling {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: AutoScalingClient["send"];
  /** Of one to ten instances, with as many in service as are desired: two, unless stated otherwise. */
  put(name: string, change?: Change): GroupRecord;
  /** Throws Broken for an unknown one. */
  group(name: string): GroupRecord;
  remove(name: string): void;
}

/** What becomes of a group that has just been told how much it shall have. */
export type FollowCapacity = (group: GroupRecord) => void;

/** Instances are in service, or gone, at once: the youngest go first. */
export const followCapacityAtOnce: FollowCapacity = (group) => {
  group.instances.splice(group.desired);
  while (group.instances.length < group.desired) group.instances.push(instanceOf(group, group.instances.length));
};

function instanceOf({ name }: GroupRecord, place: number): InstanceRecord {
  return { id: `i-${name}-${place}`, state: "InService", isHealthy: true, isProtectedFromScaleIn: false };
}

export interface AutoScalingContents {
  now: () => Instant;
  groups: Map<string, GroupRecord>;
}

interface Contents extends AutoScalingContents {
  home: { account: string; region: string };
  follow: FollowCapacity;
}

/** Instances follow what is desired at once, unless `follow` says otherwise: then as it does, or as the scene does later. */
export function createAutoScaling(options: {
  now: () => Instant;
  account: string;
  region: string;
  follow?: FollowCapacity;
}): SimulatedAutoScaling {
  const { now, account, region, follow = followCapacityAtOnce } = options;
  const contents: Contents = { now, home: { account, region }, follow, groups: new Map() };
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => answer(contents, command)) as AutoScalingClient["send"],
    put(name, change = {}) {
      const record = recordOf(contents, name, change);
      contents.groups.set(name, record);
      return record;
    },
    group(name) {
      const found = contents.groups.get(name);
      if (found === undefined) throw new Broken(`there is no group ${name}`);
      return found;
    },
    remove: (name) => void contents.groups.delete(name),
  };
}

function recordOf({ now, home }: Contents, name: string, change: Change): GroupRecord {
  const unique = `00000000-0000-4000-8000-000000000000:autoScalingGroupName/${name}`;
  const record: GroupRecord = {
    ...{ name, arn: `arn:aws:autoscaling:${home.region}:${home.account}:autoScalingGroup:${unique}`, createdAt: now() },
    ...{ minimum: 1, maximum: 10, desired: 2, defaultCooldownSeconds: 300, cooldownUntil: Number.NEGATIVE_INFINITY },
    ...{ isBeingDeleted: false, instances: [], suspendedProcesses: [], tags: {}, refreshes: [], policies: [] },
    ...change,
  };
  if (change.instances === undefined) followCapacityAtOnce(record);
  return record;
}

function answer(contents: Contents, command: unknown): unknown {
  if (command instanceof DescribeAutoScalingGroupsCommand) return describeGroups(contents, command.input);
  if (command instanceof DescribeInstanceRefreshesCommand) return describeRefreshes(contents, command.input);
  if (command instanceof DescribePoliciesCommand) return describePolicies(contents, command.input);
  if (command instanceof SetDesiredCapacityCommand) return setDesiredCapacity(contents, command.input);
  throw new Error(`the simulated Auto Scaling does not implement ${commandName(command)}`);
}

const parameters = ["AutoScalingGroupName", "DesiredCapacity", "HonorCooldown"];

/** Without HonorCooldown a cooldown stops nobody; a capacity that is another one than before begins one. */
function setDesiredCapacity(
  contents: Contents,
  input: SetDesiredCapacityCommandInput,
): SetDesiredCapacityCommandOutput {
  refuseParameters("Auto Scaling", "SetDesiredCapacityCommand", input, parameters);
  const { AutoScalingGroupName = "", DesiredCapacity, HonorCooldown = false } = input;
  const group = groupNamed(contents, AutoScalingGroupName);
  if (DesiredCapacity === undefined || !Number.isInteger(DesiredCapacity)) throw invalid("DesiredCapacity is required");
  const value = `New SetDesiredCapacity value ${DesiredCapacity} is`;
  if (DesiredCapacity < group.minimum) {
    throw invalid(`${value} below min value ${group.minimum} for the AutoScalingGroup.`);
  }
  if (DesiredCapacity > group.maximum) {
    throw invalid(`${value} above max value ${group.maximum} for the AutoScalingGroup.`);
  }
  if (group.isBeingDeleted) throw inProgress(`AutoScalingGroup ${group.name} is being deleted.`);
  const now = contents.now();
  if (HonorCooldown && now < group.cooldownUntil) {
    throw inProgress(`Scaling activity is in progress and blocks this action: the cooldown of ${group.name}`);
  }
  if (DesiredCapacity !== group.desired) {
    group.desired = DesiredCapacity;
    group.cooldownUntil = now + group.defaultCooldownSeconds * second;
    contents.follow(group);
  }
  return { $metadata: { httpStatusCode: 200 } };
}

function inProgress(message: string): ScalingActivityInProgressFault {
  return new ScalingActivityInProgressFault({ message, ...refused });
}
