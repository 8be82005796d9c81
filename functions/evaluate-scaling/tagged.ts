import type { Configuration } from "../../shared/configuration/schema.ts";
import { type Resource, type Scaling, type Settings, type Target, targetOf } from "../../shared/scaling/policy.ts";

type Tagged = Scaling["tagged"][string];

/** A resource that carries a tag, as a target; null where the configuration has no such entry any more. */
export function taggedTarget(
  { name, resource, key }: { name: string; resource: Resource; key: string },
  configuration: Configuration,
): Target | null {
  const { tagged: all } = configuration.scaling;
  const tagged = Object.hasOwn(all, key) ? all[key] : undefined;
  if (tagged === undefined) return null;
  return { ...targetOf(name, resource, settingsOf(tagged, nameOf(resource)), configuration), tagged: key };
}

/** `{{name}}` in a dimension stands for the resource's own name: one setting is for many. */
function settingsOf({ key: _key, value: _value, ...settings }: Tagged, name: string): Settings {
  const metrics = Object.entries(settings.metrics ?? {}).map(([metric, { dimensions = {}, ...source }]) => {
    const filled = Object.entries(dimensions).map(([key, value]) => [key, value.replaceAll("{{name}}", name)]);
    return [metric, { ...source, dimensions: Object.fromEntries(filled) }];
  });
  return settings.metrics === undefined ? settings : { ...settings, metrics: Object.fromEntries(metrics) };
}

/** For people; several may have it. */
export function nameOf(resource: Resource): string {
  return identityOf(resource).split("/").at(-1) ?? "";
}

/** By which two entries are about the same thing. */
export function identityOf(resource: Resource): string {
  switch (resource.type) {
    case "ecs-service":
      return `${resource.cluster}/${resource.service}`;
    case "auto-scaling-group":
      return `auto-scaling-group/${resource.group}`;
    case "scalable-target": {
      // An ECS service is the same one, whoever names it.
      const [, service] = resource.dimension === "ecs:service:DesiredCount" ? resource.resource.split("service/") : [];
      return service ?? `${resource.dimension}/${resource.resource}`;
    }
    case "metric":
      return "metric";
    default:
      throw resource satisfies never;
  }
}
