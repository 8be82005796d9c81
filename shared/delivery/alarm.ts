import { alarmArn, maximumNameLength, parseAlarmArn, regionCode } from "./arn.ts";
import { metricsOfConfiguration, metricsOfTrigger } from "./metrics.ts";
import { isObject, optional, optionalText, type Reading } from "./reading.ts";
import type { Alarm, AlarmMetric } from "./types.ts";

/** Where each of CloudWatch's three documents keeps the same things. */
export interface AlarmPaths {
  name: string;
  account: string;
  region: string;
  /** An ARN, or a list with one in it. */
  arn: string;
  description: string;
  alarmRule: string;
  metrics: string;
  readMetrics(value: unknown): AlarmMetric[];
  state: string;
  stamp: string;
  reason: string;
  previous: string;
  /** Present when one series of the alarm speaks. */
  contributor: string;
  contributorId: string;
  attributes: string;
}

export const eventPaths: AlarmPaths = {
  name: "detail.alarmName",
  account: "account",
  region: "region",
  arn: "resources",
  description: "detail.configuration.description",
  alarmRule: "detail.configuration.alarmRule",
  metrics: "detail.configuration.metrics",
  readMetrics: metricsOfConfiguration,
  state: "detail.state.value",
  stamp: "detail.state.timestamp",
  reason: "detail.state.reason",
  previous: "detail.previousState.value",
  contributor: "detail.alarmContributor",
  contributorId: "detail.alarmContributor.id",
  attributes: "detail.alarmContributor.attributes",
};

export const actionPaths: AlarmPaths = {
  name: "alarmData.alarmName",
  account: "accountId",
  region: "region",
  arn: "alarmArn",
  description: "alarmData.configuration.description",
  alarmRule: "alarmData.configuration.alarmRule",
  metrics: "alarmData.configuration.metrics",
  readMetrics: metricsOfConfiguration,
  state: "alarmData.state.value",
  stamp: "alarmData.state.timestamp",
  reason: "alarmData.state.reason",
  previous: "alarmData.previousState.value",
  contributor: "alarmData.alarmContributor",
  contributorId: "alarmData.alarmContributor.id",
  attributes: "alarmData.alarmContributor.attributes",
};

export const topicPaths: AlarmPaths = {
  name: "AlarmName",
  account: "AWSAccountId",
  region: "Region",
  arn: "AlarmArn",
  description: "AlarmDescription",
  alarmRule: "AlarmRule",
  metrics: "Trigger",
  readMetrics: metricsOfTrigger,
  state: "NewStateValue",
  stamp: "StateChangeTime",
  reason: "NewStateReason",
  previous: "OldStateValue",
  contributor: "AlarmContributorId",
  contributorId: "AlarmContributorId",
  attributes: "AlarmContributorAttributes",
};

/**
 * The alarm that a document speaks of. Its account and region come from the ARN, because the region beside it may be a
 * name that changed over the years, or even `us-east-*`; without an ARN of this name they make one.
 */
export function alarmOf(read: Reading, paths: AlarmPaths): Alarm | null {
  const name = nameOf(read, paths);
  if (name === null) return null;
  const identity = given(read, paths, name) ?? rebuilt(read, paths, name);
  if (identity === null) return null;
  const rule = optional(read.document, paths.alarmRule);
  return {
    ...identity,
    name,
    description: optionalText(read.document, paths.description),
    metrics: paths.readMetrics(optional(read.document, paths.metrics)),
    // A rule is never shortened: its last alarm counts as much as its first.
    alarmRule: typeof rule === "string" && rule !== "" ? rule.toWellFormed() : null,
  };
}

/** True when the document says that one series of the alarm speaks, not the alarm itself. */
export function hasContributor(read: Reading, paths: AlarmPaths): boolean {
  const contributor = optional(read.document, paths.contributor);
  return isObject(contributor) || typeof contributor === "string";
}

function nameOf(read: Reading, { name: path }: AlarmPaths): string | null {
  const name = read.text(path);
  if (name === null || name.length <= maximumNameLength) return name;
  return read.fail(path, `must have at most ${maximumNameLength} characters; it has ${name.length}`);
}

type Identity = Pick<Alarm, "arn" | "account" | "region">;

const maximumResources = 50;

/** An ARN of another name is another alarm's. */
function given(read: Reading, paths: AlarmPaths, name: string): Identity | null {
  const found = optional(read.document, paths.arn);
  for (const text of Array.isArray(found) ? found.slice(0, maximumResources) : [found]) {
    const arn = typeof text === "string" ? text.toWellFormed() : "";
    const parts = parseAlarmArn(arn);
    if (parts?.name === name) return { arn, account: parts.account, region: parts.region };
  }
  return null;
}

function rebuilt(read: Reading, paths: AlarmPaths, name: string): Identity | null {
  const account = read.ask(paths.account, accountNumber, "an account's number");
  const region = read.ask(paths.region, regionCode, "the code or the name of a region");
  return account === null || region === null ? null : { arn: alarmArn(account, region, name), account, region };
}

/** No longer than AWS makes them, so that an ARN with it is one. */
function accountNumber(value: unknown): string | null {
  return typeof value === "string" && /^\d{1,12}$/.test(value) ? value : null;
}
