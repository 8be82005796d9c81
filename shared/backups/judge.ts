import type { EnvironmentName } from "../configuration/environments.ts";
import type { Configuration } from "../configuration/schema.ts";
import { type Instant, second } from "../instant.ts";
import { beyond } from "./beyond.ts";
import { environmentOf, notRequired, optedOut, optOutProblem, ownerOf } from "./exempt.ts";
import { type Floors, type Way, waysOf } from "./restorable.ts";
import type { BackupRule, Evidence, Judged, ResourceType } from "./types.ts";
import { notKnown, verdictOf } from "./verdict.ts";

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
  const configuration = policy.configurations[environment.name ?? policy.environment];
  const at = now - policy.clockSkewMs;
  const objectiveSeconds = configuration.environment.recoveryPointObjectiveMinutes * 60;
  const ways = waysOf(evidence, at, floorsOf(configuration));
  const { findings, ...more } = beyond(evidence, ways, configuration, at);
  const shared = {
    ...{ arn: resource.arn, type: resource.type, region: resource.region, environment: environment.name },
    ...{ owner: ownerOf(resource), rpoSeconds: environment.name === null ? null : objectiveSeconds, ...more },
  };
  const problems = optOutProblem(resource, configuration, at);
  const isNotRequired = environment.name !== null && notRequired(evidence, ways, configuration);
  const exemption = optedOut(resource, at) ?? (isNotRequired || null);
  if (exemption !== null) {
    const kept = findings.filter(({ rule }) => toldOfTheExempt.has(rule));
    return {
      ...{ ...shared, ...shownWay(undefined, at), verdict: "EXEMPT", reason: exemption },
      findings: [...problems, ...kept],
    };
  }
  const hasLostContinuity = findings.some(({ rule }) => continuityLost.has(rule));
  const told =
    environment.name === null
      ? notKnown(environment.unknown, configuration, ways[0])
      : verdictOf(evidence, ways, { objectiveSeconds, configuration, at, hasLostContinuity });
  const { verdict, reason, way } = told;
  return { ...shared, ...shownWay(way, at), verdict, reason, findings: [...told.findings, ...problems, ...findings] };
}

/** True of a point that is there, whether or not anybody needs it: it costs, or is a danger. */
const toldOfTheExempt: ReadonlySet<BackupRule> = new Set(["point-expired", "malware-found", "status-unknown"]);

/** What says that it once could be restored to any instant. */
const continuityLost: ReadonlySet<BackupRule> = new Set(["continuous-stopped", "fallback-to-snapshot"]);

function shownWay(way: Way | undefined, at: Instant): Pick<Judged, "mechanism" | "restorableAt" | "ageSeconds"> {
  if (way === undefined) return { mechanism: null, restorableAt: null, ageSeconds: null };
  return { mechanism: way.mechanism, restorableAt: way.at, ageSeconds: Math.max(0, (at - way.at) / second) };
}

function floorsOf({ backups }: Configuration): Floors {
  return {
    continuousSeconds: (type: ResourceType) => (backups.floors[type]?.minutes ?? 0) * 60,
    snapshotSeconds: backups.snapshotFloorMinutes * 60,
  };
}
