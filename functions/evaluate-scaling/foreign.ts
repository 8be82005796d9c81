import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  type ScalableDimension,
  type ScalableTarget,
  type ServiceNamespace,
} from "@aws-sdk/client-application-auto-scaling";
import { chunks, type Observers } from "./observers.ts";

/** DescribeScalableTargets takes so many ids. */
const idsAtOnce = 50;

/** Who else scales these resources, in a sentence each; those that nobody else scales are absent. */
export async function foreignScalers(
  { scalable }: Pick<Observers, "scalable">,
  namespace: ServiceNamespace,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const some of chunks(ids, idsAtOnce)) {
    for (const target of await scalableTargets({ scalable }, namespace, some)) {
      const id = target.ResourceId ?? "";
      const names = { namespace, id, dimension: target.ScalableDimension };
      const policies = isSuspended(target) ? [] : await policiesOf({ scalable }, names);
      if (policies.length > 0) {
        found.set(id, `Application Auto Scaling scales it as well (${policies.join(", ")}), and is not suspended`);
      }
    }
  }
  return found;
}

export async function scalableTargets(
  { scalable }: Pick<Observers, "scalable">,
  namespace: ServiceNamespace,
  ids: readonly string[] | null,
): Promise<ScalableTarget[]> {
  const targets: ScalableTarget[] = [];
  let token: string | undefined;
  do {
    const { ScalableTargets = [], NextToken } = await scalable.send(
      new DescribeScalableTargetsCommand({
        ServiceNamespace: namespace,
        ...(ids === null ? {} : { ResourceIds: [...ids] }),
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    targets.push(...ScalableTargets);
    token = NextToken;
  } while (token !== undefined);
  return targets;
}

/** Names of its policies, of this dimension alone. */
export async function policiesOf(
  { scalable }: Pick<Observers, "scalable">,
  { namespace, id, dimension }: { namespace: ServiceNamespace; id: string; dimension: ScalableDimension | undefined },
): Promise<string[]> {
  // The first page is enough: a single policy is one too many.
  const { ScalingPolicies = [] } = await scalable.send(
    new DescribeScalingPoliciesCommand({
      ServiceNamespace: namespace,
      ResourceId: id,
      ...(dimension === undefined ? {} : { ScalableDimension: dimension }),
    }),
  );
  return ScalingPolicies.map(({ PolicyName, PolicyType }) => PolicyName ?? PolicyType ?? "unnamed");
}

/** Its policies change nothing: it was handed over. */
export function isSuspended({ SuspendedState }: ScalableTarget): boolean {
  return SuspendedState?.DynamicScalingInSuspended === true && SuspendedState.DynamicScalingOutSuspended === true;
}
