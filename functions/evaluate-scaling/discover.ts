import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { reasonOf } from "../../shared/failures.ts";
import { namedTargets, type Resource, type Scaling, type Target } from "../../shared/scaling/policy.ts";
import { scalableTargets } from "./foreign.ts";
import type { Observers } from "./observers.ts";
import { namespaces } from "./scalable-names.ts";
import { identityOf, nameOf, taggedTarget } from "./tagged.ts";

type Tagged = Scaling["tagged"][string];

export interface Discovered {
  targets: Target[];
  /** What could not be looked up, in sentences: the others go on. */
  gaps: string[];
}

/** Every target: those that the configuration names, and those that carry one of its tags. What is named is not also tagged. */
export async function discover(observers: Observers, configuration: Configuration): Promise<Discovered> {
  const targets = namedTargets(configuration);
  const gaps: string[] = [];
  const known = new Set(targets.map(({ resource }) => identityOf(resource)));
  const found: { resource: Resource; key: string }[] = [];
  for (const [key, tagged] of Object.entries(configuration.scaling.tagged)) {
    for (const resource of await orNone(taggedWith(observers, tagged), tagged, gaps)) {
      if (known.has(identityOf(resource))) continue;
      known.add(identityOf(resource));
      found.push({ resource, key });
    }
  }
  // What is remembered of a target goes by its name, which may not depend on the order in which it is found.
  const names = [...targets.map(({ name }) => name), ...found.map(({ resource }) => nameOf(resource))];
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  for (const { resource, key } of found) {
    const short = nameOf(resource);
    const name = times.get(short) === 1 ? short : identityOf(resource);
    const target = taggedTarget({ name, resource, key }, configuration);
    if (target !== null) targets.push(target);
  }
  return { targets, gaps };
}

async function orNone(found: Promise<Resource[]>, { key, value }: Tagged, gaps: string[]): Promise<Resource[]> {
  try {
    return await found;
  } catch (error) {
    gaps.push(`what is tagged ${key}=${value} could not be looked up: ${reasonOf(error)}`);
    return [];
  }
}

async function taggedWith(observers: Observers, tagged: Tagged): Promise<Resource[]> {
  const arns = await arnsWith(observers, tagged);
  const services = arns.flatMap((arn): Resource[] => {
    const [, cluster, service] = serviceArn.exec(arn) ?? [];
    return cluster === undefined || service === undefined ? [] : [{ type: "ecs-service", cluster, service }];
  });
  const groups = (await groupsWith(observers, tagged)).map(
    (group): Resource => ({ type: "auto-scaling-group", group }),
  );
  return [...services, ...groups, ...(await scalableWith(observers, arns))];
}

/** Of a service whose ARN does not name its cluster nothing can be asked. */
const serviceArn = /^arn:[^:]+:ecs:[^:]*:[^:]*:service\/([^/]+)\/([^/]+)$/;
const scalableArn = /^arn:[^:]+:application-autoscaling:/;

async function arnsWith({ tagging }: Observers, { key, value }: Tagged): Promise<string[]> {
  const arns: string[] = [];
  let token: string | undefined;
  do {
    const { ResourceTagMappingList = [], PaginationToken } = await tagging.send(
      new GetResourcesCommand({
        TagFilters: [{ Key: key, Values: [value] }],
        ResourcesPerPage: 100,
        ...(token === undefined ? {} : { PaginationToken: token }),
      }),
    );
    arns.push(...ResourceTagMappingList.flatMap(({ ResourceARN }) => ResourceARN ?? []));
    token = PaginationToken || undefined;
  } while (token !== undefined);
  return arns;
}

/** The tagging API knows no Auto Scaling groups. */
async function groupsWith({ groups }: Observers, { key, value }: Tagged): Promise<string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const { AutoScalingGroups = [], NextToken } = await groups.send(
      new DescribeAutoScalingGroupsCommand({
        Filters: [{ Name: `tag:${key}`, Values: [value] }],
        MaxRecords: 100,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    names.push(...AutoScalingGroups.flatMap(({ AutoScalingGroupName }) => AutoScalingGroupName ?? []));
    token = NextToken;
  } while (token !== undefined);
  return names;
}

/** Their ARNs do not say what they scale, so they are looked up among all of each service; only where there is one. */
async function scalableWith(observers: Observers, arns: readonly string[]): Promise<Resource[]> {
  const wanted = new Set(arns.filter((arn) => scalableArn.test(arn)));
  const found: Resource[] = [];
  for (const namespace of wanted.size === 0 ? [] : namespaces) {
    for (const { ScalableTargetARN = "", ResourceId = "", ScalableDimension = "" } of await scalableTargets(
      observers,
      namespace,
      null,
    )) {
      if (!wanted.delete(ScalableTargetARN)) continue;
      found.push({ type: "scalable-target", namespace, resource: ResourceId, dimension: ScalableDimension });
    }
    if (wanted.size === 0) break;
  }
  return found;
}
