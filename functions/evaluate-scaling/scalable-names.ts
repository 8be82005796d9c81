import { ScalableDimension, ServiceNamespace } from "@aws-sdk/client-application-auto-scaling";
import type { Resource } from "../../shared/scaling/policy.ts";

export interface ScalableNames {
  ServiceNamespace: ServiceNamespace;
  ResourceId: string;
  ScalableDimension: ScalableDimension;
}

/** A scalable target as Application Auto Scaling names it; null where it has no such namespace or dimension. */
export function namesOf({
  namespace,
  resource,
  dimension,
}: Extract<Resource, { type: "scalable-target" }>): ScalableNames | null {
  if (!isNamespace(namespace) || !isDimension(dimension)) return null;
  return { ServiceNamespace: namespace, ResourceId: resource, ScalableDimension: dimension };
}

export const namespaces: readonly ServiceNamespace[] = Object.values(ServiceNamespace);
const dimensions: readonly string[] = Object.values(ScalableDimension);

function isNamespace(name: string): name is ServiceNamespace {
  return namespaces.some((namespace) => namespace === name);
}

function isDimension(name: string): name is ScalableDimension {
  return dimensions.includes(name);
}
