import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { Configuration } from "../../shared/configuration/schema.ts";
import type { clientOptions } from "../../shared/runtime.ts";
import type { Actors } from "./act.ts";
import type { Observers } from "./observers.ts";

/** What only looks. */
export function observersOf(options: typeof clientOptions): Observers {
  return {
    cloudwatch: new CloudWatchClient(options),
    ecs: new ECSClient(options),
    groups: new AutoScalingClient(options),
    scalable: new ApplicationAutoScalingClient(options),
    tagging: new ResourceGroupsTaggingAPIClient(options),
    quotas: new ServiceQuotasClient(options),
  };
}

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
