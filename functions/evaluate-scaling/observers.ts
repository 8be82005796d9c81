import type { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { Resource } from "../../shared/scaling/policy.ts";
import type { Seen } from "./facts.ts";

/** What only looks. */
export interface Observers {
  cloudwatch: Pick<CloudWatchClient, "send">;
  ecs: Pick<ECSClient, "send">;
  groups: Pick<AutoScalingClient, "send">;
  scalable: Pick<ApplicationAutoScalingClient, "send">;
  tagging: Pick<ResourceGroupsTaggingAPIClient, "send">;
  quotas: Pick<ServiceQuotasClient, "send">;
}

/** Targets of one type, with their places in the list. */
export type Placed<Type extends Resource["type"]> = readonly {
  resource: Extract<Resource, { type: Type }>;
  index: number;
}[];

/** By place: what was seen, or why nothing could be. */
export type SeenByPlace = Map<number, Seen | { failure: string }>;

/** So many at once, in order. */
export function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
