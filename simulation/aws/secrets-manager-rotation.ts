import type {
  RotateSecretCommandInput,
  RotateSecretCommandOutput,
  RotationRulesType,
} from "@aws-sdk/client-secrets-manager";
import { day, type Instant } from "../../shared/instant.ts";
import {
  changed,
  invalidParameter,
  invalidRequest,
  livingSecret,
  moveStage,
  refuseUnknown,
  type Secret,
  type Service,
  startOfDay,
  versionWith,
} from "./secrets-manager-secret.ts";

export function rotateSecret(service: Service, input: RotateSecretCommandInput): RotateSecretCommandOutput {
  const known = ["SecretId", "ClientRequestToken", "RotationLambdaARN", "RotationRules", "RotateImmediately"];
  refuseUnknown("RotateSecretCommand", input, known);
  const secret = livingSecret(service, input.SecretId);
  const { RotationRules: rules, RotationLambdaARN, RotateImmediately = true } = input;
  checkRules(rules);
  if (secret.primaryRegion !== null && secret.primaryRegion !== service.home.region) {
    throw invalidRequest("You can't rotate a replica secret: rotate the primary secret.");
  }
  if (secret.owningService !== null) {
    throw invalidRequest(`You can't modify a secret that is managed by ${secret.owningService}.`);
  }
  const functionArn = RotationLambdaARN ?? secret.rotation?.functionArn ?? null;
  if (functionArn === null) throw invalidRequest("No Lambda rotation function ARN is associated with this secret.");
  if (isUnderway(secret)) {
    throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
  }
  const before = secret.rotation?.rules ?? {};
  secret.rotation = { enabled: true, functionArn, rules: rules ?? before };
  secret.nextRotationAt = nextRotation(secret, service.now());
  const token = input.ClientRequestToken ?? tokenOf(secret, service.now());
  begin(service, secret, token, !RotateImmediately);
  return { $metadata: { httpStatusCode: 200 }, ARN: secret.arn, Name: secret.name, VersionId: token };
}

/** The version is registered before it has a value; whoever listens calls the function. */
export function begin(service: Service, secret: Secret, token: string, testsOnly: boolean): void {
  const functionArn = secret.rotation?.functionArn;
  if (functionArn === undefined || functionArn === null) return;
  secret.versions.set(token, { value: null, stages: new Set(), createdAt: service.now() });
  moveStage(secret, "AWSPENDING", token);
  changed(service, secret);
  for (const tell of service.rotations) tell({ arn: secret.arn, token, functionArn, testsOnly });
}

export function isUnderway(secret: Secret): boolean {
  const pending = versionWith(secret, "AWSPENDING");
  return pending !== null && pending !== versionWith(secret, "AWSCURRENT");
}

/** After a rotation that succeeded, or was only a test. */
export function concluded(
  service: Service,
  secret: Secret,
  { testsOnly, token }: { testsOnly: boolean; token: string },
): void {
  if (testsOnly) secret.versions.get(token)?.stages.delete("AWSPENDING");
  else secret.nextRotationAt = nextRotation(secret, service.now());
  changed(service, secret);
}

/** Of a schedule in days: so many after the last rotation, on a day's beginning. */
export function nextRotation({ rotation, rotatedAt }: Secret, now: Instant): Instant | null {
  const days = rotation?.rules.AutomaticallyAfterDays;
  return days === undefined ? null : startOfDay((rotatedAt ?? now) + days * day);
}

/** A token of its own for each rotation, the same in two runs of a seed. */
export function tokenOf({ name, versions }: Secret, now: Instant): string {
  const digits = `${now.toString(16)}${versions.size.toString(16).padStart(4, "0")}${Buffer.from(name).toString("hex")}`;
  return digits.padEnd(32, "0").slice(0, 36);
}

function checkRules(rules: RotationRulesType | undefined): void {
  const { AutomaticallyAfterDays: days, ScheduleExpression: schedule } = rules ?? {};
  if (days !== undefined && schedule !== undefined) {
    throw invalidParameter("You can't specify both AutomaticallyAfterDays and ScheduleExpression.");
  }
  if (days !== undefined && (days < 1 || days > 1_000)) throw invalidParameter("AutomaticallyAfterDays is 1 to 1000");
}
