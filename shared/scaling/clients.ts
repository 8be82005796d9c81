import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { clientOptions } from "../runtime.ts";

/** Clients to look with: what is done with them changes nothing. */
export function observersOf(options: typeof clientOptions) {
  return {
    cloudwatch: new CloudWatchClient(options),
    ecs: new ECSClient(options),
    groups: new AutoScalingClient(options),
    scalable: new ApplicationAutoScalingClient(options),
    tagging: new ResourceGroupsTaggingAPIClient(options),
    quotas: new ServiceQuotasClient(options),
  };
}
