import { DescribeServicesCommand, type Service } from "@aws-sdk/client-ecs";
import { reasonOf } from "../../shared/failures.ts";
import type { Seen } from "./facts.ts";
import { foreignScalers } from "./foreign.ts";
import { chunks, type Observers, type Placed, type SeenByPlace } from "./observers.ts";

/** DescribeServices takes so many, all of one cluster. */
const servicesAtOnce = 10;

type Services = Placed<"ecs-service">;

/** What ECS says of its services, and Application Auto Scaling of who else scales them. */
export async function serviceFacts(observers: Observers, services: Services, seen: SeenByPlace): Promise<void> {
  const byCluster = Map.groupBy(services, ({ resource }) => resource.cluster);
  for (const [cluster, all] of byCluster) {
    for (const some of chunks(all, servicesAtOnce)) await describe(observers, cluster, some, seen);
  }
}

async function describe(observers: Observers, cluster: string, some: Services, seen: SeenByPlace): Promise<void> {
  try {
    const names = [...new Set(some.map(({ resource }) => resource.service))];
    const { services = [] } = await observers.ecs.send(new DescribeServicesCommand({ cluster, services: names }));
    const ids = names.map((name) => `service/${cluster}/${name}`);
    const foreign = await foreignScalers(observers, "ecs", ids);
    for (const { resource, index } of some) {
      const found = services.find(({ serviceName }) => serviceName === resource.service);
      seen.set(index, seenOf(found, resource, foreign.get(`service/${cluster}/${resource.service}`) ?? null));
    }
  } catch (error) {
    const missing = error instanceof Error && error.name === "ClusterNotFoundException";
    const gone = { ...nothing, gone: `there is no ECS cluster ${cluster}` };
    for (const { index } of some) seen.set(index, missing ? gone : { failure: reasonOf(error) });
  }
}

const nothing: Seen = { capacity: null, limits: null, deployment: null, foreign: null, gone: null };

function seenOf(
  found: Service | undefined,
  { cluster, service }: Services[number]["resource"],
  foreign: string | null,
): Seen {
  const name = `${cluster}/${service}`;
  if (found === undefined || found.status === "INACTIVE")
    return { ...nothing, gone: `there is no ECS service ${name}` };
  // An unknown status denies: nothing is scaled that may be on its way out.
  if (found.status !== "ACTIVE")
    return { ...nothing, gone: `the ECS service ${name} is ${found.status ?? "in no known state"}` };
  return { ...nothing, capacity: found.desiredCount ?? null, deployment: deploymentOf(found), foreign };
}

/** Where ECS itself does not control the deployments, its task sets say how they go. */
function deploymentOf({ deployments = [], taskSets = [] }: Service): string | null {
  const [primary] = deployments.filter(({ status }) => status === "PRIMARY");
  const isUnderway = deployments.length > 1 || primary?.rolloutState === "IN_PROGRESS";
  if (isUnderway) return `a deployment is in progress${primary?.id === undefined ? "" : ` (${primary.id})`}`;
  const isShifting = taskSets.length > 1 || taskSets.some(({ stabilityStatus }) => stabilityStatus !== "STEADY_STATE");
  return isShifting ? `a deployment is in progress (${taskSets.length} task sets)` : null;
}
