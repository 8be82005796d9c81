import type { Instant } from "../shared/instant.ts";
import { account, region } from "./process.ts";

// Documents in the shapes that CloudWatch sends: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
// and https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html.

export function alarmArn(name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
}

export function stateChangeEvent(name: string, value: "ALARM" | "OK", at: Instant): object {
  const previous = value === "ALARM" ? "OK" : "ALARM";
  return {
    ...envelope("CloudWatch Alarm State Change", name, at),
    detail: {
      alarmName: name,
      configuration: configuration(),
      state: { value, reason: "Threshold Crossed", timestamp: stamp(at) },
      previousState: { value: previous, reason: "Threshold Crossed", timestamp: stamp(at - 60_000) },
    },
  };
}

export function contributorEvent(name: string, at: Instant): object {
  return {
    ...envelope("CloudWatch Alarm Contributor State Change", name, at),
    detail: {
      alarmName: name,
      configuration: configuration(),
      alarmContributor: { id: "6d442278dba546f6", attributes: { InstanceId: "i-0123456789" } },
      state: { value: "ALARM", reason: "Threshold Crossed", timestamp: stamp(at) },
    },
  };
}

export function deletionEvent(name: string, at: Instant): object {
  return {
    ...envelope("CloudWatch Alarm Configuration Change", name, at),
    detail: {
      alarmName: name,
      operation: "delete",
      configuration: { ...configuration(), actionsEnabled: true, alarmActions: [], okActions: [] },
      state: { value: "ALARM", reason: "Threshold Crossed", timestamp: stamp(at) },
    },
  };
}

export function actionDocument(name: string, at: Instant): object {
  return {
    source: "aws.cloudwatch",
    alarmArn: alarmArn(name),
    accountId: account,
    time: stamp(at),
    region,
    alarmData: {
      alarmName: name,
      state: { value: "ALARM", reason: "Threshold Crossed", timestamp: stamp(at) },
      previousState: { value: "OK", reason: "Threshold Crossed", timestamp: stamp(at - 60_000) },
      configuration: configuration(),
    },
  };
}

/** Design: what an auditing operation puts on the findings bus. */
export function findingDetail(resource: string, at: Instant): object {
  return {
    version: 1,
    operation: "sandbox",
    rule: "proof",
    resource,
    state: "raised",
    severity: "P2",
    message: "a finding from the sandbox",
    remedy: "none: it is a proof",
    at: new Date(at).toISOString(),
  };
}

function envelope(type: string, name: string, at: Instant): object {
  return {
    version: "0",
    id: crypto.randomUUID(),
    "detail-type": type,
    source: "aws.cloudwatch",
    account,
    time: `${new Date(at).toISOString().slice(0, 19)}Z`,
    region,
    resources: [alarmArn(name)],
  };
}

function configuration(): object {
  const metric = { namespace: "Sandbox", name: "Load", dimensions: { Host: "one" } };
  return { metrics: [{ id: "m1", metricStat: { metric, period: 60, stat: "Minimum" }, returnData: true }] };
}

/** CloudWatch writes the offset without a colon. */
function stamp(at: Instant): string {
  return new Date(at).toISOString().replace("Z", "+0000");
}
