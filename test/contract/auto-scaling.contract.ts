// What the simulated EC2 Auto Scaling claims of groups and of the capacity that is set.

import {
  type AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  type DescribeAutoScalingGroupsCommandInput,
  type DescribeAutoScalingGroupsCommandOutput,
  DescribeInstanceRefreshesCommand,
  DescribePoliciesCommand,
  ScalingActivityInProgressFault,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import { describe, expect } from "vitest";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";

export interface AutoScalingConnection {
  send: AutoScalingClient["send"];
  /** A name that nobody else has. */
  nameOf(group: string): string;
  /** A group of one to four, of which two are desired, with a cooldown of five minutes. */
  make(name: string, tags?: Readonly<Record<string, string>>): Promise<void>;
  /** Something else scales the group from now on, towards a CPU utilization of 50 %. */
  track(name: string, policy: string): Promise<void>;
  suspend(name: string, process: string): Promise<void>;
  /** The instances of the group are replaced from now on. */
  refresh(name: string): Promise<void>;
}

export type ConnectAutoScaling = () => Promise<AutoScalingConnection>;

export function autoScalingContract(name: string, connect: ConnectAutoScaling, exceptions: Exceptions = {}): void {
  describe(`${name}: Auto Scaling`, () => {
    const claims = createClaims(name, exceptions);
    told(claims, connect);
    chosen(claims, connect);
    capacities(claims, connect);
    others(claims, connect);
    claims.end();
  });
}

async function openScene(connect: ConnectAutoScaling) {
  const connection = await connect();
  const { send, nameOf, make } = connection;
  const name = nameOf("web");
  const key = nameOf("scaling");
  await make(name, { [key]: "on", team: "shop" });
  const found = async (input: DescribeAutoScalingGroupsCommandInput): Promise<AutoScalingGroup[]> =>
    (await send(new DescribeAutoScalingGroupsCommand(input))).AutoScalingGroups ?? [];
  const seen = async () => (await found({ AutoScalingGroupNames: [name] }))[0];
  const set = (DesiredCapacity: number, change: { AutoScalingGroupName?: string; HonorCooldown?: boolean } = {}) =>
    send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity, ...change }));
  return { ...connection, name, key, found, seen, set };
}

const namesOf = (groups: readonly AutoScalingGroup[]) =>
  groups.map(({ AutoScalingGroupName }) => AutoScalingGroupName).toSorted();

function told({ claim }: Claims, connect: ConnectAutoScaling): void {
  claim("tells of a group its bounds, what is desired, and its instances with their states", async () => {
    const { name, seen } = await openScene(connect);
    const group = await seen();
    const bounds = { MinSize: 1, MaxSize: 4, DesiredCapacity: 2, DefaultCooldown: 300 };
    expect(group).toMatchObject({ AutoScalingGroupName: name, ...bounds });
    expect(group?.AutoScalingGroupARN).toMatch(/^arn:aws:autoscaling:/);
    const instances = group?.Instances ?? [];
    expect(instances).toHaveLength(2);
    for (const instance of instances) {
      expect(instance).toMatchObject({ LifecycleState: "InService", HealthStatus: "Healthy" });
    }
  });
  claim("tells nothing of the state of a group that is in use", async () => {
    expect((await (await openScene(connect)).seen())?.Status ?? "").toBe("");
  });
  claim("tells the tags of a group", async () => {
    const { key, seen } = await openScene(connect);
    const tags = (await seen())?.Tags ?? [];
    expect(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))).toEqual({ [key]: "on", team: "shop" });
  });
  claim("tells which processes of a group are suspended", async () => {
    const { name, seen, suspend } = await openScene(connect);
    expect((await seen())?.SuspendedProcesses ?? []).toEqual([]);
    await suspend(name, "AlarmNotification");
    expect((await seen())?.SuspendedProcesses).toMatchObject([{ ProcessName: "AlarmNotification" }]);
  });
}

