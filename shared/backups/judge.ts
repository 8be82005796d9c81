import type { EnvironmentName } from "../configuration/environments.ts";
import type { Configuration } from "../configuration/schema.ts";
import { type Instant, iso, second } from "../instant.ts";
import { beyond } from "./beyond.ts";
import { environmentOf, exemptionOf, optOutProblem, ownerOf } from "./exempt.ts";
import { type Floors, type Way, waysOf } from "./restorable.ts";
import { optOutTag } from "./tags.ts";
import type { BackupRule, Evidence, Found, Judged, ResourceType, Verdict } from "./types.ts";
import { lasting } from "./words.ts";

/** What a resource is held to. */
export interface BackupPolicy {
  /** The stack's environment: that of every resource that does not say another one. */
  environment: EnvironmentName;
  configurations: Readonly<Record<EnvironmentName, Configuration>>;
  /** By how much our clock is ahead of AWS's; negative where it is behind. */
  clockSkewMs: number;
}

/** What is to be said of one resource now. Pure: the same evidence gives the same verdict. */
export function judge(evidence: Evidence, now: Instant, policy: BackupPolicy): Judged {
  const { resource } = evidence;
  const environment = environmentOf(resource, policy.environment);
  const configuration = policy.configurations[environment];
  const at = now - policy.clockSkewMs;
  const rpoSeconds = configuration.environment.recoveryPointObjectiveMinutes * 60;
  const ways = waysOf(evidence, at, floorsOf(configuration));
  const more = beyond(evidence, ways, configuration, at);
  const shared = {
    ...{
      arn: resource.arn,
      type: resource.type,
      region: resource.region,
      environment,
      owner: ownerOf(resource),
      rpoSeconds,
    },
    ...{ copies: more.copies, lock: more.lock, key: more.key },
  };
  const exemption = exemptionOf(resource, ways.length > 0, configuration, at);
  if (exemption !== null) return { ...shared, ...nothing, verdict: "EXEMPT", reason: exemption, findings: [] };
  const told = verdictOf(evidence, ways, rpoSeconds, configuration, at);
  const [best] = ways;
  const findings = [...told.findings, ...optOutProblem(resource, configuration, at), ...more.findings];
  const freshness = {
    mechanism: best?.mechanism ?? null,
    restorableAt: best?.at ?? null,
    ageSeconds: best === undefined ? null : Math.max(0, (at - best.at) / second),
  };
  return { ...shared, ...freshness, verdict: told.verdict, reason: told.reason, findings };
}

const nothing = { mechanism: null, restorableAt: null, ageSeconds: null };

function floorsOf({ backups }: Configuration): Floors {
  return {
    continuousSeconds: (type: ResourceType) => (backups.floors[type]?.minutes ?? 0) * 60,
    snapshotSeconds: backups.snapshotFloorMinutes * 60,
  };
}

interface Told {
  verdict: Verdict;
  reason: string;
  findings: Found[];
}

/** MET only where it is proven. What is not known makes nothing worse than UNKNOWN, and nothing better. */
function verdictOf(
  evidence: Evidence,
  ways: readonly Way[],
  rpoSeconds: number,
  configuration: Configuration,
  at: Instant,
): Told {
  const { resource, unread } = evidence;
  const { toleranceSeconds, severities } = configuration.backups;
  const limitMs = (rpoSeconds + toleranceSeconds) * second;
  const told = (verdict: Verdict, rule: BackupRule, message: string, remedy: string): Told => ({
    ...{ verdict, reason: message, findings: [{ rule, severity: severities[rule], message, remedy }] },
  });
  const ahead = ways.find((way) => way.at - at > toleranceSeconds * second);
  if (ahead !== undefined) {
    const reason = `${ahead.mechanism} says ${iso(ahead.at)}, which is yet to come: one of the clocks is wrong`;
    return told("UNKNOWN", "clock-skewed", reason, "look at the clock of whoever looks");
  }
  const objective = lasting(rpoSeconds);
  const keeping = ways.find((way) => way.floorSeconds <= rpoSeconds && at - way.at <= limitMs);
  if (keeping !== undefined) {
    const reason = `${keeping.mechanism} reaches ${iso(keeping.at)}, and no more than ${objective} may be lost`;
    return { verdict: "MET", reason, findings: [] };
  }
  const unknown = resource.unknown ?? unread.get(resource.region) ?? null;
  if (unknown !== null) {
    const remedy = "let the role read it, or look why AWS does not answer";
    return told("UNKNOWN", "not-known", `it is not known: ${unknown}`, remedy);
  }
  return worseThanMet(resource.type, ways, rpoSeconds, configuration, at, told);
}

function worseThanMet(
  type: ResourceType,
  ways: readonly Way[],
  rpoSeconds: number,
  configuration: Configuration,
  at: Instant,
  told: (verdict: Verdict, rule: BackupRule, message: string, remedy: string) => Told,
): Told {
  const objective = lasting(rpoSeconds);
  const [best] = ways;
  if (best === undefined) {
    const reason = "nothing protects it: there is no point that it could be restored from";
    return told("BREACHED", "unprotected", reason, `back it up, or tag it ${optOutTag}=none with a reason and a day`);
  }
  const [fresh] = ways.filter((way) => way.floorSeconds <= rpoSeconds);
  if (fresh === undefined) {
    const reason = `${best.mechanism} is ${lasting(best.floorSeconds)} behind at best, and no more than ${objective} may be lost`;
    return told("UNATTAINABLE", "objective-unattainable", reason, remedyFor(type, configuration, rpoSeconds));
  }
  const age = lasting(Math.floor((at - fresh.at) / second));
  const reason = `${fresh.mechanism} reaches ${iso(fresh.at)} only, ${age} ago, and no more than ${objective} may be lost`;
  const remedy = "look why its backups stopped: jobs, roles, the service's own status";
  return told("BREACHED", "objective-breached", reason, remedy);
}

function remedyFor(type: ResourceType, { backups }: Configuration, rpoSeconds: number): string {
  const floor = backups.floors[type];
  if (floor !== undefined && floor.minutes * 60 <= rpoSeconds && floor.minutes < backups.snapshotFloorMinutes) {
    return `switch on ${floor.mechanism}, which is ${floor.minutes} min behind at best`;
  }
  return `no backup of ${type} can be fresher: replicate it, or promise less (nightshift lint says so too)`;
}
