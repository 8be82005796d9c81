import type { EnvironmentName } from "../configuration/environments.ts";
import type { Configuration } from "../configuration/schema.ts";
import { compareText } from "../text.ts";
import { frequencyContradictions, mechanismContradictions, scheduleContradictions } from "./backups.ts";
import { escalationContradictions, rotationContradictions } from "./clocks.ts";
import { baselineContradictions, projectionContradictions, thresholdContradictions } from "./scaling.ts";
import { type Contradiction, type Linted, type LintFinding, lintRules } from "./types.ts";

/** What contradicts itself in the policy of one environment. */
export function contradictionsOf(configuration: Configuration): Contradiction[] {
  return [
    ...frequencyContradictions(configuration),
    ...mechanismContradictions(configuration),
    ...scheduleContradictions(configuration),
    ...baselineContradictions(configuration),
    ...projectionContradictions(configuration),
    ...thresholdContradictions(configuration),
    ...escalationContradictions(configuration),
    ...rotationContradictions(configuration),
  ];
}

/**
 * What contradicts itself in these environments: by rule, then by path, then by environment. What is the same in all of several is told
 * once. An acknowledgement that nothing needs is told too; where not all environments are looked at, only those that name one of them.
 */
export function lint(all: readonly Linted[], isEverything: boolean): LintFinding[] {
  const found = all.flatMap(({ environment, configuration }) =>
    contradictionsOf(configuration).map((contradiction) => acknowledged(contradiction, environment, configuration)),
  );
  const told = [...Map.groupBy(found, (each) => JSON.stringify({ ...each, environment: null })).values()].flatMap(
    (same) => {
      const [first] = same;
      if (first === undefined) return [];
      return all.length > 1 && same.length === all.length ? [{ ...first, environment: null }] : same;
    },
  );
  return [...told, ...unused(all, found, isEverything)].toSorted(inOrder);
}

function acknowledged(
  contradiction: Contradiction,
  environment: EnvironmentName,
  { acknowledgements }: Configuration,
): LintFinding {
  const match = acknowledgements.find((each) => fits(each, { ...contradiction, environment }));
  return { ...contradiction, environment, acknowledged: match?.reason ?? null };
}

type Acknowledgement = Configuration["acknowledgements"][number];

function fits(
  { rule, path, environment }: Acknowledgement,
  of: { rule: string; path: string; environment: EnvironmentName | null },
): boolean {
  return rule === of.rule && path === of.path && (environment === undefined || environment === of.environment);
}

function unused(all: readonly Linted[], found: readonly LintFinding[], isEverything: boolean): LintFinding[] {
  const looked = all.map(({ environment }) => environment);
  const stated = new Map<string, LintFinding>();
  for (const { configuration } of all) {
    configuration.acknowledgements.forEach((each, index) => {
      if (found.some((one) => fits(each, one))) return;
      const isLooked = each.environment === undefined ? isEverything : looked.includes(each.environment);
      if (isLooked) stated.set(JSON.stringify(each), unusedFinding(each, index));
    });
  }
  return [...stated.values()];
}

function unusedFinding({ rule, path, environment }: Acknowledgement, index: number): LintFinding {
  return {
    rule: "acknowledgement-unused",
    severity: "warning",
    path: `acknowledgements[${index}]`,
    environment: environment ?? null,
    message: `nothing is wrong any more that it acknowledges: ${rule} at ${path}`,
    arithmetic: `${rule} at ${path}: 0 findings`,
    remedy: "take the acknowledgement away",
    acknowledged: null,
  };
}

function inOrder(left: LintFinding, right: LintFinding): number {
  const rule = lintRules.indexOf(left.rule) - lintRules.indexOf(right.rule);
  return rule || compareText(left.path, right.path) || compareText(left.environment ?? "", right.environment ?? "");
}
