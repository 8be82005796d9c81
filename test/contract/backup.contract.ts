// What the simulated Backup claims of vaults, their locks and tags, of plans, and of points that were made on demand.

import {
  type BackupClient,
  DescribeBackupVaultCommand,
  DescribeRecoveryPointCommand,
  GetBackupPlanCommand,
  GetBackupSelectionCommand,
  ListBackupJobsCommand,
  ListBackupPlansCommand,
  ListBackupSelectionsCommand,
  ListBackupVaultsCommand,
  type ListBackupVaultsCommandOutput,
  ListCopyJobsCommand,
  ListProtectedResourcesCommand,
  ListRecoveryPointsByBackupVaultCommand,
  ListRecoveryPointsByResourceCommand,
  ListTagsCommand,
} from "@aws-sdk/client-backup";
import { describe, expect } from "vitest";
import { createClaims, type Exceptions } from "./claims.ts";

export interface Lock {
  MinRetentionDays: number;
  MaxRetentionDays: number;
  /** For so long it can be taken away; for ever where it is not said. */
  ChangeableForDays?: number;
}

export interface BackupConnection {
  send: BackupClient["send"];
  /** A vault with these tags; its name. */
  makeVault(tags?: Record<string, string>): Promise<string>;
  lock(vault: string, lock: Lock): Promise<void>;
  /** Of one rule into the vault; its id. */
  makePlan(vault: string): Promise<string>;
  /** By a tag; its id. */
  makeSelection(planId: string): Promise<string>;
  /** Backs a table up into the vault: its ARN, and that of the point. */
  backUp(vault: string): Promise<{ resource: string; point: string }>;
}

export type ConnectBackup = () => Promise<BackupConnection>;

export function backupContract(name: string, connect: ConnectBackup, exceptions: Exceptions = {}): void {
  describe(`${name}: Backup`, () => {
    const { claim, end } = createClaims(name, exceptions);
    claim("tells of a vault, and that it is not locked", async () => {
      const { send, makeVault } = await connect();
      const BackupVaultName = await makeVault();
      const told = await send(new DescribeBackupVaultCommand({ BackupVaultName }));
      expect(told).toMatchObject({ BackupVaultName, Locked: false });
      expect(told.BackupVaultArn).toMatch(new RegExp(`^arn:aws:backup:[^:]+:\\d{12}:backup-vault:${BackupVaultName}$`));
      expect(told).not.toHaveProperty("LockDate");
    });
    locksContract(connect, claim);
    for (const [what, ask] of absent) {
      claim(`denies ${what} a vault that is not there`, async () => {
        const { send } = await connect();
        await expect(ask(send)).rejects.toMatchObject({ name: "AccessDeniedException" });
      });
    }
    claim("tells the tags of a vault", async () => {
      const { send, makeVault } = await connect();
      const BackupVaultName = await makeVault({ team: "shop" });
      const { BackupVaultArn: ResourceArn } = await send(new DescribeBackupVaultCommand({ BackupVaultName }));
      expect((await send(new ListTagsCommand({ ResourceArn }))).Tags).toEqual({ team: "shop" });
    });
    claim("does not find the tags of what is not there", async () => {
      const { send } = await connect();
      const ResourceArn = "arn:aws:backup:us-east-1:111122223333:backup-vault:absent";
      const asked = send(new ListTagsCommand({ ResourceArn }));
      await expect(asked).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    });
    plansContract(connect, claim);
    pointsContract(connect, claim);
    resourcesContract(connect, claim);
    end();
  });
}

const BackupVaultName = "absent";
const absent: readonly [string, (send: BackupClient["send"]) => Promise<object>][] = [
  ["to describe", (send) => send(new DescribeBackupVaultCommand({ BackupVaultName }))],
  ["to list what is in", (send) => send(new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName }))],
];

type Claim = (name: string, body: () => Promise<void>) => void;

function locksContract(connect: ConnectBackup, claim: Claim): void {
  claim("tells of a lock that can be taken away at any time", async () => {
    const { send, makeVault, lock } = await connect();
    const BackupVaultName = await makeVault();
    await lock(BackupVaultName, { MinRetentionDays: 7, MaxRetentionDays: 365 });
    const told = await send(new DescribeBackupVaultCommand({ BackupVaultName }));
    expect(told).toMatchObject({ Locked: true, MinRetentionDays: 7, MaxRetentionDays: 365 });
    expect(told).not.toHaveProperty("LockDate");
  });
  claim("tells until when a lock can be taken away", async () => {
    const { send, makeVault, lock } = await connect();
    const BackupVaultName = await makeVault();
    const begun = Date.now();
    await lock(BackupVaultName, { MinRetentionDays: 7, MaxRetentionDays: 365, ChangeableForDays: 3 });
    const { Locked, LockDate } = await send(new DescribeBackupVaultCommand({ BackupVaultName }));
    expect(Locked).toBe(true);
    expect(Math.abs((LockDate?.getTime() ?? 0) - begun - 3 * 86_400_000)).toBeLessThan(60_000);
  });
  claim("lists every vault once, in pages of the size that was asked for, with its lock", async () => {
    const { send, makeVault, lock } = await connect();
    const names = [await makeVault(), await makeVault(), await makeVault()];
    for (const vault of names) await lock(vault, { MinRetentionDays: 7, MaxRetentionDays: 365 });
    const seen: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const token = NextToken === undefined ? {} : { NextToken };
      const page: ListBackupVaultsCommandOutput = await send(new ListBackupVaultsCommand({ MaxResults: 2, ...token }));
      const { BackupVaultList: vaults = [] } = page;
      expect(vaults.length).toBeLessThanOrEqual(2);
      seen.push(...vaults.filter(({ Locked }) => Locked).map(({ BackupVaultName }) => BackupVaultName));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen.filter((vault) => names.some((own) => own === vault)).toSorted()).toEqual(names.toSorted());
  });
}

