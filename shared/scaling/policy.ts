import type { Configuration } from "../configuration/schema.ts";
import { minute, second } from "../instant.ts";
import type { InCondition, OutCondition, Rule, TargetPolicy } from "./types.ts";

// What a target is held to, as the configuration says it.

export type Scaling = Configuration["scaling"];
type TargetSetting = Scaling["targets"][string];
type SourceSetting = Scaling["sources"]["ecs-service"][string];

/** What a target is, as AWS names it. */
export type Resource =
  | { type: "ecs-service"; cluster: string; service: string }
  | { type: "auto-scaling-group"; group: string }
  | { type: "scalable-target"; namespace: string; resource: string; dimension: string }
  | { type: "metric" };

/** Where a metric's points are: what GetMetricData is asked for. */
export interface Source {
  metric: string;
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
  statistic: string;
  periodSeconds: number;
}

export interface Target {
  name: string;
  resource: Resource;
  mode: "recommend" | "act";
  policy: TargetPolicy;
  sources: Source[];
  /** What one unit of capacity costs an hour; null where nobody said it. */
  hourPrice: number | null;
  /** The entry of `scaling.tagged` that it is held to; null where the configuration names it. */
  tagged: string | null;
}

/** What is said of a target besides what it is. */
export type Settings = Omit<Extract<TargetSetting, { type: "auto-scaling-group" }>, "type" | "group">;

/** Every target that the configuration names. */
export function namedTargets(configuration: Configuration): Target[] {
  return Object.keys(configuration.scaling.targets).flatMap((name) => namedTarget(name, configuration) ?? []);
}

/** Null where the configuration names none like this. */
export function namedTarget(name: string, configuration: Configuration): Target | null {
  const { targets } = configuration.scaling;
  const setting = Object.hasOwn(targets, name) ? targets[name] : undefined;
  return setting === undefined ? null : targetOf(name, resourceOf(setting), setting, configuration);
}

export function targetOf(
  name: string,
  resource: Resource,
  settings: Settings,
  { scaling, evaluateScaling }: Configuration,
): Target {
  const metrics = sourcesOf(resource, settings, scaling);
  // Of a metric whose source nobody has stated nothing is known: it is part of the rule all the same, or less would be enough for it.
  const rules = metrics.map(({ metric, setting }) => ruleOf(metric, setting ?? unstated, scaling));
  return {
    name,
    resource,
    mode: resource.type === "metric" ? "recommend" : (settings.mode ?? evaluateScaling.mode),
    policy: policyOf(name, rules, settings, scaling),
    sources: metrics.flatMap(({ metric, setting }) => (setting === null ? [] : sourceOf(metric, setting, resource))),
    hourPrice: settings.hourPrice ?? null,
    tagged: null,
  };
}

const unstated = { periodSeconds: 60, absence: "unknown" } as const;

function sourceOf(metric: string, setting: SourceSetting, resource: Resource): Source {
  const { namespace, metric: name, statistic, periodSeconds } = setting;
  const dimensions = { ...dimensionsOf(resource, namespace), ...setting.dimensions };
  return { metric, namespace, name, dimensions, statistic, periodSeconds };
}

/** A policy of these rules, with these bounds. */
export function policyOf(
  name: string,
  rules: Rule[],
  bounds: Pick<Settings, "minimum" | "maximum">,
  scaling: Scaling,
): TargetPolicy {
  return {
    name,
    rules,
    minimum: bounds.minimum ?? scaling.minimum,
    maximum: bounds.maximum ?? null,
    out: { ...scaling.out },
    in: { ...scaling.in },
    cooldownSeconds: { ...scaling.cooldownSeconds },
    stabilisation: { ...scaling.stabilisation },
    projectionMargin: scaling.projectionMargin,
  };
}

