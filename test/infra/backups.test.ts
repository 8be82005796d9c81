import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { detailTypes } from "../../shared/backups/event-kinds.ts";
import { optedOut } from "../../shared/backups/exempt.ts";
import { Refused } from "../../shared/failures.ts";
import { resource } from "../backups/scene.ts";
import { statementsOf } from "./statements.ts";
import { resources, synthesise } from "./synthesis.ts";

const { template } = synthesise({ environment: "production" });

/** The stack with these overrides. */
const changed = (overrides: object) => synthesise({ environment: "production", overrides: JSON.stringify(overrides) });
const bucketOf = (of: typeof template) => resources(of, "AWS::S3::Bucket")[0]?.[1];
const scheduleOf = (of: typeof template) =>
  resources(of, "AWS::Scheduler::Schedule").find(([id]) => id.startsWith("VerifyBackups"))?.[1].Properties;

describe("evidence", () => {
  test("is locked for its time from its first moment on, versioned, encrypted, and outlives the stack", () => {
    expect(resources(template, "AWS::S3::Bucket")).toHaveLength(1);
    expect(bucketOf(template)).toMatchObject({
      DeletionPolicy: "Retain",
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: "Enabled",
          Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 365 } },
        },
        VersioningConfiguration: { Status: "Enabled" },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
        PublicAccessBlockConfiguration: {
          ...{ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        },
      },
    });
  });

  test("is found as a bucket like any other, and says why it needs no backup", () => {
    const list = [bucketOf(template)?.Properties.Tags].flat().map((tag) => Object(tag));
    const tags = Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
    const bucket = { ...resource(), tags };
    expect(optedOut(bucket, Date.UTC(2027, 0, 1))).toBe("until 2099-12-31: Object Lock keeps it");
  });

  test("is locked against everybody where that was said twice", () => {
    const evidence = { lock: "compliance", confirm: "compliance", years: 7 };
    const { template: of, complaints } = changed({ verifyBackups: { evidence } });
    const retention = { DefaultRetention: { Mode: "COMPLIANCE", Days: 2_555 } };
    expect(bucketOf(of)?.Properties).toMatchObject({ ObjectLockConfiguration: { Rule: retention } });
    expect(complaints).toEqual([]);
    expect(() => changed({ verifyBackups: { evidence: { lock: "compliance", years: 7 } } })).toThrow(Refused);
  });

  test("is deleted by no role, and its time shortened by none", () => {
    const actions = statementsOf(template)
      .filter(({ effect }) => effect === "Allow")
      .flatMap((statement) => statement.actions);
    expect(actions.filter((action) => /^s3:(Delete|Bypass|PutBucket|PutObjectLegal|\*)/.test(action))).toEqual([]);
  });
});

describe("the verification of backups", () => {
  test("comes once in each cadence", () => {
    expect(scheduleOf(template)).toMatchObject({ ScheduleExpression: "rate(1 hour)" });
    const { template: of } = changed({ findings: { cadences: { "verify-backups": 15 } } });
    expect(scheduleOf(of)).toMatchObject({ ScheduleExpression: "rate(15 minutes)" });
    expect(() => changed({ findings: { cadences: { "verify-backups": 3_361 } } })).toThrow(
      "findings: verify-backups comes every 3361 minutes; at most every 3360, or no alarm can see it stop",
    );
  });

  test("is woken early by the events that are read, of AWS Backup alone", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      EventPattern: { source: ["aws.backup"], "detail-type": [...detailTypes] },
      State: "ENABLED",
    });
    const page = readFileSync(new URL("../../shared/backups/event-kinds.ts", import.meta.url), "utf8");
    for (const type of detailTypes) expect(page).toContain(`"${type}": "`);
  });

  test("looks in the regions of the policy and in no other", () => {
    const copies = [{ region: "eu-central-1", objectiveMinutes: 1_500 }];
    const { template: of, complaints } = changed({ backups: { regions: ["eu-north-1"], copies } });
    const looks = statementsOf(of).filter(({ actions }) => actions.includes("backup:ListBackupVaults"));
    const regions = [{ Ref: "AWS::Region" }, "eu-north-1", "eu-central-1"];
    expect(looks.map(({ condition }) => condition)).toEqual([{ StringEquals: { "aws:RequestedRegion": regions } }]);
    expect(complaints).toEqual([]);
  });

  test("changes nothing but its evidence, the ledger and the bus", () => {
    const own = statementsOf(template).filter(
      ({ owner, principals }) => owner === "VerifyBackupsOperationRole" && principals.length === 0,
    );
    const actions = own.flatMap((statement) => statement.actions);
    expect(actions.filter((action) => !/:(List|Describe|Get|Search|SelectResource)/.test(action)).toSorted()).toEqual([
      ...["dynamodb:PutItem", "events:PutEvents", "logs:CreateLogStream", "logs:PutLogEvents"],
      ...["s3:PutObject", "s3:PutObjectRetention"],
    ]);
  });
});
