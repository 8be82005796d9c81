import {
  ConcurrentUpdateException,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  ListTagsForResourceCommand,
  ObjectNotFoundException,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { expect, test } from "vitest";
import { Broken } from "../../../shared/failures.ts";
import { createApplicationAutoScaling, type TargetIdentity } from "../../../simulation/aws/application-auto-scaling.ts";

// What no server can judge: two who change a target at once, and a target that somebody takes away.

const identity: TargetIdentity = {
  namespace: "ecs",
  resourceId: "service/shop/checkout",
  dimension: "ecs:service:DesiredCount",
};
const named = {
  ServiceNamespace: identity.namespace,
  ResourceId: identity.resourceId,
  ScalableDimension: identity.dimension,
};

function scene() {
  const scaling = createApplicationAutoScaling({ now: () => 0, account: "111122223333", region: "eu-west-1" });
  return { scaling, target: scaling.put(identity, { tags: { team: "payments" } }) };
}

test("a target that somebody else is changing is not changed", async () => {
  const { scaling, target } = scene();
  scaling.isContended = ({ resourceId }) => resourceId === identity.resourceId;
  const sent = scaling.send(new RegisterScalableTargetCommand({ ...named, MinCapacity: 5 }));
  await expect(sent).rejects.toBeInstanceOf(ConcurrentUpdateException);
  expect(target.minimum).toBe(1);
  scaling.isContended = () => false;
  await scaling.send(new RegisterScalableTargetCommand({ ...named, MinCapacity: 5 }));
  expect(target).toMatchObject({ minimum: 5, maximum: 10 });
});

test("what is suspended is said as a whole, and stays when it is not said", async () => {
  const { scaling, target } = scene();
  const SuspendedState = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: false };
  const all = { ...SuspendedState, ScheduledScalingSuspended: true };
  await scaling.send(new RegisterScalableTargetCommand({ ...named, SuspendedState: all }));
  await scaling.send(new RegisterScalableTargetCommand({ ...named, MaxCapacity: 12 }));
  expect(target).toMatchObject({ maximum: 12, suspended: { scaleIn: true, scaleOut: false, scheduled: true } });
  const part = scaling.send(new RegisterScalableTargetCommand({ ...named, SuspendedState }));
  await expect(part).rejects.toThrow("does not implement a part of SuspendedState alone");
});

test("a target that was taken away is there no more", async () => {
  const { scaling } = scene();
  const remove = () => scaling.send(new DeregisterScalableTargetCommand(named));
  await remove();
  await expect(remove()).rejects.toBeInstanceOf(ObjectNotFoundException);
  const { ScalableTargets } = await scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs" }));
  expect(ScalableTargets).toEqual([]);
  expect(() => scaling.target(identity)).toThrow(Broken);
});

test("a target has tags, which are asked for by its ARN", async () => {
  const { scaling, target } = scene();
  const { Tags } = await scaling.send(new ListTagsForResourceCommand({ ResourceARN: target.arn }));
  expect(Tags).toEqual({ team: "payments" });
});

test("what else there is of it is not simulated, and is named", async () => {
  const { scaling } = scene();
  const sent = scaling.send(new RegisterScalableTargetCommand({ ...named, RoleARN: "a" }));
  await expect(sent).rejects.toThrow("does not implement RoleARN of RegisterScalableTargetCommand");
  const ResourceIds = Array.from({ length: 51 }, (_, index) => `service/shop/${index}`);
  const asked = scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds }));
  await expect(asked).rejects.toThrow("does not implement ResourceIds over 50");
});
