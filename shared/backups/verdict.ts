import type { Configuration } from "../configuration/schema.ts";
import { type Instant, iso, second } from "../instant.ts";
import { isKeyLost } from "./keys.ts";
import type { Way } from "./restorable.ts";
import type { BackupRule, Evidence, Found, RecoveryPoint, ResourceType, Verdict } from "./types.ts";
import { lasting, numberOf } from "./words.ts";

export interface Told {
  verdict: Verdict;
  reason: string;
  /** The way that was judged: that which keeps the objective, else the one that comes nearest to it. */
  way: Way | undefined;
  findings: Found[];
}

/** What a resource is held to, and when. */
export interface Held {
  objectiveSeconds: number;
  configuration: Configuration;
  at: Instant;
  /** It could be restored to any instant once, and cannot any more. */
  hasLostContinuity: boolean;
}

/** MET only where it is proven. What is not known makes nothing worse than UNKNOWN, and nothing better. */
export function verdictOf(evidence: Evidence, ways: readonly Way[], held: Held): Told {
  const { resource, unread } = evidence;
  const { objectiveSeconds, configuration, at } = held;
  const { toleranceSeconds } = configuration.backups;
  const ahead = ways.find((way) => way.at - at > toleranceSeconds * second);
  if (ahead !== undefined) return skewed(ahead, configuration, ways[0]);
  const limitMs = (objectiveSeconds + toleranceSeconds) * second;
  const keeping = ways.filter((way) => way.floorSeconds <= objectiveSeconds && at - way.at <= limitMs);
  const proven = keeping.find(({ doubt }) => doubt === null);
  if (proven !== undefined) {
    const reason = `it could be restored until ${iso(proven.at)} by ${proven.mechanism}, and no more than ${lasting(objectiveSeconds)} may be lost`;
    return { verdict: "MET", reason, way: proven, findings: [] };
  }
  const unknown = resource.unknown ?? unread.get(resource.region) ?? keeping[0]?.doubt ?? null;
  if (unknown !== null) return notKnown(unknown, configuration, keeping[0] ?? ways[0]);
  const [best] = ways;
  return best === undefined ? unprotected(evidence, configuration) : missed(resource.type, [best, ...ways], held);
}

export function notKnown(why: string, configuration: Configuration, way: Way | undefined): Told {
  const reason = `it is not known: ${why}`;
  const remedy = "let the role read it, or mend what is said of it; where AWS did not answer, the next run sees it";
  return { verdict: "UNKNOWN", reason, way, findings: [found("not-known", configuration, reason, remedy)] };
}

function skewed(ahead: Way, configuration: Configuration, way: Way | undefined): Told {
  const reason = `${ahead.mechanism} says ${iso(ahead.at)}, which is yet to come: one of the clocks is wrong`;
  const remedy = "look at the clock of whoever looks";
  return { verdict: "UNKNOWN", reason, way, findings: [found("clock-skewed", configuration, reason, remedy)] };
}

function unprotected(evidence: Evidence, configuration: Configuration): Told {
  const isThere = evidence.points.length > 0;
  const why = isThere ? countedByStatus(evidence) : "there is no point that it could be restored from";
  const reason = `nothing protects it: ${why}`;
  const remedy = "back it up, or tag it nightshift:backup=none with a reason and a day";
  const findings = [found("unprotected", configuration, reason, remedy)];
  return { verdict: "BREACHED", reason, way: undefined, findings };
}

function countedByStatus(evidence: Evidence): string {
  const wordsOf = (point: RecoveryPoint) => `${point.status}${isKeyLost(point, evidence) ? " without its key" : ""}`;
  const counts = [...Map.groupBy(evidence.points, wordsOf)].map(([words, same]) => `${numberOf(same)} ${words}`);
  return `of its points (${counts.join(", ")}) none can be restored from, to an instant that is known`;
}

function missed(type: ResourceType, ways: readonly [Way, ...Way[]], held: Held): Told {
  const { objectiveSeconds, configuration, at, hasLostContinuity } = held;
  const [best] = ways;
  const objective = lasting(objectiveSeconds);
  const capable = ways.find((way) => way.floorSeconds <= objectiveSeconds);
  const isMendable = hasLostContinuity && continuousFloorSeconds(type, configuration) <= objectiveSeconds;
  if (capable === undefined && !isMendable) {
    const reason = `${best.mechanism} is ${lasting(best.floorSeconds)} behind at best, and no more than ${objective} may be lost`;
    const remedy = remedyFor(type, configuration, objectiveSeconds);
    const findings = [found("objective-unattainable", configuration, reason, remedy)];
    return { verdict: "UNATTAINABLE", reason, way: best, findings };
  }
  const way = capable ?? best;
  const age = Math.max(0, Math.floor((at - way.at) / second));
  const ago = lasting(age) === objective ? `${age} s` : lasting(age);
  const lost = capable === undefined ? "its continuous backup is gone, and " : "";
  const reason = `${lost}it could be restored only until ${iso(way.at)}, ${ago} ago, by ${way.mechanism}, and no more than ${objective} may be lost`;
  const remedy = "look why its backups stopped: jobs, roles, keys, the service's own status";
  const findings = [found("objective-breached", configuration, reason, remedy)];
  return { verdict: "BREACHED", reason, way, findings };
}

function continuousFloorSeconds(type: ResourceType, { backups }: Configuration): number {
  return (backups.floors[type]?.minutes ?? Number.POSITIVE_INFINITY) * 60;
}

function remedyFor(type: ResourceType, { backups }: Configuration, objectiveSeconds: number): string {
  const floor = backups.floors[type];
  if (floor !== undefined && floor.minutes * 60 <= objectiveSeconds && floor.minutes < backups.snapshotFloorMinutes) {
    return `switch on ${floor.mechanism}, which is ${floor.minutes} min behind at best`;
  }
  return `no backup of ${type} can be fresher: replicate it, or promise less (nightshift lint says so too)`;
}

function found(rule: BackupRule, { backups }: Configuration, message: string, remedy: string): Found {
  return { rule, severity: backups.severities[rule], message, remedy };
}
