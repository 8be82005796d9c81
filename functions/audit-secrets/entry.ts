import type { SecretListEntry } from "@aws-sdk/client-secrets-manager";
import { tagsFrom } from "../../shared/secrets/tags.ts";
import type { Secret } from "./observed.ts";

/** One entry of the list; a sentence where it lacks what every secret has. */
export function secretFrom(entry: SecretListEntry): Secret | string {
  const { ARN, Name, CreatedDate } = entry;
  const name = Name ?? ARN ?? "a secret without a name";
  if (!ARN || !Name) return `${name}: the list does not tell its ARN and its name`;
  const createdAt = instant(CreatedDate);
  if (createdAt === null) return `${name}: the list does not tell when it was created`;
  return {
    ...{ arn: ARN, name: Name, tags: tagsFrom(entry.Tags), key: entry.KmsKeyId || null, createdAt },
    changedAt: instant(entry.LastChangedDate),
    rotatedAt: instant(entry.LastRotatedDate),
    accessedAt: instant(entry.LastAccessedDate),
    deletedAt: instant(entry.DeletedDate),
    rotation: rotationOf(entry),
    ...{ current: versionOn(entry, "AWSCURRENT"), pending: versionOn(entry, "AWSPENDING") },
    ...{ owningService: entry.OwningService || null, type: entry.Type || null },
    primaryRegion: entry.PrimaryRegion || null,
  };
}

function rotationOf(entry: SecretListEntry): Secret["rotation"] {
  if (entry.RotationEnabled !== true) return null;
  const { AutomaticallyAfterDays, ScheduleExpression, Duration } = entry.RotationRules ?? {};
  const hours = /^(\d+)h$/.exec(Duration ?? "")?.[1];
  return {
    lambda: entry.RotationLambdaARN || null,
    nextAt: instant(entry.NextRotationDate),
    rules: {
      afterDays: AutomaticallyAfterDays ?? null,
      expression: ScheduleExpression || null,
      windowHours: hours === undefined ? null : Number(hours),
    },
  };
}

function versionOn({ SecretVersionsToStages }: SecretListEntry, stage: string): string | null {
  const found = Object.entries(SecretVersionsToStages ?? {}).find(([, stages]) => stages.includes(stage));
  return found?.[0] ?? null;
}

/** A date that is none is as good as no date. */
function instant(date: Date | undefined): number | null {
  const at = date?.getTime();
  return at === undefined || Number.isNaN(at) ? null : at;
}
