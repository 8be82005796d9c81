import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Ownership } from "./skips.ts";
import type { Stages } from "./stages.ts";
import { tagsFrom } from "./tags.ts";

/** A secret as DescribeSecret tells it. */
export interface Described extends Ownership {
  arn: string;
  name: string;
  /** Null where it does not say: then nobody has turned rotation off. */
  rotationEnabled: boolean | null;
  rotationFunction: string | null;
  /** Null for the key that AWS manages. */
  keyId: string | null;
  stages: Stages;
}

export async function describe(secrets: Pick<SecretsManagerClient, "send">, id: string): Promise<Described> {
  return describedFrom(await secrets.send(new DescribeSecretCommand({ SecretId: id })));
}

/** Null when there is no such secret. */
export async function describeIfThere(
  secrets: Pick<SecretsManagerClient, "send">,
  id: string,
): Promise<Described | null> {
  try {
    return await describe(secrets, id);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}

/** Of a list's entry too, which has the same fields but for the labels. */
export function describedFrom(secret: Partial<DescribeSecretCommandOutput>): Described {
  return {
    arn: secret.ARN ?? "",
    name: secret.Name ?? "",
    tags: tagsFrom(secret.Tags),
    owningService: secret.OwningService ?? null,
    type: secret.Type ?? null,
    primaryRegion: secret.PrimaryRegion ?? null,
    deletedAt: secret.DeletedDate?.getTime() ?? null,
    rotationEnabled: secret.RotationEnabled ?? null,
    rotationFunction: secret.RotationLambdaARN ?? null,
    keyId: secret.KmsKeyId ?? null,
    stages: secret.VersionIdsToStages ?? {},
  };
}
