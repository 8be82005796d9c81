import { AlarmType } from "@aws-sdk/client-cloudwatch";
import type { AlarmRecord } from "./aws/cloudwatch-alarms.ts";
import type { Chance } from "./chance.ts";

export const account = "111122223333";
export const region = "eu-west-1";

/** One alarm of the example estate. */
export interface EstateAlarm {
  name: string;
  tags: Readonly<Record<string, string>>;
  namespace: string;
  metric: string;
  /** Composite alarms have one. */
  alarmRule?: string;
  /** Also acts on the topic, or invokes the function itself, beside the rule that catches every alarm. */
  also?: "topic" | "action";
}

const tags = (tier: string, service?: string): Record<string, string> => ({
  "nightshift:tier": tier,
  ...(service === undefined ? {} : { "nightshift:service": service }),
});

const alb = { namespace: "AWS/ApplicationELB", metric: "HTTPCode_Target_5XX_Count" };
const latency = { namespace: "AWS/ApplicationELB", metric: "TargetResponseTime" };
const cpu = { namespace: "AWS/EC2", metric: "CPUUtilization" };
const queue = { namespace: "AWS/SQS", metric: "ApproximateAgeOfOldestMessage" };
const database = { namespace: "AWS/RDS", metric: "DatabaseConnections" };

/** A small shop: a checkout that must not fail, and what stands around it. */
export const estate: readonly EstateAlarm[] = [
  { name: "checkout-unavailable", tags: tags("critical", "checkout"), ...alb, also: "topic" },
  { name: "checkout-errors", tags: tags("high", "checkout"), ...alb },
  { name: "checkout-latency", tags: tags("medium", "checkout"), ...latency, also: "action" },
  { name: "orders-database", tags: tags("critical"), ...database, also: "action" },
  { name: "orders-queue-age", tags: tags("high"), ...queue },
  { name: "search-errors", tags: tags("high", "search"), ...alb, also: "topic" },
  { name: "search-cost-trend", tags: tags("low", "search"), namespace: "AWS/Billing", metric: "EstimatedCharges" },
  { name: "mail-latency", tags: tags("medium"), ...latency },
  { name: "mail-queue-age", tags: tags("medium"), ...queue },
  { name: "reports-cpu", tags: {}, ...cpu },
  { name: "reports-disk", tags: tags("low"), namespace: "CWAgent", metric: "disk_used_percent" },
  { name: "images-cpu", tags: tags("medium"), ...cpu, also: "topic" },
  { name: "licences-expire", tags: tags("low"), namespace: "Shop", metric: "DaysLeft" },
  { name: "payments-slow", tags: tags("medium"), ...latency },
  { name: "payments-failing", tags: tags("high"), ...alb, also: "topic" },
  {
    name: "payments-broken",
    tags: tags("high"),
    namespace: "",
    metric: "",
    alarmRule: 'ALARM("payments-slow") AND ALARM("payments-failing")',
  },
  { name: "fleet-by-instance", tags: tags("high"), ...cpu },
];

export function arnOf(name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
}

/** One of many alike: what fires in a storm. */
export function hostAlarm(index: number, chance: Chance): EstateAlarm {
  return { name: `host-${index}-unhealthy`, tags: tags(chance.pick(["high", "high", "medium"])), ...cpu };
}

export function recordOf({ name, tags: own, alarmRule }: EstateAlarm, at: number): AlarmRecord {
  return {
    arn: arnOf(name),
    name,
    type: alarmRule === undefined ? AlarmType.MetricAlarm : AlarmType.CompositeAlarm,
    state: "OK",
    stateAt: at,
    updatedAt: at,
    reason: "Unchecked: Initial alarm creation",
    ...(alarmRule === undefined ? {} : { alarmRule }),
    actionsEnabled: true,
    tags: own,
  };
}
