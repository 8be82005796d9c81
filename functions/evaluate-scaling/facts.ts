import type { Resource, Target } from "../../shared/scaling/policy.ts";
import type { Facts } from "../../shared/scaling/types.ts";
import { groupFacts } from "./facts-groups.ts";
import { scalableFacts } from "./facts-scalable.ts";
import { serviceFacts } from "./facts-services.ts";
import type { Observers } from "./observers.ts";

/** What AWS itself says of a target; the calendar and the freezes are added by who asks. */
export type Seen = Pick<Facts, "capacity" | "limits" | "deployment" | "foreign" | "gone">;

/** What was seen of each target, or why it could not be looked at, in a sentence. */
export async function lookAt(
  observers: Observers,
  targets: readonly Target[],
): Promise<(Seen | { failure: string })[]> {
  const of = <Type extends Resource["type"]>(type: Type) =>
    targets.flatMap(({ resource }, index) => (isOf(resource, type) ? [{ resource, index }] : []));
  const seen = new Map<number, Seen | { failure: string }>();
  await serviceFacts(observers, of("ecs-service"), seen);
  await groupFacts(observers, of("auto-scaling-group"), seen);
  await scalableFacts(observers, of("scalable-target"), seen);
  // Of metrics alone nothing is there to be looked at.
  return targets.map((_, index) => seen.get(index) ?? unbound);
}

const unbound: Seen = { capacity: null, limits: null, deployment: null, foreign: null, gone: null };

function isOf<Type extends Resource["type"]>(
  resource: Resource,
  type: Type,
): resource is Extract<Resource, { type: Type }> {
  return resource.type === type;
}
