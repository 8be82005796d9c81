import {
  CreateBackupVaultCommand,
  DescribeBackupVaultCommand,
  DescribeRecoveryPointCommand,
  ListBackupJobsCommand,
  ListBackupVaultsCommand,
  ListCopyJobsCommand,
  ListProtectedResourcesCommand,
  ListRecoveryPointsByBackupVaultCommand,
  type ListRecoveryPointsByBackupVaultCommandInput,
  type ListRecoveryPointsByBackupVaultCommandOutput,
  ListRecoveryPointsByResourceCommand,
} from "@aws-sdk/client-backup";
import { describe, expect, test } from "vitest";
import { day, hour } from "../../../shared/instant.ts";
import { createBackupAccount, type SimulatedBackup } from "../../../simulation/aws/backup.ts";
import { throttled } from "../../../simulation/aws/backup-errors.ts";

const start = Date.UTC(2026, 0, 15, 12);
const database = "arn:aws:rds:eu-west-1:111122223333:db:orders";
const volume = "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1";

function openAccount() {
  const clock = { at: start };
  const account = createBackupAccount({ now: () => clock.at, account: "111122223333" });
  const backup = account.in("eu-west-1");
  backup.putVault("main");
  return { clock, account, backup };
}

async function inVault(
  backup: SimulatedBackup,
  input: Omit<ListRecoveryPointsByBackupVaultCommandInput, "BackupVaultName"> = {},
) {
  const { RecoveryPoints = [] } = await backup.send(
    new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: "main", ...input }),
  );
  return RecoveryPoints.map(({ RecoveryPointArn }) => RecoveryPointArn);
}

