import type {
  DescribeSecretCommandInput,
  DescribeSecretCommandOutput,
  Filter,
  ListSecretsCommandInput,
  ListSecretsCommandOutput,
  ListSecretVersionIdsCommandInput,
  ListSecretVersionIdsCommandOutput,
  SecretListEntry,
} from "@aws-sdk/client-secrets-manager";
import type { Instant } from "../../shared/instant.ts";
import { invalidParameter, refuseUnknown, type Secret, type Service, secretNamed } from "./secrets-manager-secret.ts";

const ok = { $metadata: { httpStatusCode: 200 } };

export function describeSecret(service: Service, input: DescribeSecretCommandInput): DescribeSecretCommandOutput {
  refuseUnknown("DescribeSecretCommand", input, ["SecretId"]);
  const secret = secretNamed(service, input.SecretId);
  const { SecretVersionsToStages, ...common } = entryOf(secret);
  return {
    ...ok,
    ...common,
    VersionIdsToStages: SecretVersionsToStages,
    ...(secret.replicas.length > 0 ? { ReplicationStatus: secret.replicas } : {}),
  };
}

const largestPage = 100;

export function listSecrets(service: Service, input: ListSecretsCommandInput): ListSecretsCommandOutput {
  refuseUnknown("ListSecretsCommand", input, ["MaxResults", "NextToken", "Filters", "IncludePlannedDeletion"]);
  const { MaxResults = largestPage, NextToken, Filters = [], IncludePlannedDeletion = false } = input;
  if (MaxResults < 1 || MaxResults > largestPage) throw invalidParameter(`MaxResults is 1 to ${largestPage}`);
  const asOf = service.now() - service.lagMs();
  const from = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(from)) throw invalidParameter("NextToken is none of ours");
  const shown: Secret[] = [];
  let index = 0;
  let isMore = false;
  for (const arn of service.secrets.keys()) {
    const secret = toldOf(service, arn, asOf);
    if (secret === null || (secret.deletedAt !== null && !IncludePlannedDeletion) || !fits(secret, Filters)) continue;
    if (index++ < from) continue;
    if (shown.length === MaxResults) {
      isMore = true;
      break;
    }
    shown.push(secret);
  }
  const rest = isMore ? { NextToken: String(from + shown.length) } : {};
  return { ...ok, SecretList: shown.map(entryOf), ...rest };
}

/** As it was told at that instant; null when nobody had been told yet. */
function toldOf({ told }: Service, arn: string, asOf: Instant): Secret | null {
  return told.get(arn)?.findLast(({ at }) => at <= asOf)?.secret ?? null;
}

function fits(secret: Secret, filters: readonly Filter[]): boolean {
  return filters.every(({ Key, Values = [] }) => {
    // A value that begins with ! excludes; none of ours does.
    if (Key === "tag-key") return Values.some((value) => [...secret.tags.keys()].some((key) => key.startsWith(value)));
    if (Key === "name") return Values.some((value) => secret.name.startsWith(value));
    throw new Error(`the simulated Secrets Manager does not implement the filter ${Key}`);
  });
}

export function listSecretVersionIds(
  service: Service,
  input: ListSecretVersionIdsCommandInput,
): ListSecretVersionIdsCommandOutput {
  refuseUnknown("ListSecretVersionIdsCommand", input, ["SecretId", "IncludeDeprecated", "MaxResults"]);
  const secret = secretNamed(service, input.SecretId);
  const { IncludeDeprecated = false, MaxResults = largestPage } = input;
  if (MaxResults < 1 || MaxResults > largestPage) throw invalidParameter(`MaxResults is 1 to ${largestPage}`);
  const shown = [...secret.versions].filter(([, { stages }]) => IncludeDeprecated || stages.size > 0);
  const staged = shown.slice(0, MaxResults);
  const Versions = staged.map(([VersionId, { stages, createdAt }]) => ({
    VersionId,
    VersionStages: [...stages],
    CreatedDate: new Date(createdAt),
  }));
  return { ...ok, ARN: secret.arn, Name: secret.name, Versions };
}

function entryOf(secret: Secret): SecretListEntry {
  const { rotation, keyId, owningService, type, primaryRegion } = secret;
  const stages: Record<string, string[]> = {};
  for (const [id, version] of secret.versions) if (version.stages.size > 0) stages[id] = [...version.stages];
  return {
    ...{ ARN: secret.arn, Name: secret.name },
    ...(keyId === null ? {} : { KmsKeyId: keyId }),
    ...(rotation === null ? {} : { RotationEnabled: rotation.enabled, RotationRules: rotation.rules }),
    ...(rotation?.functionArn ? { RotationLambdaARN: rotation.functionArn } : {}),
    ...dated("CreatedDate", secret.createdAt),
    ...dated("LastChangedDate", secret.changedAt),
    ...dated("LastRotatedDate", secret.rotatedAt),
    ...dated("LastAccessedDate", secret.accessedAt),
    ...dated("DeletedDate", secret.deletedAt),
    ...dated("NextRotationDate", secret.nextRotationAt),
    ...(owningService === null ? {} : { OwningService: owningService }),
    ...(type === null ? {} : { Type: type }),
    ...(primaryRegion === null ? {} : { PrimaryRegion: primaryRegion }),
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
    SecretVersionsToStages: stages,
  };
}

function dated<Name extends string>(name: Name, at: Instant | null): { [name in Name]?: Date } {
  return at === null ? {} : ({ [name]: new Date(at) } as { [name in Name]: Date });
}
