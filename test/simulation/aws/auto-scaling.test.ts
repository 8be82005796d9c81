import {
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  ScalingActivityInProgressFault,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import { beforeEach, describe, expect, test } from "vitest";
import { Broken } from "../../../shared/failures.ts";
import { createAutoScaling, type FollowCapacity } from "../../../simulation/aws/auto-scaling.ts";

// What no server can judge: cooldowns, instances on their way, and groups on theirs.

const start = Date.UTC(2027, 0, 1);
let clock: number;

beforeEach(() => {
  clock = start;
});

function scene(follow?: FollowCapacity) {
  const options = { now: () => clock, account: "111122223333", region: "eu-west-1" };
  const autoScaling = createAutoScaling({ ...options, ...(follow === undefined ? {} : { follow }) });
  const group = autoScaling.put("web");
  const set = (DesiredCapacity: number, HonorCooldown?: boolean) =>
    autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: "web", DesiredCapacity, HonorCooldown }));
  const seen = async () => {
    const { AutoScalingGroups = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    return AutoScalingGroups[0];
  };
  return { autoScaling, group, set, seen };
}

describe("a capacity that is set", () => {
  test("begins a cooldown, which stops only who honours it", async () => {
    const { set, seen } = scene();
    await set(4, true);
    clock += 299_999;
    await expect(set(5, true)).rejects.toBeInstanceOf(ScalingActivityInProgressFault);
    expect((await seen())?.DesiredCapacity).toBe(4);
    await set(5);
    clock += 300_000;
    await set(6, true);
    expect((await seen())?.DesiredCapacity).toBe(6);
  });

  test("to what it was is no change, and begins none", async () => {
    const { set } = scene();
    await set(2);
    await set(3, true);
  });

  test("is followed at once unless it is said otherwise", async () => {
    const { set, seen } = scene();
    const states = async () => (await seen())?.Instances?.map(({ LifecycleState }) => LifecycleState);
    expect(await states()).toEqual(["InService", "InService"]);
    await set(3);
    expect(await states()).toEqual(["InService", "InService", "InService"]);
    await set(1);
    expect(await states()).toEqual(["InService"]);
  });

  test("is followed when the scene says so", async () => {
    const { group, set, seen } = scene(() => {});
    await set(3);
    const launched = { id: "i-new", state: "Pending", isHealthy: true, isProtectedFromScaleIn: false } as const;
    group.instances.push(launched);
    expect(await seen()).toMatchObject({ DesiredCapacity: 3, Instances: { length: 3 } });
    expect((await seen())?.Instances?.[2]).toMatchObject({ InstanceId: "i-new", LifecycleState: "Pending" });
  });

  test("is refused by a group that is being deleted, which says so of itself", async () => {
    const { group, set, seen } = scene();
    expect(await seen()).not.toHaveProperty("Status");
    group.isBeingDeleted = true;
    expect((await seen())?.Status).toBe("Delete in progress");
    await expect(set(3)).rejects.toBeInstanceOf(ScalingActivityInProgressFault);
  });
});

test("what else goes on in a group is told with it", async () => {
  const { autoScaling, group, seen } = scene();
  group.suspendedProcesses.push("Launch");
  expect((await seen())?.SuspendedProcesses).toEqual([{ ProcessName: "Launch" }]);
  for (const [id, status] of [
    ["old", "Successful"],
    ["new", "InProgress"],
  ] as const) {
    group.refreshes.push({ id, status, startAt: clock, percentageComplete: 50 });
  }
  const ask = (NextToken?: string) =>
    autoScaling.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: "web", MaxRecords: 1, NextToken }));
  const first = await ask();
  expect(first.InstanceRefreshes).toMatchObject([{ InstanceRefreshId: "new", Status: "InProgress" }]);
  const second = await ask(first.NextToken);
  expect(second.InstanceRefreshes).toMatchObject([{ InstanceRefreshId: "old", Status: "Successful" }]);
  expect(second.NextToken).toBeUndefined();
});

test.each([
  ["the filter tag-value", { Filters: [{ Name: "tag-value", Values: ["a"] }] }],
  ["IncludeManagedResources", { IncludeManagedResources: true }],
])("%s is not simulated, and is named", async (name, input) => {
  const asked = scene().autoScaling.send(new DescribeAutoScalingGroupsCommand(input));
  await expect(asked).rejects.toThrow(`the simulated Auto Scaling does not implement ${name}`);
});

test("a group that was never put is nobody's to change", () => {
  const { autoScaling } = scene();
  autoScaling.remove("web");
  expect(() => autoScaling.group("web")).toThrow(Broken);
});
