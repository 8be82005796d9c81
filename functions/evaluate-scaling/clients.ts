import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { ECSClient } from "@aws-sdk/client-ecs";
import type { Configuration } from "../../shared/configuration/schema.ts";
import type { clientOptions } from "../../shared/runtime.ts";
import type { Actors } from "./act.ts";

/** What changes capacities: made only where the configuration lets a target act. */
export function actorsOf(options: typeof clientOptions, configuration: Configuration): Actors | null {
  if (!actsAnywhere(configuration)) return null;
  return {
    ecs: new ECSClient(options),
    groups: new AutoScalingClient(options),
    scalable: new ApplicationAutoScalingClient(options),
  };
}

function actsAnywhere({ scaling, evaluateScaling }: Configuration): boolean {
  const named = Object.values(scaling.targets).flatMap((each) => (each.type === "metric" ? [] : [each.mode]));
  const tagged = Object.values(scaling.tagged).map(({ mode }) => mode);
  return [...named, ...tagged].some((mode) => (mode ?? evaluateScaling.mode) === "act");
}
