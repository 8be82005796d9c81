import { GetSecretValueCommand, ResourceNotFoundException } from "@aws-sdk/client-secrets-manager";
import { type Failure, failure } from "./failure.ts";
import type { Outside } from "./outside.ts";
import type { Value } from "./value.ts";

/** The value that a stage is on; null when there is none, or when that version has no value. */
export function readStage(
  outside: Pick<Outside, "secrets">,
  arn: string,
  stage: string,
): Promise<Value | Failure | null> {
  return read(outside, { SecretId: arn, VersionStage: stage });
}

/**
 * The value of a version, which must have that stage: both are asked for, so that a change by hand in between is noticed. Null
 * when it has not, or has no value.
 */
export function readVersion(
  outside: Pick<Outside, "secrets">,
  arn: string,
  version: string,
  stage?: string,
): Promise<Value | Failure | null> {
  return read(outside, { SecretId: arn, VersionId: version, VersionStage: stage });
}

interface Wanted {
  SecretId: string;
  VersionId?: string | undefined;
  VersionStage?: string | undefined;
}

async function read({ secrets }: Pick<Outside, "secrets">, wanted: Wanted): Promise<Value | Failure | null> {
  try {
    const { VersionId = "", SecretString, CreatedDate } = await secrets.send(new GetSecretValueCommand(wanted));
    if (SecretString === undefined) {
      return failure("malformed", "its value is binary", "store text: Nightshift rotates nothing that is binary");
    }
    return { version: VersionId, text: SecretString, createdAt: CreatedDate?.getTime() ?? 0 };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    if (isKeyProblem(error)) {
      return failure(
        "kms",
        "its encryption key cannot be used",
        "enable the key, or let the function's role use it: kms:Decrypt and kms:GenerateDataKey",
      );
    }
    throw error;
  }
}

/** Secrets Manager says so in several ways, and IAM in one more. */
export function isKeyProblem(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "DecryptionFailure" || error.name === "EncryptionFailure") return true;
  return error.name === "AccessDeniedException" && /\bKMS\b|\bkms:/.test(error.message);
}
