import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyOf, parseBackupEvent } from "../../shared/backups/events.ts";

// Events as AWS documents them, re-typed, with each of their oddities.

const vaultArn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:main";
const volume = "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1";
const envelope = { source: "aws.backup", account: "111122223333", region: "eu-west-1", time: "2026-01-01T02:05:00Z" };
const nothing = { resourceArn: null, recoveryPointArn: null, vault: null, jobId: null };
const silence = { message: null, bytes: null, isLocked: null, scanResult: null };
const at = Date.parse("2026-01-01T02:05:00Z");

function event(type: string, detail: object, rest: object = {}): Record<string, unknown> {
  return { ...envelope, "detail-type": `${type} State Change`, resources: [], detail, ...rest };
}

const backup = event(
  "Backup Job",
  {
    ...{ backupJobId: "j1", backupSizeInBytes: "36048", bytesTransferred: "36048", backupVaultArn: vaultArn },
    ...{ backupVaultName: "main", creationDate: "2026-01-01T02:00:00.000Z", state: "COMPLETED", percentDone: 100 },
    ...{ completionDate: "2026-01-01T02:04:55.921Z", startBy: "2026-01-01T10:00:00.000Z", retryCount: 3 },
    ...{ expectedCompletionDate: "Jan 1, 2026 2:09:07 AM", resourceArn: volume, resourceType: "EBS" },
    ...{ statusMessage: '"quoted \\"text\\""', iamRoleArn: "arn:aws:iam::111122223333:role/B" },
    createdBy: { backupPlanId: "p", backupPlanVersion: "v", backupPlanRuleId: "r" },
  },
  { resources: ["arn:aws:backup:eu-west-1:111122223333:recovery-point:aaaa"] },
);

describe("an event of", () => {
  test.each<[string, unknown, object]>([
    [
      "a backup, with its numbers as text and its message quoted twice",
      backup,
      {
        kind: "backup-job",
        state: "COMPLETED",
        resourceArn: volume,
        vault: "main",
        jobId: "j1",
        bytes: 36_048,
        message: 'quoted "text"',
      },
    ],
    [
      "a backup that was just created, of which nothing else is said",
      event("Backup Job", { backupJobId: "j1", state: "CREATED", creationDate: "2026-01-01T02:00:00.000Z" }),
      { kind: "backup-job", state: "CREATED", jobId: "j1" },
    ],
    [
      "a copy, with numbers, whose point has an empty object for an ARN",
      event("Copy Job", {
        ...{ copyJobId: "c1", backupSizeInBytes: 3_221_225_472, state: "RUNNING", sourceBackupVaultArn: vaultArn },
        ...{ destinationBackupVaultArn: vaultArn.replace("main", "second"), destinationRecoveryPointArn: {} },
        ...{ resourceArn: volume, resourceType: "EBS", createdBy: {} },
      }),
      { kind: "copy-job", state: "RUNNING", resourceArn: volume, vault: "second", jobId: "c1", bytes: 3_221_225_472 },
    ],
    [
      "a copy that was just created, without an id",
      event("Copy Job", { state: "CREATED", resourceArn: volume, destinationBackupVaultArn: vaultArn }),
      { kind: "copy-job", state: "CREATED", resourceArn: volume, vault: "main" },
    ],
    [
      "a restore, which says status, and of what it restored",
      event(
        "Restore Job",
        {
          ...{
            restoreJobId: "r1",
            backupVaultArn: vaultArn,
            recoveryPointArn: "arn:aws:rds:eu-west-1:1:snapshot:awsbackup:job-x",
          },
          ...{ sourceResourceArn: "arn:aws:rds:eu-west-1:1:db:src", backupSizeInBytes: "0", percentDone: 0 },
          ...{ resourceType: "RDS", status: "COMPLETED", createdResourceArn: "arn:aws:rds:eu-west-1:1:db:new" },
        },
        { resources: ["arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:job-x"] },
      ),
      {
        ...{ kind: "restore-job", state: "COMPLETED", jobId: "r1", vault: "main", bytes: 0 },
        ...{
          resourceArn: "arn:aws:rds:eu-west-1:1:db:src",
          recoveryPointArn: "arn:aws:rds:eu-west-1:1:snapshot:awsbackup:job-x",
        },
      },
    ],
    [
      "a restore that was just created, which says state",
      event("Restore Job", { restoreJobId: "r1", state: "CREATED" }),
      { kind: "restore-job", state: "CREATED", jobId: "r1" },
    ],
    [
      "a point, of which the resource beneath is no identity",
      event(
        "Recovery Point",
        {
          ...{ backupVaultName: "v", backupVaultArn: vaultArn, resourceType: "Aurora", status: "COMPLETED" },
          ...{ resourceArn: "arn:aws:rds:eu-west-1:1:cluster:id", isEncrypted: "false", storageClass: "WARM" },
          ...{ lifecycle: { deleteAfterDays: 100 }, calculatedLifeCycle: { deleteAt: "2026-04-11T02:00:00.000Z" } },
        },
        { resources: ["arn:aws:ec2:eu-west-1::image/ami-1"] },
      ),
      { kind: "recovery-point", state: "COMPLETED", vault: "v", resourceArn: "arn:aws:rds:eu-west-1:1:cluster:id" },
    ],
    [
      "a point in a status that nobody knows",
      event("Recovery Point", { status: "RECONSIDERING", resourceArn: volume }),
      { kind: "recovery-point", state: "RECONSIDERING", resourceArn: volume },
    ],
    [
      "an index",
      event("Recovery Point Index", { indexStatus: "FAILED", resourceArn: volume }),
      { kind: "recovery-point-index", state: "FAILED", resourceArn: volume },
    ],
    [
      "a vault that was locked, in text",
      event("Backup Vault", { backupVaultName: "main", state: "MODIFIED", isLocked: "true" }),
      { kind: "vault", state: "MODIFIED", vault: "main", isLocked: true },
    ],
    [
      "a vault that was not, in text",
      event("Backup Vault", { backupVaultName: "main", state: "MODIFIED", isLocked: "false" }),
      { kind: "vault", state: "MODIFIED", vault: "main", isLocked: false },
    ],
    ["a plan", event("Backup Plan", { backupPlanId: "p", state: "MODIFIED" }), { kind: "plan", state: "MODIFIED" }],
    ["a setting", event("Region Setting", { state: "MODIFIED" }), { kind: "region-setting", state: "MODIFIED" }],
    [
      "a scan that is COMPLETED and found something",
      event("Scan Job", {
        ...{
          scanJobId: "s",
          state: "COMPLETED",
          malwareScanner: "GUARDDUTY",
          recoveryPointArn: "arn:aws:backup:eu-west-1:1:recovery-point:a",
        },
        ...{ scanResult: { scanResultStatus: "THREATS_FOUND" }, resourceType: "EC2", createdBy: { backupRuleId: "r" } },
      }),
      {
        ...{ kind: "scan-job", state: "COMPLETED", jobId: "s", scanResult: "THREATS_FOUND" },
        recoveryPointArn: "arn:aws:backup:eu-west-1:1:recovery-point:a",
      },
    ],
  ])("%s", (_, document, expected) => {
    expect(parseBackupEvent(document)).toEqual({ event: { ...nothing, ...silence, at, ...expected }, failure: null });
  });

  test("no time of its own is of the time at which its job ended, never of one that is written for people", () => {
    expect(parseBackupEvent({ ...backup, time: "yesterday" }).event?.at).toBe(Date.parse("2026-01-01T02:04:55.921Z"));
    const { failure } = parseBackupEvent(
      event("Backup Job", { state: "RUNNING", expectedCompletionDate: "Jan 1, 2026 2:09:07 AM" }, { time: null }),
    );
    expect(failure).toEqual({ path: "time", problem: "is missing" });
  });
});

