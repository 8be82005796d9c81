import * as z from "zod/mini";
import { secretRules } from "../secrets/rules.ts";
import { severities, tiers } from "../severity.ts";
import { api, webhook } from "./apis-schema.ts";
import { acknowledgement, backups, capacity, evidence } from "./policy-schema.ts";
import { date, name, pattern, positive, wallTime, weekdays } from "./primitives.ts";
import { scaling } from "./scaling-schema.ts";

// The one description of configuration: types, validation and (with each key's path) error messages come from here.
// zod/mini, because this file is bundled into every function.

const severity = z.enum(severities);
const tier = z.enum(tiers);
const webAddress = z.url({
  protocol: /^https?$/,
  error: "a web address, for example https://wiki.example.com/checkout",
});

const environment = z.strictObject({
  stability: z.enum(["unstable", "semi-stable", "stable", "highly-stable"]),
  data: z.enum(["synthetic", "sanitised", "real"]),
  recoveryTimeObjectiveMinutes: positive,
  recoveryPointObjectiveMinutes: positive,
  backupFrequency: z.enum(["weekly", "daily", "continuous"]),
  rollbackMinutes: z.strictObject({ critical: positive, normal: positive }),
});

const calendar = z.strictObject({
  timeZone: z.string().check(z.refine(isTimeZone, "an IANA time zone, for example Europe/Berlin")),
  businessDays: z.array(z.enum(weekdays)).check(z.minLength(1)),
  businessHours: z.strictObject({ from: wallTime, to: wallTime }),
  holidays: z.array(date),
  digestAt: wallTime,
});

const severitySetting = z.strictObject({
  description: z.string(),
  /** How the first page goes: at once, gathered for at most so long, or in the next digest. */
  firstPage: z.union([z.literal("at-once"), z.literal("digest"), z.strictObject({ gatherMinutes: positive })]),
  /** The promise that the first page keeps; null where the digest is the promise. */
  firstPageWithinMinutes: z.nullable(z.int().check(z.nonnegative())),
  acknowledge: z.union([z.literal("next-business-day"), z.strictObject({ minutes: positive })]),
  escalate: z.union([z.literal("never"), z.strictObject({ minutes: positive })]),
  /** How many levels of the team hear of it from the start. */
  initialLevels: positive,
  communication: z.enum(["status-page", "internal", "ticket"]),
});

const channel = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("sns") }),
  z.strictObject({ type: z.literal("log") }),
]);

const level = z.strictObject({
  /** Who is told at this level; the team's name and the level's number unless stated. */
  audience: z.optional(name),
  channels: z.array(channel).check(z.minLength(1)),
});

const routingRule = z.strictObject({
  name,
  match: z.strictObject({
    account: z.optional(pattern),
    region: z.optional(pattern),
    namespace: z.optional(pattern),
    metric: z.optional(pattern),
    alarmName: z.optional(pattern),
    dimensions: z.optional(z.record(z.string(), pattern)),
    tags: z.optional(z.record(z.string(), pattern)),
  }),
  service: z.optional(name),
  tier: z.optional(tier),
  severity: z.optional(severity),
  key: z.optional(name),
  team: z.optional(name),
});

// CloudWatch Logs refuses every other number, and would do so only in the middle of a deployment.
export const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const functionSetting = z.strictObject({
  memoryMegabytes: z.int().check(z.minimum(128), z.maximum(10_240)),
  timeoutSeconds: z.int().check(z.minimum(15), z.maximum(900)),
  logRetentionDays: z
    .int()
    .check(z.refine(isLogRetention, `a retention of CloudWatch Logs: ${logRetentions.join(", ")}`)),
});

/** How often a kind of secret is rotated; null where its value says itself when it ends. */
const secretKind = z.strictObject({ rotateDays: z.nullable(positive), strategy: z.optional(name) });

const secrets = z.strictObject({
  kinds: z.record(name, secretKind),
  certificates: z.strictObject({ renewDaysBefore: positive, renewLifetimeDividedBy: positive }),
  apis: z.record(name, api),
  webhooks: z.record(name, webhook),
  graceHours: positive,
  matches: z.array(z.strictObject({ secret: pattern, kind: name })),
  exemptions: z.array(z.strictObject({ secret: pattern, reason: z.string().check(z.minLength(1)), until: date })),
  unusedDays: positive,
  encryption: z.strictObject({ customerKey: z.boolean(), keys: z.array(pattern) }),
  severities: z.record(z.enum(secretRules), severity),
  readers: z.array(z.strictObject({ secret: pattern, cluster: name, service: name })),
});

