// What the simulated Application Auto Scaling claims of targets and of who scales them.

import {
  type ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  type DescribeScalableTargetsCommandInput,
  type DescribeScalableTargetsCommandOutput,
  DescribeScalingPoliciesCommand,
  ListTagsForResourceCommand,
  ObjectNotFoundException,
  RegisterScalableTargetCommand,
  type RegisterScalableTargetCommandInput,
  ResourceNotFoundException,
  ValidationException,
} from "@aws-sdk/client-application-auto-scaling";
import { describe, expect } from "vitest";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";

export interface ApplicationConnection {
  send: ApplicationAutoScalingClient["send"];
  /** A service of ECS: `service/CLUSTER/SERVICE`. */
  makeService(): Promise<string>;
  /** Something else scales the target from now on, towards a CPU utilization of 50 %. */
  track(resourceId: string, policy: string): Promise<void>;
}

export type ConnectApplication = () => Promise<ApplicationConnection>;

export function applicationAutoScalingContract(
  name: string,
  connect: ConnectApplication,
  exceptions: Exceptions = {},
): void {
  describe(`${name}: Application Auto Scaling`, () => {
    const claims = createClaims(name, exceptions);
    registered(claims, connect);
    refused(claims, connect);
    described(claims, connect);
    claims.end();
  });
}

const services = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

async function openScene(connect: ConnectApplication) {
  const connection = await connect();
  const { send, makeService } = connection;
  const ResourceId = await makeService();
  const register = (change: Partial<RegisterScalableTargetCommandInput>) =>
    send(new RegisterScalableTargetCommand({ ...services, ResourceId, ...change }));
  const ask = (change: Partial<DescribeScalableTargetsCommandInput> = {}) =>
    send(new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [ResourceId], ...change }));
  const seen = async () => (await ask()).ScalableTargets?.[0];
  return { ...connection, ResourceId, register, ask, seen };
}

const nothingSuspended = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};