/** What a metric's rule means for points of this width. */
export function ruleOf(
  metric: string,
  source: Pick<SourceSetting, "periodSeconds" | "settleSeconds" | "absence">,
  { rules, settleSeconds, outMayMissPercent }: Scaling,
): Rule {
  const { periodSeconds, absence } = source;
  const rule = rules[metric];
  const shared = { metric, periodSeconds, settleSeconds: source.settleSeconds ?? settleSeconds, absence };
  if (rule === undefined) return { ...shared, dividesByCapacity: false, out: null, in: null };
  const { out, dividesByCapacity } = rule;
  const low = inOf(rule.in, periodSeconds);
  return { ...shared, dividesByCapacity, out: outOf(out, periodSeconds, outMayMissPercent), in: low };
}

type RuleSetting = Scaling["rules"][string];

function outOf(
  { above, minutes, points }: RuleSetting["out"],
  periodSeconds: number,
  mayMissPercent: number,
): OutCondition | null {
  if (points !== undefined) {
    if (periodSeconds * second > minute) return null;
    return { above, of: minutes, points, sustained: false, words: `in ${points} of ${minutes} min` };
  }
  const of = pointsIn(minutes, periodSeconds);
  if (of === null) return null;
  const needed = of - Math.floor((of * mayMissPercent) / 100);
  return { above, of, points: needed, sustained: true, words: `for ${minutes} min` };
}

function inOf({ below, minutes }: RuleSetting["in"], periodSeconds: number): InCondition | null {
  const of = pointsIn(minutes, periodSeconds);
  return of === null ? null : { below, of, words: `for ${minutes} min` };
}

/** So many points cover the time; null where a single one is wider than it. */
function pointsIn(minutes: number, periodSeconds: number): number | null {
  const points = (minutes * minute) / (periodSeconds * second);
  return points < 1 ? null : Math.ceil(points);
}

interface Measured {
  metric: string;
  /** Null where it is not stated in full. */
  setting: SourceSetting | null;
}

/** The metrics that a target states, each on top of what its type has under that name; all that its type has where it states none. */
function sourcesOf(resource: Resource, { metrics }: Pick<Settings, "metrics">, { sources }: Scaling): Measured[] {
  const known = resource.type === "ecs-service" || resource.type === "auto-scaling-group" ? sources[resource.type] : {};
  const stated: NonNullable<Settings["metrics"]> = metrics ?? known;
  return Object.entries(stated).map(([metric, own]) => ({ metric, setting: complete({ ...known[metric], ...own }) }));
}

/** Null where something is missing: the configuration's check refuses it, but for what is tagged and may be of either type. */
export function complete(source: Partial<SourceSetting>): SourceSetting | null {
  const { namespace, metric, statistic, periodSeconds, absence, ...rest } = source;
  if (namespace === undefined || metric === undefined || statistic === undefined) return null;
  if (periodSeconds === undefined || absence === undefined) return null;
  return { ...rest, namespace, metric, statistic, periodSeconds, absence };
}

/** Those that follow from the target, in the namespaces of its own service. */
function dimensionsOf(resource: Resource, namespace: string): Record<string, string> {
  switch (resource.type) {
    case "ecs-service":
      return namespace === "AWS/ECS" ? { ClusterName: resource.cluster, ServiceName: resource.service } : {};
    case "auto-scaling-group":
      return ["AWS/EC2", "AWS/AutoScaling"].includes(namespace) ? { AutoScalingGroupName: resource.group } : {};
    case "scalable-target":
    case "metric":
      return {};
    default:
      throw resource satisfies never;
  }
}

export function resourceOf(setting: TargetSetting): Resource {
  switch (setting.type) {
    case "ecs-service":
      return { type: setting.type, cluster: setting.cluster, service: setting.service };
    case "auto-scaling-group":
      return { type: setting.type, group: setting.group };
    case "scalable-target":
      return {
        type: setting.type,
        namespace: setting.namespace,
        resource: setting.resource,
        dimension: setting.dimension,
      };
    case "metric":
      return { type: setting.type };
    default:
      throw setting satisfies never;
  }
}
