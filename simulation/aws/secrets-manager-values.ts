import {
  type BatchGetSecretValueCommandInput,
  type BatchGetSecretValueCommandOutput,
  type CreateSecretCommandInput,
  type GetSecretValueCommandInput,
  type GetSecretValueCommandOutput,
  type PutSecretValueCommandInput,
  type PutSecretValueCommandOutput,
  ResourceNotFoundException,
  type UpdateSecretVersionStageCommandInput,
} from "@aws-sdk/client-secrets-manager";
import { second } from "../../shared/instant.ts";
import {
  bad,
  changed,
  exists,
  invalidParameter,
  livingSecret,
  moveStage,
  refuseUnknown,
  remember,
  type Secret,
  type Service,
  secretNamed,
  startOfDay,
  versionWith,
} from "./secrets-manager-secret.ts";

const ok = { $metadata: { httpStatusCode: 200 } };

export function createSecret(service: Service, input: CreateSecretCommandInput): object {
  refuseUnknown("CreateSecretCommand", input, ["Name", "SecretString", "ClientRequestToken", "Tags", "KmsKeyId"]);
  const { Name = "", SecretString, ClientRequestToken = "", KmsKeyId, Tags = [] } = input;
  const { account, region } = service.home;
  const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${Name}-${suffixOf(Name)}`;
  if (service.secrets.has(arn)) {
    throw exists("The operation failed because the secret already exists.");
  }
  const now = service.now();
  const secret: Secret = {
    ...{ arn, name: Name, keyId: KmsKeyId ?? null, createdAt: now, changedAt: now },
    ...{ rotatedAt: null, accessedAt: null, deletedAt: null, rotation: null, nextRotationAt: null },
    ...{ owningService: null, type: null, primaryRegion: null, replicas: [], versions: new Map() },
    tags: new Map(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
  };
  const version = ClientRequestToken || `00000000-0000-4000-8000-${String(service.secrets.size).padStart(12, "0")}`;
  if (SecretString !== undefined) {
    secret.versions.set(version, { value: SecretString, stages: new Set(["AWSCURRENT"]), createdAt: now });
  }
  service.secrets.set(arn, secret);
  remember(service, secret);
  return { ...ok, ARN: arn, Name, ...(SecretString === undefined ? {} : { VersionId: version }) };
}

/** Six characters, as the service adds them; of the name, because random ones would make two runs of a seed differ. */
function suffixOf(name: string): string {
  const sum = [...name].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 2 ** 31, 7);
  return sum.toString(36).padStart(6, "0").slice(-6);
}

export function getSecretValue(service: Service, input: GetSecretValueCommandInput): GetSecretValueCommandOutput {
  refuseUnknown("GetSecretValueCommand", input, ["SecretId", "VersionId", "VersionStage"]);
  const secret = livingSecret(service, input.SecretId);
  const { VersionId, VersionStage = VersionId === undefined ? "AWSCURRENT" : undefined } = input;
  const id = VersionId ?? versionWith(secret, VersionStage ?? "");
  const version = id === null ? undefined : secret.versions.get(id);
  const isYoung = version !== undefined && service.now() - version.createdAt < 2 * second;
  const fits = version !== undefined && (VersionStage === undefined || version.stages.has(VersionStage));
  if (id === null || !fits || version.value === null || (isYoung && service.stale())) {
    const what = VersionId === undefined ? `staging label: ${VersionStage}` : `VersionId: ${VersionId}`;
    throw new ResourceNotFoundException({
      message: `Secrets Manager can't find the specified secret value for ${what}`,
      ...bad,
    });
  }
  secret.accessedAt = startOfDay(service.now());
  const { value, stages, createdAt } = version;
  return {
    ...ok,
    ...{ ARN: secret.arn, Name: secret.name, VersionId: id, SecretString: value, VersionStages: [...stages] },
    CreatedDate: new Date(createdAt),
  };
}

const maximumBatch = 20;

