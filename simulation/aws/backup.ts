// An AWS Backup that lives in memory: the vaults of an account, what is in them, and what became of backups and copies. It backs
// nothing up; the scene says what there is, and what comes to pass later. Each region is a service of its own, and copies land in another
// one. Its answers are held to the SDK's own schemas; of what moto implements, the claims are a suite in test/contract.

import {
  type BackupClient,
  type BackupPlan,
  type BackupSelection,
  DescribeBackupVaultCommand,
  DescribeRecoveryPointCommand,
  GetBackupPlanCommand,
  GetBackupSelectionCommand,
  ListBackupJobsCommand,
  ListBackupPlansCommand,
  ListBackupSelectionsCommand,
  ListBackupVaultsCommand,
  ListCopyJobsCommand,
  ListProtectedResourcesCommand,
  ListRecoveryPointsByBackupVaultCommand,
  ListRecoveryPointsByResourceCommand,
  ListTagsCommand,
} from "@aws-sdk/client-backup";
import { Broken } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import { commandName } from "../commands.ts";
import { listCopies, listJobs } from "./backup-jobs.ts";
import { getPlan, getSelection, listPlans, listSelections } from "./backup-plans.ts";
import { describePoint, listByResource, listByVault, listProtected } from "./backup-points.ts";
import type { BackupJobRecord, PlanRecord, PointRecord, VaultRecord } from "./backup-records.ts";
import { createRegion, type Region } from "./backup-region.ts";
import * as scene from "./backup-scene.ts";
import { describeVault, listTags, listVaults } from "./backup-vaults.ts";
import { openSeam, type Seam, throughSeam } from "./seam.ts";
import { createTimeline, type Timeline } from "./timeline.ts";

export interface SimulatedBackup {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: BackupClient["send"];
  readonly region: string;
  /** Where throttles, refusals, short pages and changes between two pages come from. */
  readonly seam: Seam;
  /** What it says of a vault that is not there: in spite of its documentation the service denies access to it. */
  absentVault: "access-denied" | "not-found";
  /** Unlocked, and empty; AWS owns its key unless stated otherwise. */
  putVault(name: string, change?: scene.VaultChange): VaultRecord;
  /** Throws Broken for an unknown one. */
  vault(name: string): VaultRecord;
  /** It is gone, with all of its points. */
  removeVault(name: string): void;
  /** COMPLETED now and kept for 35 days, unless stated otherwise; without a vault, one that the service itself made. */
  putPoint(vault: string | null, resourceArn: string, change?: scene.PointChange): PointRecord;
  removePoint(point: PointRecord): void;
  /** COMPLETED now, unless stated otherwise. */
  putJob(of: { vault: string; resourceArn: string }, change?: scene.JobChange): BackupJobRecord;
  /** Into a vault of any region of the account. */
  copy(source: PointRecord, to: { region: string; vault: string }, options?: scene.CopyOptions): scene.Copied;
  putPlan(plan: BackupPlan): PlanRecord;
  /** Its id. */
  putSelection(plan: PlanRecord, selection: BackupSelection): string;
}

export interface SimulatedBackupAccount {
  /** The service of a region, which is made when it is first asked for. */
  in(region: string): SimulatedBackup;
  /** Has something come to pass later, before whatever is asked at that instant or after it. */
  at(instant: Instant, change: () => void): void;
  /** Brings about all that is due, for whoever looks at the records themselves. */
  settle(): void;
}

interface Account {
  now: () => Instant;
  account: string;
  timeline: Timeline;
  regions: Map<string, { region: Region; service: SimulatedBackup }>;
  nextId: scene.NextId;
}

export function createBackupAccount(options: { now: () => Instant; account: string }): SimulatedBackupAccount {
  let sequence = 0;
  const account: Account = {
    ...{ ...options, timeline: createTimeline(options.now), regions: new Map() },
    nextId: () => `00000000-0000-4000-8000-${(++sequence).toString(16).padStart(12, "0")}`,
  };
  const { at, settle } = account.timeline;
  return { in: (region) => openRegion(account, region).service, at, settle };
}

function openRegion(account: Account, name: string): { region: Region; service: SimulatedBackup } {
  const found = account.regions.get(name);
  if (found !== undefined) return found;
  const region = createRegion({ now: account.now, account: account.account, region: name, seam: openSeam() });
  const opened = { region, service: serviceOf(account, region) };
  account.regions.set(name, opened);
  return opened;
}

function serviceOf(account: Account, region: Region): SimulatedBackup {
  const { timeline, nextId } = account;
  const asked = throughSeam(region.seam, (command) => {
    timeline.settle();
    return answer(region, command);
  });
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: asked as BackupClient["send"],
    region: region.region,
    seam: region.seam,
    get absentVault() {
      return region.absentVault;
    },
    set absentVault(said) {
      region.absentVault = said;
    },
    putVault: (name, change = {}) => scene.putVault(region, name, change),
    vault(name) {
      const found = region.vaultsByName.get(name);
      if (found === undefined) throw new Broken(`there is no vault ${name} in ${region.region}`);
      return found;
    },
    removeVault: (name) => scene.removeVault(region, name),
    putPoint: (vault, resourceArn, change = {}) => scene.putPoint(region, nextId, vault, resourceArn, change),
    removePoint: (point) => scene.removePoint(region, point),
    putJob: (of, change = {}) => scene.putJob(region, nextId, of, change),
    copy(source, { region: to, vault }, options = {}) {
      const destination = openRegion(account, to).region;
      const copied = scene.copyPoint(region, destination, { nextId, at: timeline.at }, { source, vault }, options);
      timeline.settle();
      return copied;
    },
    putPlan: (plan) => scene.putPlan(region, nextId, plan),
    putSelection: (plan, selection) => scene.putSelection(region, nextId, plan, selection),
  };
}

function answer(region: Region, command: unknown): object {
  if (command instanceof ListBackupVaultsCommand) return listVaults(region, command.input);
  if (command instanceof DescribeBackupVaultCommand) return describeVault(region, command.input);
  if (command instanceof ListRecoveryPointsByBackupVaultCommand) return listByVault(region, command.input);
  if (command instanceof ListRecoveryPointsByResourceCommand) return listByResource(region, command.input);
  if (command instanceof DescribeRecoveryPointCommand) return describePoint(region, command.input);
  if (command instanceof ListProtectedResourcesCommand) return listProtected(region, command.input);
  if (command instanceof ListBackupJobsCommand) return listJobs(region, command.input);
  if (command instanceof ListCopyJobsCommand) return listCopies(region, command.input);
  if (command instanceof ListTagsCommand) return listTags(region, command.input);
  if (command instanceof ListBackupPlansCommand) return listPlans(region, command.input);
  if (command instanceof GetBackupPlanCommand) return getPlan(region, command.input);
  if (command instanceof ListBackupSelectionsCommand) return listSelections(region, command.input);
  if (command instanceof GetBackupSelectionCommand) return getSelection(region, command.input);
  throw new Error(`the simulated Backup does not implement ${commandName(command)}`);
}