/** Where in a network a function stands; null outside of any. */
const network = z.nullable(
  z.strictObject({
    vpc: z.string().check(z.regex(/^vpc-[0-9a-f]{8}([0-9a-f]{9})?$/, "a VPC's id, for example vpc-0a1b2c3d")),
    subnets: z
      .array(z.string().check(z.regex(/^subnet-[0-9a-f]{8}([0-9a-f]{9})?$/, "a subnet's id")))
      .check(z.minLength(1)),
    databases: z.array(
      z.strictObject({
        securityGroup: z.string().check(z.regex(/^sg-[0-9a-f]{8}([0-9a-f]{9})?$/, "a security group's id")),
        port: z.int().check(z.minimum(1), z.maximum(65_535)),
      }),
    ),
    endpoints: z.boolean(),
    routeTables: z.optional(
      z.array(z.string().check(z.regex(/^rtb-[0-9a-f]{8}([0-9a-f]{9})?$/, "a route table's id"))),
    ),
  }),
);

const mode = z.enum(["recommend", "act"]);

export const configurationSchema = z.strictObject({
  environment,
  calendar,
  tiers: z.record(tier, z.strictObject({ severity, conditions: z.array(z.string()) })),
  severities: z.record(severity, severitySetting),
  incidents: z.strictObject({
    stabilitySeconds: positive,
    reopenMinutes: positive,
    flapping: z.strictObject({ transitions: z.int().check(z.minimum(2), z.maximum(20)), minutes: positive }),
    blindAfterMinutes: positive,
    absentReconciles: positive,
    storm: z.strictObject({
      pages: positive,
      minutes: positive,
      summaryMinutes: positive,
      criticalSummaryMinutes: positive,
    }),
    unroutedTier: tier,
    unparsedSeverity: severity,
    blindSeverity: severity,
    blindIgnores: z.array(pattern),
    tagsMaximumAgeMinutes: positive,
    statusEntry: z.enum(["publish", "approve"]),
    review: z.strictObject({ afterHours: positive, withinHours: positive }),
    retentionDays: positive,
  }),
  findings: z.strictObject({
    cadenceMinutes: positive,
    cadences: z.record(z.string(), positive),
  }),
  services: z.record(
    name,
    z.strictObject({ tier: z.optional(tier), team: z.optional(name), runbook: z.optional(webAddress) }),
  ),
  teams: z.record(name, z.strictObject({ levels: z.array(level).check(z.minLength(1), z.maxLength(10)) })),
  defaultTeam: name,
  routing: z.array(routingRule),
  secrets,
  network,
  backups,
  capacity,
  acknowledgements: z.array(acknowledgement),
  scaling,
  openIncidents: z.extend(functionSetting, {
    batchSize: z.int().check(z.minimum(1), z.maximum(10)),
    maximumConcurrency: z.int().check(z.minimum(2), z.maximum(1000)),
  }),
  escalateIncidents: functionSetting,
  notifyResponders: z.extend(functionSetting, {
    maximumAttempts: positive,
    firstBackoffSeconds: positive,
    longestBackoffSeconds: positive,
  }),
  rotateSecrets: functionSetting,
  auditSecrets: z.extend(functionSetting, {
    mode,
    rotationsAtOncePerHost: positive,
    quotaPercent: z.int().check(z.minimum(1), z.maximum(100)),
  }),
  healRotations: z.extend(functionSetting, { mode, stuckAfterMinutes: positive }),
  verifyBackups: z.extend(functionSetting, { evidence }),
  evaluateScaling: z.extend(functionSetting, {
    mode,
    maximumConcurrency: z.int().check(z.minimum(2), z.maximum(1000)),
    quotaPercent: z.int().check(z.minimum(1), z.maximum(100)),
  }),
});

export type Configuration = z.infer<typeof configurationSchema>;
export type RoutingRule = Configuration["routing"][number];
export type Channel = z.infer<typeof channel>;

export function isLogRetention(days: number): boolean {
  return logRetentions.includes(days);
}

/** The first formatter of a process takes ten milliseconds, for which the cold start of a function with overrides would wait. */
export function isTimeZone(value: string): boolean {
  if (value === "UTC" || Intl.supportedValuesOf("timeZone").includes(value)) return true;
  // The list has one name for each zone; a formatter knows the others too.
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}