function plansContract(connect: ConnectBackup, claim: Claim): void {
  claim("lists a plan, and gives its rules", async () => {
    const { send, makeVault, makePlan } = await connect();
    const vault = await makeVault();
    const BackupPlanId = await makePlan(vault);
    const { BackupPlansList = [] } = await send(new ListBackupPlansCommand({}));
    expect(BackupPlansList.map((plan) => plan.BackupPlanId)).toContain(BackupPlanId);
    const { BackupPlan } = await send(new GetBackupPlanCommand({ BackupPlanId }));
    expect(BackupPlan).toMatchObject({ Rules: [{ RuleName: "daily", TargetBackupVaultName: vault }] });
  });
  claim("lists the selections of a plan, and gives their conditions", async () => {
    const { send, makeVault, makePlan, makeSelection } = await connect();
    const BackupPlanId = await makePlan(await makeVault());
    const SelectionId = await makeSelection(BackupPlanId);
    const { BackupSelectionsList } = await send(new ListBackupSelectionsCommand({ BackupPlanId }));
    expect(BackupSelectionsList).toMatchObject([{ SelectionId, SelectionName: "tagged", BackupPlanId }]);
    const { BackupSelection } = await send(new GetBackupSelectionCommand({ BackupPlanId, SelectionId }));
    expect(BackupSelection?.ListOfTags).toMatchObject([{ ConditionKey: "backup", ConditionValue: "daily" }]);
  });
  claim("does not find a plan that is not there", async () => {
    const { send } = await connect();
    const asked = send(new GetBackupPlanCommand({ BackupPlanId: crypto.randomUUID() }));
    await expect(asked).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
}

function pointsContract(connect: ConnectBackup, claim: Claim): void {
  claim("counts what is in a vault", async () => {
    const { send, makeVault, backUp } = await connect();
    const vault = await makeVault();
    const ask = async () => {
      const told = await send(new DescribeBackupVaultCommand({ BackupVaultName: vault }));
      return told.NumberOfRecoveryPoints;
    };
    expect(await ask()).toBe(0);
    await backUp(vault);
    expect(await ask()).toBe(1);
  });
  claim("lists a point by its vault, with all that is to be known of it", async () => {
    const { send, makeVault, backUp } = await connect();
    const vault = await makeVault();
    const { resource, point } = await backUp(vault);
    const asked = { BackupVaultName: vault, MaxResults: 1000 };
    const { RecoveryPoints = [] } = await send(new ListRecoveryPointsByBackupVaultCommand(asked));
    const known = { ResourceArn: resource, RecoveryPointArn: point, BackupVaultName: vault, Status: "COMPLETED" };
    expect(RecoveryPoints).toMatchObject([{ ...known, ResourceType: "DynamoDB", CreationDate: expect.any(Date) }]);
    const described = new DescribeRecoveryPointCommand({ BackupVaultName: vault, RecoveryPointArn: point });
    expect(await send(described)).toMatchObject(known);
  });
  claim("finds the points of a vault by resource, type and creation", async () => {
    const { send, makeVault, backUp } = await connect();
    const vault = await makeVault();
    const { resource, point } = await backUp(vault);
    const found = async (filter: object) => {
      const asked = new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: vault, ...filter });
      return (await send(asked)).RecoveryPoints?.map(({ RecoveryPointArn }) => RecoveryPointArn);
    };
    expect(await found({ ByResourceArn: resource, ByResourceType: "DynamoDB" })).toEqual([point]);
    expect(await found({ ByResourceType: "EBS" })).toEqual([]);
    expect(await found({ ByCreatedAfter: new Date(Date.now() + 3_600_000) })).toEqual([]);
    expect(await found({ ByCreatedBefore: new Date(Date.now() - 3_600_000) })).toEqual([]);
  });
}

function resourcesContract(connect: ConnectBackup, claim: Claim): void {
  claim("lists a point by its resource, with less", async () => {
    const { send, makeVault, backUp } = await connect();
    const vault = await makeVault();
    const { resource: ResourceArn, point } = await backUp(vault);
    const asked = new ListRecoveryPointsByResourceCommand({
      ResourceArn,
      MaxResults: 20,
      ManagedByAWSBackupOnly: true,
    });
    const { RecoveryPoints = [] } = await send(asked);
    expect(RecoveryPoints).toMatchObject([{ RecoveryPointArn: point, BackupVaultName: vault, Status: "COMPLETED" }]);
  });
  claim("lists what was backed up, and the job that did it", async () => {
    const { send, makeVault, backUp } = await connect();
    const vault = await makeVault();
    const { resource, point } = await backUp(vault);
    const { Results = [] } = await send(new ListProtectedResourcesCommand({ MaxResults: 1000 }));
    expect(Results.find(({ ResourceArn }) => ResourceArn === resource)).toMatchObject({ ResourceType: "DynamoDB" });
    const asked = { ByBackupVaultName: vault, ByState: "COMPLETED", ByCreatedAfter: new Date(0) } as const;
    const { BackupJobs } = await send(new ListBackupJobsCommand({ ...asked, MaxResults: 1000 }));
    expect(BackupJobs).toMatchObject([{ ResourceArn: resource, RecoveryPointArn: point, State: "COMPLETED" }]);
    const copies = { BySourceRecoveryPointArn: point, ByResourceArn: resource };
    expect((await send(new ListCopyJobsCommand(copies))).CopyJobs).toEqual([]);
  });
}