function registered({ claim }: Claims, connect: ConnectApplication): void {
  claim("tells of a target its bounds, and that nothing of it is suspended", async () => {
    const { ResourceId, register, seen } = await openScene(connect);
    const { ScalableTargetARN } = await register({ MinCapacity: 2, MaxCapacity: 9 });
    const target = await seen();
    expect(target).toMatchObject({ ...services, ResourceId, MinCapacity: 2, MaxCapacity: 9, ScalableTargetARN });
    expect({ ...nothingSuspended, ...target?.SuspendedState }).toEqual(nothingSuspended);
  });
  claim("keeps of a target what is not said anew", async () => {
    const { register, seen } = await openScene(connect);
    const SuspendedState = { ...nothingSuspended, DynamicScalingInSuspended: true };
    await register({ MinCapacity: 2, MaxCapacity: 9, SuspendedState });
    await register({ MinCapacity: 3 });
    expect(await seen()).toMatchObject({ MinCapacity: 3, MaxCapacity: 9, SuspendedState });
    await register({ MaxCapacity: 12 });
    expect(await seen()).toMatchObject({ MinCapacity: 3, MaxCapacity: 12, SuspendedState });
    await register({ SuspendedState: nothingSuspended });
    expect(await seen()).toMatchObject({ MinCapacity: 3, MaxCapacity: 12, SuspendedState: nothingSuspended });
  });
  claim("keeps nothing of a target that is taken away", async () => {
    const { send, ResourceId, register, seen } = await openScene(connect);
    await register({ MinCapacity: 1, MaxCapacity: 2 });
    await send(new DeregisterScalableTargetCommand({ ...services, ResourceId }));
    expect(await seen()).toBeUndefined();
  });
  claim("tells the tags of a target, none where there are none", async () => {
    const { send, register } = await openScene(connect);
    const { ScalableTargetARN: ResourceARN } = await register({ MinCapacity: 1, MaxCapacity: 2 });
    expect((await send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual({});
  });
}

function refused({ claim }: Claims, connect: ConnectApplication): void {
  claim("refuses a new target without bounds", async () => {
    const { register } = await openScene(connect);
    await expect(register({})).rejects.toBeInstanceOf(ValidationException);
    await expect(register({ MinCapacity: 1 })).rejects.toBeInstanceOf(ValidationException);
  });
  claim("refuses a least that is more than the most, also by what was said before", async () => {
    const { register, seen } = await openScene(connect);
    await expect(register({ MinCapacity: 3, MaxCapacity: 2 })).rejects.toBeInstanceOf(ValidationException);
    await register({ MinCapacity: 1, MaxCapacity: 2 });
    await expect(register({ MinCapacity: 3 })).rejects.toBeInstanceOf(ValidationException);
    expect(await seen()).toMatchObject({ MinCapacity: 1, MaxCapacity: 2 });
  });
  claim("refuses to take away what is not there", async () => {
    const { send, ResourceId } = await openScene(connect);
    const sent = send(new DeregisterScalableTargetCommand({ ...services, ResourceId }));
    await expect(sent).rejects.toBeInstanceOf(ObjectNotFoundException);
  });
  claim("refuses the tags of what is not there", async () => {
    const { send } = await openScene(connect);
    const ResourceARN = `arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/${"0".repeat(32)}`;
    const sent = send(new ListTagsForResourceCommand({ ResourceARN }));
    await expect(sent).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
  claim("refuses pages of 51", async () => {
    const { ask } = await openScene(connect);
    await expect(ask({ MaxResults: 51 })).rejects.toBeInstanceOf(ValidationException);
  });
}

function described({ claim }: Claims, connect: ConnectApplication): void {
  claim("says nothing of a resource that is no target", async () => {
    const { register, ask, ResourceId } = await openScene(connect);
    await register({ MinCapacity: 1, MaxCapacity: 2 });
    const ResourceIds = [ResourceId, "service/shop/none"];
    const { ScalableTargets = [] } = await ask({ ResourceIds, ScalableDimension: services.ScalableDimension });
    expect(ScalableTargets.map((target) => target.ResourceId)).toEqual([ResourceId]);
  });
  claim("gives pages of the size that was asked for, which hold every target once", async () => {
    const { makeService, register, ask, ResourceId } = await openScene(connect);
    const ResourceIds = [ResourceId, await makeService(), await makeService(), await makeService()];
    for (const each of ResourceIds) await register({ ResourceId: each, MinCapacity: 1, MaxCapacity: 2 });
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const token = NextToken === undefined ? {} : { NextToken };
      const page: DescribeScalableTargetsCommandOutput = await ask({ ResourceIds, MaxResults: 1, ...token });
      expect(page.ScalableTargets?.length).toBe(1);
      seen.push(...(page.ScalableTargets ?? []).map((target) => target.ResourceId));
      expect(seen.length).toBeLessThanOrEqual(ResourceIds.length);
      NextToken = page.NextToken ?? undefined;
    } while (NextToken !== undefined);
    expect(seen.toSorted()).toEqual(ResourceIds.toSorted());
  });
  claim("tells by which policies a target is scaled", async () => {
    const { send, makeService, register, track, ResourceId } = await openScene(connect);
    const other = await makeService();
    for (const each of [ResourceId, other]) await register({ ResourceId: each, MinCapacity: 1, MaxCapacity: 2 });
    const policiesOf = async (resource: string) =>
      (await send(new DescribeScalingPoliciesCommand({ ...services, ResourceId: resource, MaxResults: 10 })))
        .ScalingPolicies;
    expect(await policiesOf(ResourceId)).toEqual([]);
    await track(ResourceId, "cpu");
    const TargetTrackingScalingPolicyConfiguration = { TargetValue: 50 };
    const policy = { ...services, ResourceId, PolicyName: "cpu", PolicyType: "TargetTrackingScaling" };
    expect(await policiesOf(ResourceId)).toMatchObject([{ ...policy, TargetTrackingScalingPolicyConfiguration }]);
    expect(await policiesOf(other)).toEqual([]);
  });
}
