import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Ownership } from "./skips.ts";
import { tagsFrom } from "./tags.ts";

/** A secret as DescribeSecret tells it. */
export interface Described extends Ownership {
  arn: string;
  name: string;
  /** Null where it does not say: then nobody has turned rotation off. */
  rotationEnabled: boolean | null;
  rotationFunction: string | null;
  /** The labels of each version that has any. */
  stages: Readonly<Record<string, readonly string[]>>;
}

export async function describe(secrets: Pick<SecretsManagerClient, "send">, id: string): Promise<Described> {
  return describedFrom(await secrets.send(new DescribeSecretCommand({ SecretId: id })));
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
    stages: secret.VersionIdsToStages ?? {},
  };
}

/** The version that has a label; null when none has. */
export function versionAt({ stages }: Pick<Described, "stages">, stage: string): string | null {
  return Object.entries(stages).find(([, labels]) => labels.includes(stage))?.[0] ?? null;
}
