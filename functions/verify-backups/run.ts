import type { S3Client } from "@aws-sdk/client-s3";
import { type BackupPolicy, judge } from "../../shared/backups/judge.ts";
import { findingsOf } from "../../shared/backups/report.ts";
import type { Judged } from "../../shared/backups/types.ts";
import type { Bus } from "../../shared/bus.ts";
import type { Dependencies as Common } from "../../shared/dependencies.ts";
import { Unavailable } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import { compareText } from "../../shared/text.ts";
import { keepEvidence, lastKnown } from "./evidence.ts";
import { observe } from "./observe.ts";
import type { Observers, Place } from "./observers.ts";
import { distinct, type Inquiry, type Source } from "./sources.ts";
import { tellFindings } from "./tell.ts";
import { isToLook, verified } from "./wake.ts";

export interface Dependencies extends Common, Looking {
  bus: Bus;
  /** The bucket in which evidence is kept. */
  evidence: { client: Pick<S3Client, "send">; bucket: string };
}

export interface Looking {
  /** What looks in a region. */
  observersIn: (region: string) => Observers;
  place: Place;
  policies: BackupPolicy["configurations"];
  environment: BackupPolicy["environment"];
  /** By how much our clock is ahead of AWS's, as the last answers showed. */
  clockSkewMs: () => number;
}

/** What was found, of every region that was looked at. */
export interface Report {
  at: Instant;
  account: string;
  regions: string[];
  /** By ARN. */
  resources: Judged[];
  inventory: Source[];
}

/**
 * Holds every resource to its policy, keeps the evidence, and tells what is wrong. It says `backups verified` when it came to its end:
 * that is its heartbeat, also where something could not be looked at, which is a finding.
 */
export async function run(event: unknown, dependencies: Dependencies): Promise<void> {
  const { log, now, deadline } = dependencies;
  if (!(await isToLook(event, dependencies))) return;
  const found = await inspect({
    ...dependencies,
    now,
    hasTime: () => now() < deadline(),
    lastKnown: () => lastKnown(dependencies),
    regions: null,
  });
  const report = { ...found, calls: {} };
  const kept = await keepEvidence(dependencies, report).then(
    (manifest) => ({ manifest, failure: null }),
    (failure: unknown) => ({ manifest: null, failure }),
  );
  const severity = dependencies.configuration.backups.severities["inventory-incomplete"];
  const refused = await tellFindings(dependencies, findingsOf(report, severity), found);
  const incomplete = found.inventory.filter(({ complete }) => !complete);
  for (const { source, region, reason } of incomplete) log.warn("not looked at", { source, region, reason });
  // What is wrong with backups is told also where the evidence of it cannot be kept.
  if (kept.manifest === null) throw kept.failure;
  await verified(dependencies);
  log.info("backups verified", { ...counted(found), incomplete: incomplete.length, evidence: kept.manifest });
  if (refused > 0) throw new Unavailable(`the bus did not take ${refused} findings`);
}

export interface Inspecting extends Looking, Inquiry {
  now: () => Instant;
  /** Only these; all that the policy names where it is null. */
  regions: readonly string[] | null;
}

/** Looks, and changes nothing. */
export async function inspect(options: Inspecting): Promise<Report> {
  const { place, policies, environment, observersIn, hasTime, clockSkewMs, now } = options;
  const { backups } = policies[environment];
  const known = [...new Set([place.region, ...backups.regions])];
  const regions = known.filter((region) => options.regions?.includes(region) ?? true);
  const at = now();
  const resources: Judged[] = [];
  const inventory: Source[] = [];
  const placed = (region: string) => ({ observers: observersIn(region), place: { ...place, region } });
  for (const region of regions) {
    const others = backups.copies.map((copy) => copy.region).filter((each) => each !== region);
    const observing = {
      here: placed(region),
      elsewhere: [...new Set(others)].map(placed),
      now: at,
      hasTime,
      lastKnown: options.lastKnown,
    };
    const { evidence, sources } = await observe(observing);
    const policy = { environment, configurations: policies, clockSkewMs: clockSkewMs() };
    // Looking takes time: a resource is as old as it is when it is judged.
    const judgedAt = now();
    for (const each of evidence) resources.push(judge(each, judgedAt, policy));
    inventory.push(...sources);
  }
  resources.sort((left, right) => compareText(left.arn, right.arn) || compareText(left.region, right.region));
  return { at, account: place.account, regions, resources, inventory: distinct(inventory) };
}

function counted({ resources }: Report): Record<string, number> {
  const counts: Record<string, number> = { resources: resources.length };
  for (const { verdict } of resources) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}