export function batchGetSecretValue(
  service: Service,
  input: BatchGetSecretValueCommandInput,
): BatchGetSecretValueCommandOutput {
  refuseUnknown("BatchGetSecretValueCommand", input, ["SecretIdList"]);
  const { SecretIdList = [] } = input;
  if (SecretIdList.length === 0 || SecretIdList.length > maximumBatch) {
    throw invalidParameter(`SecretIdList has 1 to ${maximumBatch} entries`);
  }
  const SecretValues: BatchGetSecretValueCommandOutput["SecretValues"] = [];
  const Errors: BatchGetSecretValueCommandOutput["Errors"] = [];
  for (const SecretId of SecretIdList) {
    try {
      const { $metadata: _, ...value } = getSecretValue(service, { SecretId });
      SecretValues.push(value);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      Errors.push({ SecretId, ErrorCode: error.name, Message: error.message });
    }
  }
  return { ...ok, SecretValues, Errors };
}

export function putSecretValue(service: Service, input: PutSecretValueCommandInput): PutSecretValueCommandOutput {
  const known = ["SecretId", "ClientRequestToken", "SecretString", "VersionStages", "RotationToken"];
  refuseUnknown("PutSecretValueCommand", input, known);
  const secret = livingSecret(service, input.SecretId);
  const { ClientRequestToken: id = "", SecretString = "", VersionStages: stages = ["AWSCURRENT"] } = input;
  if (id.length < 32 || id.length > 64) throw invalidParameter("ClientRequestToken has 32 to 64 characters");
  if (Buffer.byteLength(SecretString) > maximumValueBytes) throw invalidParameter("SecretString is too long");
  const before = secret.versions.get(id);
  if (before !== undefined && before.value !== null && before.value !== SecretString) {
    throw exists(
      "A resource with the ID you requested already exists: versions are not changed once they have a value",
    );
  }
  if (before?.value === undefined || before.value === null) {
    const createdAt = before?.createdAt ?? service.now();
    secret.versions.set(id, { value: SecretString, stages: before?.stages ?? new Set(), createdAt });
  }
  // A value that is stored by hand ends a rotation that is under way.
  const pending = versionWith(secret, "AWSPENDING");
  if (stages.includes("AWSCURRENT") && pending !== null && pending !== id) {
    secret.versions.get(pending)?.stages.delete("AWSPENDING");
  }
  for (const stage of stages) moveStage(secret, stage, id);
  changed(service, secret);
  return { ...ok, ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: stages };
}

const maximumValueBytes = 65_536;

export function updateSecretVersionStage(service: Service, input: UpdateSecretVersionStageCommandInput): object {
  const known = ["SecretId", "VersionStage", "MoveToVersionId", "RemoveFromVersionId"];
  refuseUnknown("UpdateSecretVersionStageCommand", input, known);
  const secret = livingSecret(service, input.SecretId);
  const { VersionStage: stage = "", MoveToVersionId: to, RemoveFromVersionId: from } = input;
  const holder = versionWith(secret, stage);
  for (const id of [to, from]) {
    if (id !== undefined && !secret.versions.has(id)) {
      throw new ResourceNotFoundException({
        message: `Secrets Manager can't find the specified secret version: ${id}.`,
        ...bad,
      });
    }
  }
  if (to === undefined && stage === "AWSCURRENT") throw invalidParameter("AWSCURRENT can be moved, not removed");
  if (from !== undefined && from !== holder) {
    throw invalidParameter(`The staging label ${stage} is not attached to version ${from}`);
  }
  if (to !== undefined && holder !== null && to !== holder && from === undefined) {
    throw invalidParameter(`${stage} is attached to version ${holder}: RemoveFromVersionId must name it`);
  }
  if (to === undefined) secret.versions.get(from ?? "")?.stages.delete(stage);
  else {
    moveStage(secret, stage, to);
    const promoted = secret.versions.get(to)?.stages;
    if (stage === "AWSCURRENT" && promoted?.has("AWSPENDING")) {
      if (!service.keepsPending) promoted.delete("AWSPENDING");
      secret.rotatedAt = service.now();
    }
  }
  changed(service, secret);
  return { ...ok, ARN: secret.arn, Name: secret.name };
}

export function deleteSecret(service: Service, id: string | undefined): object {
  const secret = secretNamed(service, id);
  secret.deletedAt = service.now();
  changed(service, secret);
  return { ...ok, ARN: secret.arn, Name: secret.name };
}