function chosen({ claim }: Claims, connect: ConnectAutoScaling): void {
  claim("says nothing of a name that is not there", async () => {
    const { name, nameOf, found } = await openScene(connect);
    expect(namesOf(await found({ AutoScalingGroupNames: [nameOf("none"), name] }))).toEqual([name]);
  });
  claim("finds groups by the key of a tag, and by its value", async () => {
    const { name, key, nameOf, make, found } = await openScene(connect);
    const other = nameOf("other");
    await make(other, { [key]: "off" });
    await make(nameOf("bare"));
    const byKey = [{ Name: "tag-key", Values: [key] }];
    expect(namesOf(await found({ Filters: byKey }))).toEqual([name, other].toSorted());
    expect(namesOf(await found({ Filters: [{ Name: `tag:${key}`, Values: ["off", "none"] }] }))).toEqual([other]);
    const shop = { Name: "tag:team", Values: ["shop"] };
    expect(namesOf(await found({ Filters: [...byKey, shop] }))).toEqual([name]);
  });
  claim("gives pages of the size that was asked for, which hold every group once", async () => {
    const { send, name, key, nameOf, make } = await openScene(connect);
    const names = [name, ...["a", "m", "z"].map(nameOf)];
    for (const each of names.slice(1)) await make(each, { [key]: "on" });
    const seen: AutoScalingGroup[] = [];
    let NextToken: string | undefined;
    do {
      const input = { Filters: [{ Name: "tag-key", Values: [key] }], MaxRecords: 3, NextToken };
      const page: DescribeAutoScalingGroupsCommandOutput = await send(new DescribeAutoScalingGroupsCommand(input));
      expect(page.AutoScalingGroups?.length).toBeLessThanOrEqual(3);
      seen.push(...(page.AutoScalingGroups ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(namesOf(seen)).toEqual(names.toSorted());
  });
  claim("refuses pages of 101", async () => {
    const { found } = await openScene(connect);
    await expect(found({ MaxRecords: 101 })).rejects.toMatchObject({ name: "ValidationError" });
  });
}

function capacities({ claim }: Claims, connect: ConnectAutoScaling): void {
  claim("sets how much is desired, up to the bounds", async () => {
    const { seen, set } = await openScene(connect);
    for (const capacity of [4, 1]) {
      await set(capacity);
      expect((await seen())?.DesiredCapacity).toBe(capacity);
    }
  });
  for (const [what, capacity] of [
    ["more than the most", 5],
    ["less than the least", 0],
  ] as const) {
    claim(`refuses ${what}, and changes nothing`, async () => {
      const { seen, set } = await openScene(connect);
      await expect(set(capacity)).rejects.toMatchObject({ name: "ValidationError" });
      expect((await seen())?.DesiredCapacity).toBe(2);
    });
  }
  claim("refuses to change what is not there", async () => {
    const { nameOf, set } = await openScene(connect);
    const sent = set(2, { AutoScalingGroupName: nameOf("none") });
    await expect(sent).rejects.toMatchObject({ name: "ValidationError" });
  });
  claim("refuses another change during the cooldown of the one before, if it is to be honoured", async () => {
    const { seen, set } = await openScene(connect);
    await set(3, { HonorCooldown: true });
    await expect(set(4, { HonorCooldown: true })).rejects.toBeInstanceOf(ScalingActivityInProgressFault);
    expect((await seen())?.DesiredCapacity).toBe(3);
  });
  claim("takes another change during the cooldown, if it is not to be honoured", async () => {
    const { seen, set } = await openScene(connect);
    await set(3);
    await set(4, { HonorCooldown: false });
    expect((await seen())?.DesiredCapacity).toBe(4);
  });
}

function others({ claim }: Claims, connect: ConnectAutoScaling): void {
  claim("tells by which policies a group is scaled", async () => {
    const { send, name, nameOf, track, make } = await openScene(connect);
    const policiesOf = async (AutoScalingGroupName: string, MaxRecords = 100) =>
      (await send(new DescribePoliciesCommand({ AutoScalingGroupName, MaxRecords }))).ScalingPolicies;
    expect(await policiesOf(name)).toEqual([]);
    await track(name, nameOf("cpu"));
    await make(nameOf("other"));
    const TargetTrackingConfiguration = { TargetValue: 50 };
    const policy = { AutoScalingGroupName: name, PolicyName: nameOf("cpu"), PolicyType: "TargetTrackingScaling" };
    expect(await policiesOf(name)).toMatchObject([{ ...policy, TargetTrackingConfiguration }]);
    expect(await policiesOf(nameOf("other"))).toEqual([]);
  });
  claim("tells whether the instances of a group are being replaced", async () => {
    const { send, name, refresh } = await openScene(connect);
    const ask = async () =>
      (await send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name, MaxRecords: 1 })))
        .InstanceRefreshes;
    expect(await ask()).toEqual([]);
    await refresh(name);
    const [found] = (await ask()) ?? [];
    expect(found).toMatchObject({ AutoScalingGroupName: name, InstanceRefreshId: expect.any(String) });
    expect(["Pending", "InProgress", "Successful"]).toContain(found?.Status);
  });
}
