import { Duration, RemovalPolicy, Stack, Token } from "aws-cdk-lib";
import {
  BackupPlan,
  BackupPlanRule,
  type BackupResource,
  BackupSelection,
  BackupVault,
  type IBackupVault,
} from "aws-cdk-lib/aws-backup";
import { Schedule } from "aws-cdk-lib/aws-events";
import { ManagedPolicy, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { type EnvironmentName, environmentNamed } from "../../shared/configuration/environments.ts";
import { Refused } from "../../shared/failures.ts";
import { quoted } from "../../shared/text.ts";

export interface ProtectedResourcesProps {
  /** development, testing, staging or production: by it follows how often a backup is made. */
  readonly environment: string;
  /** What is backed up: an ARN, a construct, everything with a tag. */
  readonly resources: readonly BackupResource[];
  /** A vault that is there already. Default: one is made, and kept when the stack goes. */
  readonly vault?: IBackupVault;
  /** The key of a vault that is made. Default: one of AWS's own. */
  readonly encryptionKey?: IKey;
  /**
   * How a vault that is made is locked: `none`, `governance` (people with the right may unlock it) or `compliance` (nobody can, once its
   * three days of cooling off are over). Default: governance.
   */
  readonly lock?: string;
  /** `compliance` once more, where that is the lock: it cannot be undone. */
  readonly confirm?: string;
  /** Vaults, of other regions or accounts, that get a copy of each daily and weekly backup. Default: none. */
  readonly copies?: readonly IBackupVault[];
  /** Days that a daily backup and the log are kept: from 7 to 35, for no log is kept longer. Default: 35. */
  readonly dailyDays?: number;
  /** Days that a weekly backup is kept, and all copies of it. Default: 365. */
  readonly weeklyDays?: number;
}

/**
 * Resources that are backed up in the policy's three layers: in full each week, what changed each day, and in between as often as the
 * environment's objective needs; in production also continuously, where the type of the resource can. Throws `Refused`, one line, when a
 * prop cannot be.
 */
export class ProtectedResources extends Construct {
  readonly vault: IBackupVault;
  readonly plan: BackupPlan;

  constructor(scope: Construct, id: string, props: ProtectedResourcesProps) {
    super(scope, id);
    const refuse = (problem: string) => new Refused(`ProtectedResources ${this.node.path}: ${problem}`);
    const environment = known(props.environment, refuse);
    const days = daysOf(props, refuse);
    if (props.resources.length === 0) throw refuse("resources is empty: nothing would be backed up");
    this.vault = props.vault ?? this.#newVault(props, refuse);
    this.plan = new BackupPlan(this, "Plan", { backupVault: this.vault });
    for (const rule of rulesOf(environment, days, props.copies ?? [])) this.plan.addRule(rule);
    const role = this.#role();
    // So many resources one selection takes.
    for (let from = 0; from < props.resources.length; from += 500) {
      const resources = props.resources.slice(from, from + 500);
      const name = from === 0 ? "Selection" : `Selection${from / 500}`;
      new BackupSelection(this, name, { backupPlan: this.plan, resources: [...resources], role });
    }
  }

  #newVault({ encryptionKey, lock = "governance", confirm, vault: _ }: ProtectedResourcesProps, refuse: Refuse) {
    if (!["none", "governance", "compliance"].includes(lock)) {
      throw refuse(`lock is ${quoted(lock)}; it can be none, governance or compliance`);
    }
    if (lock === "compliance" && confirm !== "compliance") {
      throw refuse('a compliance lock cannot be undone by anybody: state confirm: "compliance" too');
    }
    const minRetention = Duration.days(frequentDays);
    const lockConfiguration = lock === "none" ? undefined : { minRetention };
    const cooling = lock === "compliance" ? { changeableFor: Duration.days(3) } : {};
    return new BackupVault(this, "Vault", {
      ...{ encryptionKey, removalPolicy: RemovalPolicy.RETAIN },
      ...(lockConfiguration && { lockConfiguration: { ...lockConfiguration, ...cooling } }),
    });
  }

  /** AWS Backup's own policies: what it must do with each type of resource, only AWS keeps up with. */
  #role(): Role {
    const conditions = { StringEquals: { "aws:SourceAccount": Stack.of(this).account } };
    const names = ["service-role/AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup"];
    return new Role(this, "Role", {
      assumedBy: new ServicePrincipal("backup.amazonaws.com", { conditions }),
      managedPolicies: names.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
    });
  }
}

type Refuse = (problem: string) => Refused;

interface Days {
  daily: number;
  weekly: number;
}

/** Days that the backups between two daily ones are kept. */
const frequentDays = 7;
const startWindow = Duration.hours(1);

/**
 * Every how many hours, so that an hour until the job begins and the job itself still keep the objective: a day, four hours. Production's
 * five minutes no snapshot keeps; there the log does, and snapshots are made as often as AWS Backup can.
 */
export const everyHours: Readonly<Record<EnvironmentName, number>> = {
  development: 12,
  testing: 12,
  staging: 2,
  production: 1,
};

function rulesOf(environment: EnvironmentName, days: Days, copies: readonly IBackupVault[]): BackupPlanRule[] {
  const copyActions = (count: number) =>
    copies.map((destinationBackupVault) => ({ destinationBackupVault, deleteAfter: Duration.days(count) }));
  const isContinuous = environment === "production";
  const hour = everyHours[environment] === 1 ? "*" : `0/${everyHours[environment]}`;
  return [
    new BackupPlanRule({
      ...{ ruleName: "weekly", startWindow, completionWindow: Duration.days(1) },
      scheduleExpression: Schedule.cron({ weekDay: "SUN", hour: "1", minute: "0" }),
      ...{ deleteAfter: Duration.days(days.weekly), copyActions: copyActions(days.weekly) },
    }),
    new BackupPlanRule({
      ...{ ruleName: "daily", startWindow, completionWindow: Duration.hours(12) },
      scheduleExpression: Schedule.cron({ hour: "3", minute: "0" }),
      ...{ deleteAfter: Duration.days(days.daily), copyActions: copyActions(days.daily) },
      // A resource has one continuous backup, which the first job of this rule begins and the next ones go on with.
      enableContinuousBackup: isContinuous,
    }),
    new BackupPlanRule({
      ...{ ruleName: "frequent", startWindow, completionWindow: Duration.hours(4) },
      scheduleExpression: Schedule.cron({ hour, minute: "30" }),
      deleteAfter: Duration.days(frequentDays),
    }),
  ];
}

function known(name: string, refuse: Refuse): EnvironmentName {
  try {
    return environmentNamed(name);
  } catch (error) {
    throw error instanceof Refused ? refuse(error.message) : error;
  }
}

function daysOf({ dailyDays = 35, weeklyDays = 365 }: ProtectedResourcesProps, refuse: Refuse): Days {
  const bounds = { dailyDays: [dailyDays, frequentDays, 35], weeklyDays: [weeklyDays, dailyDays, 36_500] } as const;
  for (const [name, [value, least, most]] of Object.entries(bounds)) {
    if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= least && value <= most)) continue;
    throw refuse(`${name} is ${quoted(value)}; it must be a whole number from ${least} to ${most}`);
  }
  return { daily: dailyDays, weekly: weeklyDays };
}
