import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  ResourceNotFoundException,
} from "@aws-sdk/client-secrets-manager";
import { Refused, Unavailable } from "../shared/failures.ts";
import { type Described, describedFrom } from "../shared/secrets/described.ts";
import { type Failure, isFailure, isPassing } from "../shared/secrets/failure.ts";
import type { SecretRecord } from "../shared/secrets/record.ts";
import { rotationOf } from "../shared/secrets/rotation.ts";
import { strategyNameOf } from "../shared/secrets/strategies.ts";
import type { Rotation, Strategy } from "../shared/secrets/strategy.ts";
import { kindTag } from "../shared/secrets/tags.ts";
import type { Value } from "../shared/secrets/value.ts";
import { quoted } from "../shared/text.ts";
import type { Cloud } from "./aws.ts";

export interface Found extends Described {
  /** Null for the key that AWS manages. */
  keyId: string | null;
}

/** By name or ARN. Throws `Refused` when there is none. */
export async function secretNamed({ outside, region, account }: Cloud, id: string): Promise<Found> {
  const described = await describeIfThere(outside, id);
  if (described !== null) return { ...describedFrom(described), keyId: described.KmsKeyId ?? null };
  throw new Refused(`there is no secret ${quoted(id)} in account ${account}, region ${region}`);
}

async function describeIfThere({ secrets }: Cloud["outside"], id: string): Promise<DescribeSecretCommandOutput | null> {
  try {
    return await secrets.send(new DescribeSecretCommand({ SecretId: id }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}

/** The strategy of a secret by its tags, its kind and what it holds. */
export async function strategyOf(
  { configuration, strategyNamed }: Cloud,
  secret: Found,
  value: Value,
): Promise<Strategy | Failure> {
  const name = strategyNameOf({ kind: secret.tags[kindTag] ?? "", tags: secret.tags }, value, configuration);
  return isFailure(name) ? name : await strategyNamed(name);
}

/** A rotation as a strategy sees it that is only asked, and never lets it note anything. */
export function questionOf(cloud: Cloud, { arn, name, tags }: Found, token: string): Rotation {
  return rotationOf(cloud, {
    ...{ secret: { arn, name, kind: tags[kindTag] ?? "", tags }, token, notes: {} },
    note: async () => {
      throw new Refused("what only asks notes nothing");
    },
  });
}

/** In one line: exit 3 for what may go away by itself, 2 for what will not. */
export function thrown({ name }: Found, failure: Failure): Refused | Unavailable {
  const text = `${name}: ${failure.message} (${failure.failed}); ${failure.remedy}`;
  return isPassing(failure) || failure.failed === "tls" ? new Unavailable(text) : new Refused(text);
}

/** Whether heal-rotations, or somebody who rolls back, is at the secret. */
export function isHeld({ retiringUntil }: SecretRecord, now: number): boolean {
  return retiringUntil !== null && retiringUntil > now;
}
