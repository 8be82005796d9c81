import { App, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { BackupResource, BackupVault } from "aws-cdk-lib/aws-backup";
import { describe, expect, test } from "vitest";
import {
  everyHours,
  ProtectedResources,
  type ProtectedResourcesProps,
} from "../../infra/public/protected-resources.ts";
import { environments } from "../../shared/configuration/environments.ts";
import { bundleAll } from "../../shared/configuration/files.ts";
import { Refused } from "../../shared/failures.ts";
import { resources } from "./synthesis.ts";

const orders = BackupResource.fromArn("arn:aws:rds:eu-west-1:111122223333:db:orders");
const far = "arn:aws:backup:eu-central-1:111122223333:backup-vault:far";

function templateOf(props: Partial<ProtectedResourcesProps> = {}, copied = false): Template {
  const stack = new Stack(new App(), "Shop");
  const copies = copied ? [BackupVault.fromBackupVaultArn(stack, "Far", far)] : [];
  new ProtectedResources(stack, "Backups", { environment: "production", resources: [orders], copies, ...props });
  return Template.fromStack(stack);
}

const rulesOf = (template: Template) =>
  Object(resources(template, "AWS::Backup::BackupPlan")[0]?.[1].Properties.BackupPlan).BackupPlanRule;
const named = (template: Template, name: string) =>
  rulesOf(template).find((rule: { RuleName: string }) => rule.RuleName === name);

describe("what is protected", () => {
  test("is backed up in full each week, each day, and as often as there can be; in production continuously", () => {
    const template = templateOf();
    expect(rulesOf(template)).toMatchObject([
      { RuleName: "weekly", ScheduleExpression: "cron(0 1 ? * SUN *)", Lifecycle: { DeleteAfterDays: 365 } },
      {
        ...{ RuleName: "daily", ScheduleExpression: "cron(0 3 * * ? *)", Lifecycle: { DeleteAfterDays: 35 } },
        EnableContinuousBackup: true,
      },
      { RuleName: "frequent", ScheduleExpression: "cron(30 * * * ? *)", Lifecycle: { DeleteAfterDays: 7 } },
    ]);
    expect(rulesOf(template).map((rule: { StartWindowMinutes: number }) => rule.StartWindowMinutes)).toEqual([
      60, 60, 60,
    ]);
  });

  test.each(environments)(
    "keeps the objective of %s, with an hour until a job begins, or has a log that does",
    (name) => {
      const { recoveryPointObjectiveMinutes: objective } = bundleAll()[name].environment;
      const template = templateOf({ environment: name });
      const isContinuous = named(template, "daily").EnableContinuousBackup === true;
      expect(isContinuous || (everyHours[name] + 1) * 60 < objective).toBe(true);
      expect(isContinuous).toBe(name === "production");
    },
  );

  test("is what is named, or tagged, in a selection with a role that AWS Backup alone assumes, for this account", () => {
    const template = templateOf({ resources: [orders, BackupResource.fromTag("tier", "gold")] });
    template.hasResourceProperties("AWS::Backup::BackupSelection", {
      BackupSelection: {
        Resources: ["arn:aws:rds:eu-west-1:111122223333:db:orders"],
        ListOfTags: [{ ConditionType: "STRINGEQUALS", ConditionKey: "tier", ConditionValue: "gold" }],
      },
    });
    template.hasResourceProperties("AWS::IAM::Role", {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: "backup.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ],
      },
    });
  });

  test("is split where one selection does not take it", () => {
    const many = Array.from({ length: 1_001 }, (_, index) => BackupResource.fromArn(`arn:aws:s3:::bucket-${index}`));
    const sizes = resources(templateOf({ resources: many }), "AWS::Backup::BackupSelection").map(
      ([, { Properties }]) => Object(Properties.BackupSelection).Resources.length,
    );
    expect(sizes).toEqual([500, 500, 1]);
  });

  test("is copied each day and each week where it is to be", () => {
    const template = templateOf({}, true);
    const to = (days: number) => [{ DestinationBackupVaultArn: far, Lifecycle: { DeleteAfterDays: days } }];
    expect(named(template, "weekly").CopyActions).toEqual(to(365));
    expect(named(template, "daily").CopyActions).toEqual(to(35));
    expect(named(template, "frequent").CopyActions).toBeUndefined();
  });
});

describe("its vault", () => {
  const lockOf = (props: Partial<ProtectedResourcesProps>) =>
    resources(templateOf(props), "AWS::Backup::BackupVault").map(([, { Properties }]) => Properties.LockConfiguration);

  test("is locked for as long as its shortest backup is kept, and outlives the stack", () => {
    const [[, vault] = ["", undefined]] = resources(templateOf(), "AWS::Backup::BackupVault");
    expect(vault).toMatchObject({
      DeletionPolicy: "Retain",
      Properties: { LockConfiguration: { MinRetentionDays: 7 } },
    });
  });

  test("is locked as it is told", () => {
    expect(lockOf({ lock: "none" })).toEqual([undefined]);
    expect(lockOf({ lock: "compliance", confirm: "compliance" })).toEqual([
      { MinRetentionDays: 7, ChangeableForDays: 3 },
    ]);
  });

  test("may be one that is there", () => {
    const stack = new Stack(new App(), "Shop");
    const vault = BackupVault.fromBackupVaultName(stack, "Own", "main");
    new ProtectedResources(stack, "Backups", { environment: "staging", resources: [orders], vault });
    const template = Template.fromStack(stack);
    template.resourceCountIs("AWS::Backup::BackupVault", 0);
    expect(named(template, "daily").TargetBackupVault).toBe("main");
  });
});

test.each<[Partial<ProtectedResourcesProps>, string]>([
  [{ environment: "prod" }, 'unknown environment "prod"; did you mean "production"?'],
  [{ resources: [] }, "resources is empty: nothing would be backed up"],
  [{ dailyDays: 36 }, "dailyDays is 36; it must be a whole number from 7 to 35"],
  [{ dailyDays: 6 }, "dailyDays is 6; it must be a whole number from 7 to 35"],
  [{ weeklyDays: 20 }, "weeklyDays is 20; it must be a whole number from 35 to 36500"],
  [{ weeklyDays: 40.5 }, "weeklyDays is 40.5; it must be a whole number from 35 to 36500"],
  [{ lock: "iron" }, 'lock is "iron"; it can be none, governance or compliance'],
  [{ lock: "compliance" }, "a compliance lock cannot be undone by anybody"],
])("%j is refused in one line", (props, says) => {
  expect(() => templateOf(props)).toThrow(Refused);
  expect(() => templateOf(props)).toThrow(`ProtectedResources Shop/Backups: ${says}`);
});
