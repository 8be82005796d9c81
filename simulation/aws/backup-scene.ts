import type { BackupPlan, BackupSelection } from "@aws-sdk/client-backup";
import { Broken } from "../../shared/failures.ts";
import { day, type Instant } from "../../shared/instant.ts";
import {
  type BackupJobRecord,
  type CopyJobRecord,
  type PlanRecord,
  type PointRecord,
  pointArnOf,
  typeOf,
  type VaultRecord,
} from "./backup-records.ts";
import { type Region, vaultArn } from "./backup-region.ts";
import { Listing } from "./listing.ts";

// What a scene does with a simulated AWS Backup, beside changing the records that are there.

export type VaultChange = Partial<Omit<VaultRecord, "name" | "arn">>;
export type PointChange = Partial<Omit<PointRecord, "vault" | "resourceArn">> & { isContinuous?: boolean };
export type JobChange = Partial<Omit<BackupJobRecord, "resourceArn">>;

/** Ids are numbers, so that two runs of a scene have the same ones. */
export type NextId = () => string;

export function putVault(region: Region, name: string, change: VaultChange): VaultRecord {
  if (region.vaultsByName.has(name)) removeVault(region, name);
  const vault: VaultRecord = {
    ...{ name, arn: vaultArn(region, name), createdAt: region.now(), type: "BACKUP_VAULT", state: "AVAILABLE" },
    ...{ keyArn: null, isLocked: false, lockedForGoodAt: null, minimumRetentionDays: null, maximumRetentionDays: null },
    ...{ tags: {}, ...change },
  };
  region.vaults.add(vault);
  region.vaultsByName.set(name, vault);
  region.pointsOf.set(name, new Listing());
  return vault;
}

/** It is gone with all that is in it. */
export function removeVault(region: Region, name: string): void {
  const vault = region.vaultsByName.get(name);
  if (vault === undefined) return;
  for (const point of region.pointsOf.get(name)?.items ?? []) forget(region, point);
  region.vaults.remove(vault);
  region.vaultsByName.delete(name);
  region.pointsOf.delete(name);
}

export function removePoint(region: Region, point: PointRecord): void {
  if (point.vault !== null) region.pointsOf.get(point.vault)?.remove(point);
  forget(region, point);
}

function forget(region: Region, point: PointRecord): void {
  region.points.delete(point.arn);
  region.pointsOfResource.get(point.resourceArn)?.remove(point);
}

const sizeBytes = 1_073_741_824;

export function putPoint(
  region: Region,
  nextId: NextId,
  vault: string | null,
  resourceArn: string,
  { isContinuous = false, ...change }: PointChange,
): PointRecord {
  const { createdAt = region.now(), resourceType = typeOf(resourceArn), deleteAfterDays = 35 } = change;
  const arn = change.arn ?? pointArnOf(region, resourceType, { id: nextId(), isContinuous });
  const keyArn = change.keyArn ?? null;
  const point: PointRecord = {
    ...{ arn, vault, resourceArn, resourceType, resourceName: null, status: "COMPLETED", statusMessage: null },
    ...{ createdAt, initiatedAt: createdAt, completedAt: createdAt, deleteAfterDays, coldAt: null },
    // A point that is continued is kept as a whole: it has no day on which it goes.
    deleteAt: deleteAfterDays === null || isContinuous ? null : createdAt + deleteAfterDays * day,
    ...{ keyArn, keyType: keyArn === null ? null : "CUSTOMER_MANAGED_KMS_KEY", isEncrypted: true, sizeBytes },
    ...{ sourceVaultArn: null, createdBy: null, roleArn: `arn:aws:iam::${region.account}:role/backup` },
    ...{ isParent: false, parentArn: null, indexStatus: null, storageClass: "WARM", scans: [], tags: {} },
    ...change,
  };
  if (region.points.has(arn)) throw new Broken(`there is a point ${arn} already`);
  listPoint(region, point);
  return point;
}

function listPoint(region: Region, point: PointRecord): void {
  const { vault, resourceArn } = point;
  region.points.set(point.arn, point);
  if (vault !== null) {
    const inVault = region.pointsOf.get(vault);
    if (inVault === undefined) throw new Broken(`there is no vault ${vault} in ${region.region}`);
    inVault.add(point);
  }
  let ofResource = region.pointsOfResource.get(resourceArn);
  if (ofResource === undefined) {
    ofResource = new Listing();
    region.pointsOfResource.set(resourceArn, ofResource);
    region.resources.add(resourceArn);
  }
  ofResource.add(point);
}

