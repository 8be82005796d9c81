import * as z from "zod/mini";
import { severities } from "../severity.ts";
import { date, name, positive, wallTime, weekdays } from "./primitives.ts";

// What the configuration says of scaling: schema.ts puts it in its place.

const count = z.int().check(z.nonnegative(), z.maximum(1_000_000));
const text = z.string().check(z.minLength(1), z.maxLength(255));
const threshold = z.number().check(z.nonnegative());

export const scalingModes = ["recommend", "act"] as const;

/** CloudWatch's own, which can be asked for without being made. */
const statistic = z.enum(["Average", "Sum", "Minimum", "Maximum", "SampleCount"]);

/** A metric's period: CloudWatch keeps only whole minutes for longer than three hours. */
const periodSeconds = z.int().check(z.minimum(60), z.maximum(3_600), z.multipleOf(60));

/** Every point of so many minutes; or, where `points` is stated, so many of the one-minute points in them. */
const out = z.strictObject({ above: threshold, minutes: positive, points: z.optional(positive) });

const rule = z.strictObject({
  out,
  in: z.strictObject({ below: threshold, minutes: positive }),
  /** Whether twice the capacity means half the value. */
  dividesByCapacity: z.boolean(),
});

const source = z.strictObject({
  namespace: text,
  metric: text,
  dimensions: z.optional(z.record(text, text)),
  statistic,
  periodSeconds,
  /** The policy's, unless stated. */
  settleSeconds: z.optional(z.int().check(z.nonnegative(), z.maximum(3_600))),
  absence: z.enum(["unknown", "idle", "no-traffic"]),
});

const sourceOverride = z.partial(source);

/** What can be said of one target, or of all that carry a tag. */
const settings = {
  metrics: z.optional(z.record(name, sourceOverride)),
  minimum: z.optional(count),
  maximum: z.optional(count),
  mode: z.optional(z.enum(scalingModes)),
  /** What one unit of capacity costs an hour. */
  hourPrice: z.optional(z.number().check(z.nonnegative())),
};

const target = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ecs-service"), cluster: text, service: text, ...settings }),
  z.strictObject({ type: z.literal("auto-scaling-group"), group: text, ...settings }),
  z.strictObject({
    type: z.literal("scalable-target"),
    namespace: text,
    resource: text,
    dimension: text,
    ...settings,
  }),
  z.strictObject({ type: z.literal("metric"), metrics: z.record(name, sourceOverride) }),
]);

const tagged = z.strictObject({ key: text, value: text, ...settings });

/** When something of the calendar holds: on these days of the week, or on these dates; `to` may be on the next day. */
const hours = {
  name,
  targets: text,
  days: z.optional(z.array(z.enum(weekdays)).check(z.minLength(1))),
  dates: z.optional(z.array(date).check(z.minLength(1))),
  from: wallTime,
  to: wallTime,
};

export const scaling = z.strictObject({
  rules: z.record(name, rule),
  outMayMissPercent: z.int().check(z.nonnegative(), z.maximum(99)),
  settleSeconds: z.int().check(z.nonnegative(), z.maximum(3_600)),
  projectionMargin: threshold,
  minimum: count,
  out: z.strictObject({ percent: count, atLeast: positive }),
  in: z.strictObject({ step: positive }),
  cooldownSeconds: z.strictObject({ afterOut: count, afterIn: count }),
  stabilisation: z.strictObject({ shortestMinutes: count, longestMinutes: positive, forgetDays: positive }),
  sources: z.record(z.enum(["ecs-service", "auto-scaling-group"]), z.record(name, source)),
  targets: z.record(name, target),
  tagged: z.record(name, tagged),
  floors: z.array(z.strictObject({ ...hours, minimum: positive })),
  freezes: z.array(z.strictObject(hours)),
  cadence: z.strictObject({
    farPercent: z.int().check(z.minimum(0), z.maximum(100)),
    farMinutes: z.int().check(z.minimum(1), z.maximum(60)),
    askMinutes: z.int().check(z.minimum(1), z.maximum(60)),
  }),
  price: z.strictObject({ currency: text, perThousandMetrics: z.number().check(z.nonnegative()) }),
  severities: z.record(z.enum(["foreign-autoscaler", "target-gone", "not-applied", "at-maximum"]), z.enum(severities)),
  decisionRetentionDays: positive,
});
