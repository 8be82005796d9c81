import { suggestion } from "../text.ts";
import { apiProblems } from "./apis.ts";
import { isMap, type Path } from "./path.ts";
import { type Problem, problemsOf } from "./problems.ts";
import { scalingProblems } from "./scaling.ts";
import { type Configuration, configurationSchema } from "./schema.ts";

export type Checked = { ok: true; configuration: Configuration } | { ok: false; problems: Problem[] };

/** Deeper than this nothing of the schema reaches; it also stops what refers to itself. */
const maximumDepth = 16;
const maximumProblems = 50;

/** Validates a merged configuration against the schema, then what no schema can say: that names refer to something. */
export function check(value: unknown): Checked {
  const unsafe = unsafeParts(value);
  if (unsafe.length > 0) return refuse(unsafe);
  const parsed = configurationSchema.safeParse(value);
  if (!parsed.success) return refuse(problemsOf(configurationSchema, parsed.error.issues, value));
  const problems = crossCheck(parsed.data);
  return problems.length > 0 ? refuse(problems) : { ok: true, configuration: parsed.data };
}

function refuse(problems: Problem[]): Checked {
  const shown = problems.slice(0, maximumProblems);
  const hidden = problems.length - shown.length;
  if (hidden > 0) shown.push({ path: [], value: undefined, reason: `and ${hidden} more problems` });
  return { ok: false, problems: shown };
}

/** The schema library passes over a key named `__proto__`, and would descend into a circle forever. */
function unsafeParts(value: unknown, path: Path = []): Problem[] {
  if (path.length > maximumDepth)
    return [{ path, value: undefined, reason: `nested deeper than ${maximumDepth} levels` }];
  if (Array.isArray(value))
    return first(
      value.map((item, index) => [index, item] as const),
      path,
    );
  if (isMap(value)) return first(Object.entries(value), path);
  return [];
}

function first(entries: readonly (readonly [string | number, unknown])[], path: Path): Problem[] {
  for (const [segment, item] of entries) {
    if (segment === "__proto__")
      return [{ path: [...path, segment], value: item, reason: "unknown key; no such name is allowed" }];
    const problems = unsafeParts(item, [...path, segment]);
    if (problems.length > 0) return problems;
  }
  return [];
}

function crossCheck(configuration: Configuration): Problem[] {
  return [
    ...teamReferences(configuration),
    ...kindReferences(configuration),
    ...routingProblems(configuration),
    ...calendarProblems(configuration),
    ...audienceProblems(configuration),
    ...apiProblems(configuration),
    ...scalingProblems(configuration),
    ...evidenceProblems(configuration),
  ];
}

function teamReferences(configuration: Configuration): Problem[] {
  const teams = Object.keys(configuration.teams);
  const references: { path: Path; value: string | undefined }[] = [
    { path: ["defaultTeam"], value: configuration.defaultTeam },
    ...Object.entries(configuration.services).map(([name, { team }]) => ({
      path: ["services", name, "team"],
      value: team,
    })),
    ...configuration.routing.map(({ team }, index) => ({ path: ["routing", index, "team"], value: team })),
  ];
  return references.flatMap(({ path, value }) => {
    if (value === undefined || teams.includes(value)) return [];
    return [{ path, value, reason: `no team has this name${suggestion(value, teams)}` }];
  });
}

function kindReferences({ secrets }: Configuration): Problem[] {
  const kinds = Object.keys(secrets.kinds);
  return secrets.matches.flatMap(({ kind }, index): Problem[] => {
    if (kinds.includes(kind)) return [];
    const reason = `secrets.kinds has no kind of this name${suggestion(kind, kinds)}`;
    return [{ path: ["secrets", "matches", index, "kind"], value: kind, reason }];
  });
}

function routingProblems({ routing }: Configuration): Problem[] {
  return routing.flatMap((rule, index) => {
    const path = ["routing", index];
    const problems: Problem[] = [];
    const { account, region, namespace, metric, alarmName, dimensions = {}, tags = {} } = rule.match;
    const conditions = [
      account,
      region,
      namespace,
      metric,
      alarmName,
      ...Object.values(dimensions),
      ...Object.values(tags),
    ];
    if (conditions.every((condition) => condition === undefined)) {
      problems.push({
        path: [...path, "match"],
        value: rule.match,
        reason: "must name at least one condition; an empty one would match every alarm",
      });
    }
    if ([rule.service, rule.tier, rule.severity, rule.key, rule.team].every((result) => result === undefined)) {
      problems.push({ path, value: rule, reason: "must give at least one of service, tier, severity, key, team" });
    }
    const earlier = routing.findIndex((other) => other.name === rule.name);
    if (earlier !== index)
      problems.push({ path: [...path, "name"], value: rule.name, reason: `routing[${earlier}] has this name already` });
    return problems;
  });
}

function calendarProblems({ calendar, incidents }: Configuration): Problem[] {
  const problems: Problem[] = [];
  const { from, to } = calendar.businessHours;
  if (from >= to) {
    problems.push({
      path: ["calendar", "businessHours", "to"],
      value: to,
      reason: `must be later than businessHours.from (${from})`,
    });
  }
  const { afterHours, withinHours } = incidents.review;
  if (afterHours > withinHours) {
    problems.push({
      path: ["incidents", "review", "afterHours"],
      value: afterHours,
      reason: `must not exceed review.withinHours (${withinHours})`,
    });
  }
  return problems;
}

function evidenceProblems({ verifyBackups }: Configuration): Problem[] {
  const { lock, confirm } = verifyBackups.evidence;
  if (lock !== "compliance" || confirm === "compliance") return [];
  const reason = "nobody can undo it: state verifyBackups.evidence.confirm: compliance as well";
  return [{ path: ["verifyBackups", "evidence", "lock"], value: lock, reason }];
}

/** A page's identity holds its audience and level, so two levels of one team must not share an audience. */
function audienceProblems({ teams }: Configuration): Problem[] {
  return Object.entries(teams).flatMap(([team, { levels }]) => {
    const audiences = levels.map((level, index) => level.audience ?? `${team}-${index + 1}`);
    return audiences.flatMap((audience, index): Problem[] => {
      const earlier = audiences.indexOf(audience);
      if (earlier === index) return [];
      const path = ["teams", team, "levels", index, "audience"];
      return [{ path, value: audience, reason: `level ${earlier + 1} of this team has this audience already` }];
    });
  });
}