/** Every page, until there is no token. */
async function pagesOf(backup: SimulatedBackup, MaxResults: number): Promise<number[]> {
  const sizes: number[] = [];
  let NextToken: string | undefined;
  do {
    const input = { BackupVaultName: "main", MaxResults, ...(NextToken === undefined ? {} : { NextToken }) };
    const page: ListRecoveryPointsByBackupVaultCommandOutput = await backup.send(
      new ListRecoveryPointsByBackupVaultCommand(input),
    );
    sizes.push(page.RecoveryPoints?.length ?? 0);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return sizes;
}

describe("points", () => {
  test("come in pages of the size that was asked for, whatever goes and comes in between", async () => {
    const { backup } = openAccount();
    const points = [1, 2, 3, 4, 5].map(() => backup.putPoint("main", volume));
    expect(await pagesOf(backup, 2)).toEqual([2, 2, 1]);
    const [first] = points;
    backup.seam.before = (_, input) => {
      if ("NextToken" in input && first !== undefined) backup.removePoint(first);
    };
    expect(await pagesOf(backup, 3)).toEqual([3, 2]);
  });

  test("may come in pages that are smaller, or empty, with more to come", async () => {
    const { backup } = openAccount();
    for (let count = 0; count < 3; count++) backup.putPoint("main", volume);
    const sizes = [0, 1, 0, 2];
    backup.seam.pageSize = (_, asked) => sizes.shift() ?? asked;
    expect(await pagesOf(backup, 1000)).toEqual([0, 1, 0, 2]);
  });

  test.each([0, 1001, 1.5])("do not come in pages of %s", async (MaxResults) => {
    const asked = inVault(openAccount().backup, { MaxResults });
    await expect(asked).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  });

  test("are filtered by their creation, also those that were continued ever since", async () => {
    const { backup } = openAccount();
    const old = backup.putPoint("main", database, { createdAt: start - 60 * day, isContinuous: true });
    const fresh = backup.putPoint("main", volume, { createdAt: start - hour });
    expect(old.arn).toContain(":recovery-point:continuous:");
    expect(await inVault(backup)).toEqual([old.arn, fresh.arn]);
    expect(await inVault(backup, { ByCreatedAfter: new Date(start - day) })).toEqual([fresh.arn]);
    expect(await inVault(backup, { ByCreatedBefore: new Date(start - day) })).toEqual([old.arn]);
    expect(await inVault(backup, { ByResourceArn: database })).toEqual([old.arn]);
    expect(await inVault(backup, { ByResourceType: "EBS" })).toEqual([fresh.arn]);
  });

  test("change when the scene says so, into states that the SDK has no word for as well", async () => {
    const { clock, account, backup } = openAccount();
    const point = backup.putPoint("main", volume, { status: "CREATING" });
    account.at(start + hour, () => {
      point.status = "QUARANTINED";
    });
    const ask = () =>
      backup.send(new DescribeRecoveryPointCommand({ BackupVaultName: "main", RecoveryPointArn: point.arn }));
    expect(await ask()).toMatchObject({ Status: "CREATING" });
    clock.at += hour;
    expect(await ask()).toMatchObject({ Status: "QUARANTINED" });
  });

  test("of a resource are told with those that no vault has, unless they are not wanted", async () => {
    const { backup } = openAccount();
    const own = backup.putPoint("main", database);
    const snapshot = backup.putPoint(null, database, {
      arn: "arn:aws:rds:eu-west-1:111122223333:snapshot:rds:orders",
    });
    const ask = async (more: { ManagedByAWSBackupOnly?: boolean; MaxResults?: number }) => {
      const input = { ResourceArn: database, ...more };
      const { RecoveryPoints = [] } = await backup.send(new ListRecoveryPointsByResourceCommand(input));
      return RecoveryPoints;
    };
    expect((await ask({})).map(({ RecoveryPointArn }) => RecoveryPointArn)).toEqual([own.arn, snapshot.arn]);
    expect(await ask({ ManagedByAWSBackupOnly: true })).toHaveLength(1);
    for (const poor of await ask({})) expect(poor).not.toHaveProperty("ResourceType");
    await expect(ask({ MaxResults: 19 })).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    expect(await ask({ MaxResults: 20 })).toHaveLength(2);
  });

  test("make a resource a protected one once, whatever became of them", async () => {
    const { backup } = openAccount();
    backup.putPoint("main", database, { createdAt: start - day });
    const expired = backup.putPoint("main", database, { status: "EXPIRED" });
    backup.putPoint("main", volume, { status: "CREATING" });
    const { Results = [] } = await backup.send(new ListProtectedResourcesCommand({}));
    expect(Results).toMatchObject([{ ResourceArn: database, LastRecoveryPointArn: expired.arn }]);
  });
});

describe("vaults", () => {
  test("that vanish between two pages are denied, as on AWS, or not found", async () => {
    const { backup } = openAccount();
    for (let count = 0; count < 3; count++) backup.putPoint("main", volume);
    backup.seam.before = (_, input) => {
      if ("NextToken" in input) backup.removeVault("main");
    };
    await expect(pagesOf(backup, 2)).rejects.toMatchObject({ name: "AccessDeniedException" });
    backup.absentVault = "not-found";
    const asked = backup.send(new DescribeBackupVaultCommand({ BackupVaultName: "main" }));
    await expect(asked).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    expect((await backup.send(new ListBackupVaultsCommand({}))).BackupVaultList).toEqual([]);
  });

  test("tell of their lock", async () => {
    const { backup } = openAccount();
    const ask = () => backup.send(new DescribeBackupVaultCommand({ BackupVaultName: "main" }));
    expect(await ask()).toMatchObject({ Locked: false, VaultType: "BACKUP_VAULT", NumberOfRecoveryPoints: 0 });
    Object.assign(backup.vault("main"), { isLocked: true, lockedForGoodAt: start + 3 * day, minimumRetentionDays: 7 });
    expect(await ask()).toMatchObject({ Locked: true, LockDate: new Date(start + 3 * day), MinRetentionDays: 7 });
  });
});

describe("copies", () => {
  test("land in the other region, where they are known by their job", async () => {
    const { clock, account, backup } = openAccount();
    const other = account.in("eu-central-1");
    other.putVault("main");
    const source = backup.putPoint("main", volume, { createdAt: start - hour });
    const copied = backup.copy(source, { region: "eu-central-1", vault: "main" }, { takesMs: hour });
    const jobs = async () => {
      const BySourceRecoveryPointArn = source.arn;
      return (await backup.send(new ListCopyJobsCommand({ BySourceRecoveryPointArn }))).CopyJobs;
    };
    expect(await jobs()).toMatchObject([{ State: "RUNNING", DestinationRecoveryPointArn: copied.point()?.arn }]);
    expect(copied.point()).toMatchObject({ status: "CREATING" });
    clock.at += hour;
    expect(await jobs()).toMatchObject([{ State: "COMPLETED", CompletionDate: new Date(start + hour) }]);
    expect(await inVault(other)).toEqual([copied.point()?.arn]);
    expect(copied.point()).toMatchObject({ status: "COMPLETED", createdAt: start, resourceArn: volume });
    expect((await other.send(new ListCopyJobsCommand({}))).CopyJobs).toEqual([]);
  });

  test("may fail", async () => {
    const { account, backup } = openAccount();
    account.in("eu-central-1").putVault("main");
    const source = backup.putPoint("main", volume);
    backup.copy(source, { region: "eu-central-1", vault: "main" }, { fails: "the key is disabled" });
    const { CopyJobs } = await backup.send(new ListCopyJobsCommand({ ByState: "FAILED" }));
    expect(CopyJobs).toMatchObject([{ StatusMessage: "the key is disabled" }]);
    expect(await inVault(account.in("eu-central-1"))).toEqual([]);
    backup.copy(source, { region: "eu-central-1", vault: "gone" });
    const { CopyJobs: both } = await backup.send(new ListCopyJobsCommand({ ByState: "FAILED" }));
    expect(both).toMatchObject([{}, { StatusMessage: "Backup vault gone not found" }]);
  });
});

test("jobs are told for thirty days, and found by their state, message, vault and time", async () => {
  const { clock, backup } = openAccount();
  const of = { vault: "main", resourceArn: volume };
  backup.putJob(of, { createdAt: start - 31 * day });
  const failed = backup.putJob(of, { state: "FAILED", createdAt: start - 2 * day });
  const odd = backup.putJob(of, { messageCategory: "AccessDenied" });
  const found = async (input: ConstructorParameters<typeof ListBackupJobsCommand>[0]) =>
    (await backup.send(new ListBackupJobsCommand(input ?? {}))).BackupJobs?.map(({ BackupJobId }) => BackupJobId);
  expect(await found({})).toEqual([failed.id, odd.id]);
  expect(await found({ ByState: "FAILED" })).toEqual([failed.id]);
  expect(await found({ ByMessageCategory: "AccessDenied" })).toEqual([odd.id]);
  expect(await found({ ByBackupVaultName: "other" })).toEqual([]);
  expect(await found({ ByCreatedAfter: new Date(start - day) })).toEqual([odd.id]);
  clock.at += 29 * day;
  expect(await found({})).toEqual([odd.id]);
});

test("whatever is injected is what the service answers, and every command is counted", async () => {
  const { backup } = openAccount();
  backup.seam.before = () => {
    throw throttled();
  };
  await expect(inVault(backup)).rejects.toMatchObject({ name: "ThrottlingException" });
  expect(backup.seam.calls.get("ListRecoveryPointsByBackupVaultCommand")).toBe(1);
});

test("what is not simulated is refused by name", async () => {
  const { backup } = openAccount();
  const unknown = backup.send(new CreateBackupVaultCommand({ BackupVaultName: "main" }));
  await expect(unknown).rejects.toThrow("does not implement CreateBackupVaultCommand");
  await expect(inVault(backup, { ByBackupPlanId: "p" })).rejects.toThrow("does not implement ByBackupPlanId");
});

test("a page costs what it shows, of fifty thousand points as of fifty", async () => {
  const { backup } = openAccount();
  for (let count = 0; count < 50_000; count++) backup.putPoint("main", `${volume}${count % 10_000}`);
  const begun = process.cpuUsage();
  expect(await pagesOf(backup, 1000)).toHaveLength(50);
  const { user, system } = process.cpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(2_000);
});
