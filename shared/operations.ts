/** Whether an operation does what it decides, or only says what it would do. */
export type Mode = "acts" | "recommends";

export interface Operation {
  /** The folder, the log field and (in camel case) the configuration key. */
  name: string;
  trigger: string;
  mode: Mode;
  /** Whether `nightshift freeze` stops it: it reads that before everything that it changes. */
  freezes: boolean;
  summary: string;
}

/** Every operation of the shift, in the order in which an alarm meets them. */
export const operations = [
  {
    name: "open-incidents",
    trigger: "alarms and findings, through a queue",
    mode: "acts",
    freezes: false,
    summary: "makes exactly one incident of everything that alarms, classified by policy",
  },
  {
    name: "escalate-incidents",
    trigger: "every minute",
    mode: "acts",
    freezes: false,
    summary: "reminds, escalates, resolves on time, and reconciles with CloudWatch",
  },
  {
    name: "notify-responders",
    trigger: "the ledger's stream, and every minute",
    mode: "acts",
    freezes: false,
    summary: "sends each page once, worst first, and retries what a channel refused",
  },
  {
    name: "rotate-secrets",
    trigger: "Secrets Manager, in four steps",
    mode: "acts",
    freezes: true,
    summary: "gives a secret a new credential without one failed login, and keeps the previous one alive for its grace",
  },
  {
    name: "heal-rotations",
    trigger: "every five minutes",
    mode: "acts",
    freezes: true,
    summary: "retires credentials whose grace is over, deploys readers anew, and repairs rotations that are stuck",
  },
  {
    name: "audit-secrets",
    trigger: "every hour",
    mode: "recommends",
    freezes: true,
    summary: "holds every secret to the policy, by the oldest credential that still works",
  },
  {
    name: "evaluate-scaling",
    trigger: "every minute, in shards through a queue",
    mode: "recommends",
    freezes: true,
    summary: "decides of each target whether it needs more or less capacity, says why, and does it where it is told to",
  },
  {
    name: "verify-backups",
    trigger: "every hour, and AWS Backup's events",
    mode: "recommends",
    freezes: false,
    summary: "holds every resource to its recovery point objective, by the instant to which it could be restored",
  },
] as const satisfies readonly Operation[];

export type OperationName = (typeof operations)[number]["name"];
