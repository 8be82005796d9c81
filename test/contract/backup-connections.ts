import {
  BackupClient,
  CreateBackupPlanCommand,
  CreateBackupSelectionCommand,
  CreateBackupVaultCommand,
  DescribeBackupJobCommand,
  PutBackupVaultLockConfigurationCommand,
  StartBackupJobCommand,
} from "@aws-sdk/client-backup";
import { Broken } from "../../shared/failures.ts";
import { day } from "../../shared/instant.ts";
import { createBackupAccount } from "../../simulation/aws/backup.ts";
import type { PlanRecord } from "../../simulation/aws/backup-records.ts";
import type { BackupConnection, ConnectBackup } from "./backup.contract.ts";
import { credentials } from "./dynamodb-local.ts";

const IamRoleArn = "arn:aws:iam::111122223333:role/backup";
const ListOfTags = [{ ConditionType: "STRINGEQUALS", ConditionKey: "backup", ConditionValue: "daily" } as const];
const selection = { SelectionName: "tagged", IamRoleArn, ListOfTags };
const planOf = (vault: string) => ({
  BackupPlanName: `contract-${crypto.randomUUID()}`,
  Rules: [{ RuleName: "daily", TargetBackupVaultName: vault, ScheduleExpression: "cron(0 2 * * ? *)" }],
});

export async function connectSimulatedBackup(): Promise<BackupConnection> {
  const backup = createBackupAccount({ now: Date.now, account: "111122223333" }).in("us-east-1");
  const plans = new Map<string, PlanRecord>();
  return {
    send: backup.send,
    async makeVault(tags = {}) {
      return backup.putVault(`contract-${crypto.randomUUID()}`, { tags }).name;
    },
    async lock(vault, { MinRetentionDays, MaxRetentionDays, ChangeableForDays }) {
      const lockedForGoodAt = ChangeableForDays === undefined ? null : Date.now() + ChangeableForDays * day;
      const days = { minimumRetentionDays: MinRetentionDays, maximumRetentionDays: MaxRetentionDays };
      Object.assign(backup.vault(vault), { isLocked: true, lockedForGoodAt, ...days });
    },
    async makePlan(vault) {
      const plan = backup.putPlan(planOf(vault));
      plans.set(plan.id, plan);
      return plan.id;
    },
    async makeSelection(planId) {
      const plan = plans.get(planId);
      if (plan === undefined) throw new Broken(`there is no plan ${planId}`);
      return backup.putSelection(plan, selection);
    },
    async backUp(vault) {
      const resource = `arn:aws:dynamodb:us-east-1:111122223333:table/contract-${crypto.randomUUID()}`;
      const { arn } = backup.putPoint(vault, resource);
      backup.putJob({ vault, resourceArn: resource }, { pointArn: arn });
      return { resource, point: arn };
    },
  };
}

/** An implementation behind HTTP; what it takes for the account is said by it. */
export function connectBackup(endpoint: () => Promise<string>, account: string): ConnectBackup {
  return async () => {
    const client = new BackupClient({ endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 });
    return {
      send: client.send.bind(client),
      async makeVault(tags = {}) {
        const BackupVaultName = `contract-${crypto.randomUUID()}`;
        await client.send(new CreateBackupVaultCommand({ BackupVaultName, BackupVaultTags: tags }));
        return BackupVaultName;
      },
      async lock(BackupVaultName, lock) {
        await client.send(new PutBackupVaultLockConfigurationCommand({ BackupVaultName, ...lock }));
      },
      async makePlan(vault) {
        const { BackupPlanId = "" } = await client.send(new CreateBackupPlanCommand({ BackupPlan: planOf(vault) }));
        return BackupPlanId;
      },
      async makeSelection(BackupPlanId) {
        const made = new CreateBackupSelectionCommand({ BackupPlanId, BackupSelection: selection });
        return (await client.send(made)).SelectionId ?? "";
      },
      async backUp(BackupVaultName) {
        const resource = `arn:aws:dynamodb:us-east-1:${account}:table/contract-${crypto.randomUUID()}`;
        const started = new StartBackupJobCommand({ BackupVaultName, ResourceArn: resource, IamRoleArn });
        const { BackupJobId, RecoveryPointArn } = await client.send(started);
        const done = await client.send(new DescribeBackupJobCommand({ BackupJobId }));
        return { resource, point: done.RecoveryPointArn ?? RecoveryPointArn ?? "" };
      },
    };
  };
}