export function putJob(
  region: Region,
  nextId: NextId,
  { vault, resourceArn }: { vault: string; resourceArn: string },
  change: JobChange,
): BackupJobRecord {
  const { createdAt = region.now(), resourceType = typeOf(resourceArn), state = "COMPLETED" } = change;
  const isDone = state === "COMPLETED";
  const job: BackupJobRecord = {
    ...{ id: change.id ?? nextId(), resourceArn, resourceType, createdAt, vault, pointArn: null, state },
    ...{ statusMessage: null, messageCategory: isDone ? "SUCCESS" : "INVALIDPARAMETERS", startBy: null, type: null },
    ...{ completedAt: isDone ? createdAt : null, percentDone: isDone ? 100 : 0, sizeBytes, createdBy: null },
    ...change,
  };
  region.jobs.add(job);
  return job;
}

export interface CopyOptions {
  /** When it begins, and how long it takes: now, and no time, unless stated otherwise. */
  startAt?: Instant;
  takesMs?: number;
  /** It fails, in the end, with this message. */
  fails?: string;
  /** Of the point that is made. */
  change?: PointChange;
}

export interface Copied {
  job: CopyJobRecord;
  /** Null until the copy is begun, and where it fails: it does so too where there is no such vault by then. */
  point(): PointRecord | null;
}

/** The job is told where the copy began; the point, where it ends: CREATING while the job runs. */
export function copyPoint(
  origin: Region,
  destination: Region,
  { nextId, at }: { nextId: NextId; at: (instant: Instant, change: () => void) => void },
  { source, vault: name }: { source: PointRecord; vault: string },
  { startAt = origin.now(), takesMs = 0, fails, change = {} }: CopyOptions,
): Copied {
  if (source.vault === null) throw new Broken(`AWS Backup copies what is in a vault, and ${source.arn} is not`);
  const vault = destination.vaultsByName.get(name);
  const job: CopyJobRecord = {
    ...{ id: nextId(), resourceArn: source.resourceArn, resourceType: source.resourceType, createdAt: startAt },
    ...{ sourceVaultArn: vaultArn(origin, source.vault), sourcePointArn: source.arn },
    ...{
      destinationVaultArn: vaultArn(destination, name),
      destinationPointArn: null,
      state: "RUNNING",
      statusMessage: null,
    },
    ...{ destinationVaultType: vault?.type ?? null, isDestinationLocked: vault?.isLocked ?? null },
    ...{ messageCategory: "SUCCESS", completedAt: null, sizeBytes: source.sizeBytes, createdBy: source.createdBy },
  };
  let point: PointRecord | null = null;
  let failure = fails;
  at(startAt, () => {
    origin.copies.add(job);
    const { resourceArn, resourceType, isEncrypted, createdBy } = source;
    const same = { resourceType, isEncrypted, createdBy, sourceVaultArn: job.sourceVaultArn };
    if (!destination.vaultsByName.has(name)) failure ??= `Backup vault ${name} not found`;
    if (failure === undefined) {
      const made = { createdAt: startAt, ...same, ...change, status: "CREATING", completedAt: null };
      point = putPoint(destination, nextId, name, resourceArn, made);
      job.destinationPointArn = point.arn;
    }
  });
  at(startAt + takesMs, () => {
    job.completedAt = startAt + takesMs;
    job.state = failure === undefined ? "COMPLETED" : "FAILED";
    if (failure !== undefined) Object.assign(job, { statusMessage: failure, messageCategory: "INVALIDPARAMETERS" });
    if (point !== null) Object.assign(point, { status: "COMPLETED", completedAt: startAt + takesMs, ...change });
  });
  return { job, point: () => point };
}

export function putPlan(region: Region, nextId: NextId, plan: BackupPlan): PlanRecord {
  const id = nextId();
  const record: PlanRecord = {
    ...{ id, arn: `arn:aws:backup:${region.region}:${region.account}:backup-plan:${id}`, createdAt: region.now() },
    ...{ versionId: "1", plan, lastExecutedAt: null, selections: new Map(), tags: {} },
  };
  region.plans.add(record);
  return record;
}

export function putSelection(region: Region, nextId: NextId, plan: PlanRecord, selection: BackupSelection): string {
  const id = nextId();
  plan.selections.set(id, { createdAt: region.now(), selection });
  return id;
}
