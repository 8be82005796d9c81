import * as z from "zod/mini";
import { backupRules } from "../backups/types.ts";
import { lintRules } from "../lint/types.ts";
import { severities } from "../severity.ts";
import { environments } from "./environments.ts";
import { name, positive } from "./primitives.ts";

// What the policy promises beside what the functions do today: it is held against itself, and what does not fit is told.

export const backups = z.strictObject({
  /** How often backups are made, by the policy's own schedule of backups. */
  schedule: z.enum(["none", "weekly", "daily", "continuous"]),
  /** By type of resource: how far the best mechanism of its backups is behind, at best. */
  floors: z.record(name, z.strictObject({ mechanism: z.string().check(z.minLength(1)), minutes: positive })),
  /** How far behind a snapshot is at best, whatever is backed up. */
  snapshotFloorMinutes: positive,
  toleranceSeconds: z.int().check(z.nonnegative(), z.maximum(3_600)),
  /** In which other regions there must be a copy, and how old it may be. */
  copies: z.array(z.strictObject({ region: name, objectiveMinutes: positive })),
  /** Other regions whose resources are held to the policy as well. */
  regions: z.array(name),
  lock: z.enum(["none", "governance", "compliance"]),
  /** Null: it is not looked at. */
  retentionDays: z.nullable(positive),
  severities: z.record(z.enum(backupRules), z.enum(severities)),
});

export const capacity = z.strictObject({
  /** What a service is planned to stay below, or to take, when nothing is wrong. */
  baseline: z.record(name, z.number().check(z.nonnegative())),
});

export const acknowledgement = z.strictObject({
  rule: z.enum(lintRules),
  path: z.string().check(z.minLength(1)),
  environment: z.optional(z.enum(environments)),
  reason: z.string().check(z.minLength(1)),
});

/** How long nobody can change or delete what verify-backups has written down. */
export const evidence = z.strictObject({
  lock: z.enum(["governance", "compliance"]),
  /** Compliance is named twice: nobody can undo it, AWS neither. */
  confirm: z.optional(z.literal("compliance")),
  years: z.int().check(z.minimum(1), z.maximum(30)),
});
