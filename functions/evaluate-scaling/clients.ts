import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { ECSClient } from "@aws-sdk/client-ecs";
import type { Configuration } from "../../shared/configuration/schema.ts";
import type { clientOptions } from "../../shared/runtime.ts";
import { actingTargets } from "../../shared/scaling/acting.ts";
import type { Actors } from "./act.ts";

/** What changes capacities: made only where the configuration lets a target act. */
export function actorsOf(options: typeof clientOptions, configuration: Configuration): Actors | null {
  const { named, tagged } = actingTargets(configuration);
  if (named.length === 0 && !tagged) return null;
  return {
    ecs: new ECSClient(options),
    groups: new AutoScalingClient(options),
    scalable: new ApplicationAutoScalingClient(options),
  };
}
