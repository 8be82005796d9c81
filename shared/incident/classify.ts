import type { Configuration, RoutingRule } from "../configuration/schema.ts";
import type { Alarm } from "../delivery/types.ts";
import { type Severity, type Tier, tiers } from "../severity.ts";

/** What policy says of one alarm. */
export interface Classification {
  /** The key that routing or its service gives; null when its composite parent or the alarm itself is the key. */
  key: string | null;
  service: string | null;
  severity: Severity;
  team: string;
  /** The routing rule that matched. */
  rule: string | null;
  /** No rule, tag or service placed it: its severity is the fallback's. */
  unrouted: boolean;
}

export const serviceTag = "nightshift:service";
export const tierTag = "nightshift:tier";

/** Rule before tag before service: each of key, service, tier and team comes from the first that states it. */
export function classify(alarm: Alarm, tags: Record<string, string>, configuration: Configuration): Classification {
  const rule = configuration.routing.find((each) => matches(each, alarm, tags)) ?? null;
  const service = rule?.service ?? (tags[serviceTag] || null);
  const known = service === null ? undefined : own(configuration.services, service);
  const tier = rule?.tier ?? tierOf(tags[tierTag]) ?? known?.tier;
  const severity = rule?.severity ?? severityOf(tier, configuration);
  return {
    key: rule?.key ?? service,
    service,
    severity: severity ?? configuration.tiers[configuration.incidents.unroutedTier].severity,
    team: rule?.team ?? known?.team ?? configuration.defaultTeam,
    rule: rule?.name ?? null,
    unrouted: severity === null,
  };
}

/** The team of a finding: rules may name it by its key, as if that were an alarm's name. */
export function teamOfFinding(key: string, configuration: Configuration): string {
  const alarm = { arn: "", name: key, account: "", region: "", description: null, metrics: [], alarmRule: null };
  return classify(alarm, {}, configuration).team;
}

function severityOf(tier: Tier | undefined, configuration: Configuration): Severity | null {
  return tier === undefined ? null : configuration.tiers[tier].severity;
}

/** People write tags by hand: case and blanks do not matter. A tier that nobody knows places nothing. */
function tierOf(tag: string | undefined): Tier | undefined {
  const written = tag?.trim().toLowerCase();
  return tiers.find((tier) => tier === written);
}

function matches({ match }: RoutingRule, alarm: Alarm, tags: Record<string, string>): boolean {
  return (
    fits(match.account, alarm.account) &&
    fits(match.region, alarm.region) &&
    fits(match.alarmName, alarm.name) &&
    fitsMetric(match, alarm) &&
    Object.entries(match.tags ?? {}).every(([key, pattern]) => fits(pattern, own(tags, key)))
  );
}

/** Namespace, metric and dimensions must hold for one and the same metric of the alarm. */
function fitsMetric({ namespace, metric, dimensions }: RoutingRule["match"], alarm: Alarm): boolean {
  if (namespace === undefined && metric === undefined && dimensions === undefined) return true;
  return alarm.metrics.some(
    (each) =>
      fits(namespace, each.namespace) &&
      fits(metric, each.name) &&
      Object.entries(dimensions ?? {}).every(([key, pattern]) => fits(pattern, own(each.dimensions, key))),
  );
}

/** True without a pattern; `*` stands for any text, also none. Takes time proportional to both lengths' product at worst. */
export function fits(pattern: string | undefined, text: string | undefined): boolean {
  if (pattern === undefined) return true;
  if (text === undefined) return false;
  const [beginning = "", ...rest] = pattern.split("*");
  const ending = rest.pop();
  if (ending === undefined) return text === pattern;
  if (!text.startsWith(beginning)) return false;
  let from = beginning.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return text.length - from >= ending.length && text.endsWith(ending);
}

function own<Value>(record: Record<string, Value>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
