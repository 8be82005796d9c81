import {
  type ApplicationAutoScalingClient,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { type AutoScalingClient, SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import { type ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { Refused } from "../../shared/failures.ts";
import type { Resource } from "../../shared/scaling/policy.ts";
import { namesOf } from "./scalable-names.ts";

// The one module that changes anything in AWS. Its clients are made only where something is to act.

export interface Actors {
  ecs: Pick<ECSClient, "send">;
  groups: Pick<AutoScalingClient, "send">;
  scalable: Pick<ApplicationAutoScalingClient, "send">;
}

/** Gives a target this capacity. Throws what AWS refuses it with. */
export async function setCapacity(actors: Actors, resource: Resource, wanted: number): Promise<void> {
  switch (resource.type) {
    case "ecs-service": {
      const { cluster, service } = resource;
      await actors.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: wanted }));
      return;
    }
    case "auto-scaling-group": {
      const change = { AutoScalingGroupName: resource.group, DesiredCapacity: wanted, HonorCooldown: true };
      await actors.groups.send(new SetDesiredCapacityCommand(change));
      return;
    }
    case "scalable-target": {
      const names = namesOf(resource);
      if (names === null) throw new Refused(`Application Auto Scaling knows no ${resource.dimension}`);
      await actors.scalable.send(
        new RegisterScalableTargetCommand({ ...names, MinCapacity: wanted, MaxCapacity: wanted }),
      );
      return;
    }
    case "metric":
      return;
    default:
      throw resource satisfies never;
  }
}
