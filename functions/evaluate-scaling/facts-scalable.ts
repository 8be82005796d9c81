import type { ScalableTarget } from "@aws-sdk/client-application-auto-scaling";
import { reasonOf } from "../../shared/failures.ts";
import type { Seen } from "./facts.ts";
import { isSuspended, policiesOf, scalableTargets } from "./foreign.ts";
import { chunks, type Observers, type Placed, type SeenByPlace } from "./observers.ts";
import { namesOf, type ScalableNames } from "./scalable-names.ts";

const idsAtOnce = 50;

const nothing: Seen = { capacity: null, limits: null, deployment: null, foreign: null, gone: null };

/**
 * What Application Auto Scaling says of its targets. It never tells how much there is of one: that is known where the least and the
 * most are the same, which is how Nightshift sets it.
 */
export async function scalableFacts(
  observers: Observers,
  all: Placed<"scalable-target">,
  seen: SeenByPlace,
): Promise<void> {
  const known = all.flatMap(({ resource, index }) => {
    const names = namesOf(resource);
    if (names !== null) return [{ names, index }];
    seen.set(index, {
      ...nothing,
      gone: `Application Auto Scaling knows no ${resource.namespace} ${resource.dimension}`,
    });
    return [];
  });
  for (const [namespace, of] of Map.groupBy(known, ({ names }) => names.ServiceNamespace)) {
    for (const some of chunks(of, idsAtOnce)) {
      try {
        const ids = [...new Set(some.map(({ names }) => names.ResourceId))];
        const targets = await scalableTargets(observers, namespace, ids);
        for (const { names, index } of some) seen.set(index, await seenOf(observers, targets, names));
      } catch (error) {
        for (const { index } of some) if (!seen.has(index)) seen.set(index, { failure: reasonOf(error) });
      }
    }
  }
}

async function seenOf(observers: Observers, targets: readonly ScalableTarget[], names: ScalableNames): Promise<Seen> {
  const found = targets.find(
    ({ ResourceId, ScalableDimension }) =>
      ResourceId === names.ResourceId && ScalableDimension === names.ScalableDimension,
  );
  if (found === undefined)
    return { ...nothing, gone: `${names.ResourceId} is not registered with Application Auto Scaling` };
  const { MinCapacity = 0, MaxCapacity = 0 } = found;
  const policies = isSuspended(found)
    ? []
    : await policiesOf(observers, {
        namespace: names.ServiceNamespace,
        id: names.ResourceId,
        dimension: names.ScalableDimension,
      });
  if (policies.length > 0) {
    const foreign = `it has scaling policies (${policies.join(", ")}), and they are not suspended`;
    return { ...nothing, capacity: MinCapacity, foreign };
  }
  if (MinCapacity === MaxCapacity) return { ...nothing, capacity: MinCapacity };
  const foreign = `its capacity is anything from ${MinCapacity} to ${MaxCapacity}: register it with both the same to hand it over`;
  return { ...nothing, capacity: MinCapacity, foreign };
}