describe("what is no event of AWS Backup is told with its place", () => {
  test.each<[unknown, string]>([
    [null, "$"],
    ["text", "$"],
    [{ ...backup, source: "aws.ec2" }, "source"],
    [{ ...backup, "detail-type": "Backup Job Change" }, "detail-type"],
    [{ ...backup, "detail-type": "constructor" }, "detail-type"],
    [{ ...backup, detail: [] }, "detail"],
    [{ ...backup, detail: { backupJobId: "j1" } }, "detail.state"],
    [{ ...backup, detail: { state: {} } }, "detail.state"],
  ])("%o", (document, path) => {
    expect(parseBackupEvent(document)).toMatchObject({ event: null, failure: { path } });
  });

  test("whatever it is, nothing is thrown, and an ARN is one", () => {
    const odd = fc.oneof(fc.constant({}), fc.constant("arn:aws:x"), fc.constant(volume), fc.jsonValue());
    const detail = fc.dictionary(
      fc.constantFrom("state", "status", "resourceArn", "recoveryPointArn", "backupVaultArn", "isLocked", "scanResult"),
      odd,
    );
    fc.assert(
      fc.property(fc.constantFrom("Backup Job", "Scan Job", "Recovery Point"), detail, (type, drawn) => {
        const { event: heard, failure } = parseBackupEvent(event(type, drawn));
        expect(heard === null).toBe(failure !== null);
        for (const arn of [heard?.resourceArn, heard?.recoveryPointArn]) {
          if (arn != null) expect(arn).toMatch(/^arn:aws/);
        }
      }),
    );
  });
});

test("one change has one key, however often it is delivered", () => {
  const keys = [backup, { ...backup, time: "2026-01-01T02:10:00Z", id: "another" }].map((document) => {
    const { event: heard } = parseBackupEvent(document);
    return heard === null ? null : keyOf(heard);
  });
  expect(keys).toEqual(["backup-job|j1|COMPLETED", "backup-job|j1|COMPLETED"]);
});
