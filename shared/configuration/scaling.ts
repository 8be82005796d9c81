import { fits } from "../incident/classify.ts";
import { suggestion } from "../text.ts";
import type { Path } from "./path.ts";
import type { Problem } from "./problems.ts";
import type { Configuration } from "./schema.ts";

// What no schema can say of scaling.

type Scaling = Configuration["scaling"];
type Target = Scaling["targets"][string];
type Tagged = Scaling["tagged"][string];

export function scalingProblems({ scaling, evaluateScaling }: Configuration): Problem[] {
  const isActing = evaluateScaling.mode === "act";
  return [
    ...Object.entries(scaling.rules).flatMap(([name, rule]) => ruleProblems(name, rule)),
    ...waitingProblems(scaling),
    ...sourceProblems(scaling),
    ...Object.entries(scaling.targets).flatMap(([name, target]) =>
      settingProblems(["scaling", "targets", name], target, scaling, isActing),
    ),
    ...Object.entries(scaling.tagged).flatMap(([name, tagged]) =>
      settingProblems(["scaling", "tagged", name], tagged, scaling, isActing),
    ),
    ...sharedResources(scaling),
    ...[...hourProblems("floors", scaling.floors), ...hourProblems("freezes", scaling.freezes)],
    ...floorProblems(scaling),
  ];
}

function ruleProblems(name: string, { out, in: low }: Scaling["rules"][string]): Problem[] {
  const path = ["scaling", "rules", name];
  const problems: Problem[] = [];
  if (low.below >= out.above) {
    const reason = `must be less than out.above (${out.above}), or the same load is both too much and too little`;
    problems.push({ path: [...path, "in", "below"], value: low.below, reason });
  }
  if (out.points !== undefined && out.points > out.minutes) {
    const reason = `must not exceed out.minutes (${out.minutes}): there is one point in a minute`;
    problems.push({ path: [...path, "out", "points"], value: out.points, reason });
  }
  return problems;
}

function waitingProblems({ stabilisation, rules, projectionMargin }: Scaling): Problem[] {
  const { shortestMinutes, longestMinutes } = stabilisation;
  const problems: Problem[] = [];
  if (shortestMinutes > longestMinutes) {
    const path = ["scaling", "stabilisation", "shortestMinutes"];
    problems.push({
      path,
      value: shortestMinutes,
      reason: `must not exceed stabilisation.longestMinutes (${longestMinutes})`,
    });
  }
  for (const [name, { out, dividesByCapacity }] of Object.entries(rules)) {
    if (!dividesByCapacity || projectionMargin < out.above) continue;
    const reason = `must be less than scaling.rules.${name}.out.above (${out.above}), or nothing is ever scaled in`;
    problems.push({ path: ["scaling", "projectionMargin"], value: projectionMargin, reason });
  }
  return problems;
}

function sourceProblems({ sources, rules }: Scaling): Problem[] {
  return Object.entries(sources).flatMap(([type, metrics]) =>
    Object.keys(metrics).flatMap((metric) => unruled(["scaling", "sources", type, metric], metric, rules)),
  );
}

function unruled(path: Path, metric: string, rules: Scaling["rules"]): Problem[] {
  const known = Object.keys(rules);
  if (known.includes(metric)) return [];
  return [{ path, value: metric, reason: `no rule of scaling.rules has this name${suggestion(metric, known)}` }];
}

function settingProblems(path: Path, setting: Target | Tagged, scaling: Scaling, isActing: boolean): Problem[] {
  const type = "type" in setting ? setting.type : null;
  const metrics = Object.entries(setting.metrics ?? {});
  const problems = metrics.flatMap(([metric, source]) => [
    ...unruled([...path, "metrics", metric], metric, scaling.rules),
    ...missingParts([...path, "metrics", metric], { ...knownSource(type, metric, scaling), ...source }),
  ]);
  if (setting.metrics === undefined ? type === "scalable-target" : metrics.length === 0) {
    const reason = "must name at least one metric: nothing is known of it otherwise";
    problems.push({ path: [...path, "metrics"], value: setting.metrics, reason });
  }
  return "minimum" in setting || "mode" in setting || type !== "metric"
    ? [...problems, ...boundProblems(path, setting, scaling, isActing)]
    : problems;
}

/** What is tagged may be of either type: only what both have can be left out. */
function knownSource(type: string | null, metric: string, { sources }: Scaling): object | undefined {
  if (type === "ecs-service" || type === "auto-scaling-group") return sources[type][metric];
  if (type !== null) return undefined;
  return sources["ecs-service"][metric] ?? sources["auto-scaling-group"][metric];
}

function missingParts(path: Path, source: object): Problem[] {
  const missing = ["namespace", "metric", "statistic", "periodSeconds", "absence"].filter((key) => !(key in source));
  if (missing.length === 0) return [];
  return [
    { path, value: source, reason: `must also state ${missing.join(", ")}: its type has no metric of this name` },
  ];
}

function boundProblems(path: Path, setting: Target | Tagged, scaling: Scaling, isActing: boolean): Problem[] {
  if ("type" in setting && setting.type === "metric") return [];
  const { minimum = scaling.minimum, maximum, mode } = setting;
  if (maximum !== undefined && minimum > maximum) {
    return [{ path: [...path, "maximum"], value: maximum, reason: `must not be less than minimum (${minimum})` }];
  }
  if (maximum === undefined && (mode === "act" || (mode === undefined && isActing))) {
    return [{ path, value: setting, reason: "must have a maximum: it acts, and nothing else would stop it" }];
  }
  return [];
}

/** Two targets of one resource would decide about it without knowing of each other. */
function sharedResources({ targets }: Scaling): Problem[] {
  const all = Object.entries(targets).map(([name, target]) => ({ name, identity: identityOf(target) }));
  return all.flatMap(({ name, identity }, index): Problem[] => {
    const earlier = all.slice(0, index).find((other) => identity !== null && other.identity === identity);
    if (earlier === undefined) return [];
    const reason = `is what scaling.targets.${earlier.name} scales already: put their metrics into one target`;
    return [{ path: ["scaling", "targets", name], value: targets[name], reason }];
  });
}

function identityOf(target: Target): string | null {
  switch (target.type) {
    case "ecs-service":
      return `${target.type} ${target.cluster} ${target.service}`;
    case "auto-scaling-group":
      return `${target.type} ${target.group}`;
    case "scalable-target":
      return `${target.type} ${target.namespace} ${target.resource} ${target.dimension}`;
    case "metric":
      return null;
    default:
      throw target satisfies never;
  }
}

function hourProblems(kind: "floors" | "freezes", all: readonly { name: string }[]): Problem[] {
  return all.flatMap(({ name }, index) => {
    const earlier = all.findIndex((other) => other.name === name);
    if (earlier === index) return [];
    const path = ["scaling", kind, index, "name"];
    return [{ path, value: name, reason: `scaling.${kind}[${earlier}] has this name already` }];
  });
}

/** What the calendar asks for must be allowed. */
function floorProblems({ floors, targets }: Scaling): Problem[] {
  return floors.flatMap(({ targets: pattern, minimum }, index) => {
    const path = ["scaling", "floors", index, "minimum"];
    return Object.entries(targets).flatMap(([name, target]) => {
      const maximum = target.type === "metric" ? undefined : target.maximum;
      if (maximum === undefined || minimum <= maximum || !fits(pattern, name)) return [];
      return [{ path, value: minimum, reason: `must not exceed the maximum of scaling.targets.${name} (${maximum})` }];
    });
  });
}
