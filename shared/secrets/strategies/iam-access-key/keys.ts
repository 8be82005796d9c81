import {
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Instant } from "../../../instant.ts";
import { errorName, refusedBy } from "../../aws.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { Outside } from "../../outside.ts";
import { type Fields, fieldsOf, textField, type Value } from "../../value.ts";

/** What a secret holds: whose key it is, and the key. */
export interface UserKey {
  user: string;
  id: string;
  secret: string;
  fields: Fields;
}

/** Reads `userName`, `accessKeyId`, `secretAccessKey`. */
export function userKeyOf(value: Value): UserKey | Failure {
  const fields = fieldsOf(value);
  if (isFailure(fields)) return fields;
  const user = textField(fields, "userName");
  if (isFailure(user)) return user;
  const id = textField(fields, "accessKeyId");
  if (isFailure(id)) return id;
  const secret = textField(fields, "secretAccessKey");
  return isFailure(secret) ? secret : { user, id, secret, fields };
}

export interface ListedKey {
  id: string;
  isActive: boolean;
  createdAt: Instant;
}

/** A user has two keys at most, which are one page. */
export async function listKeys({ iam }: Pick<Outside, "iam">, user: string): Promise<ListedKey[] | Failure> {
  try {
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: user }));
    return AccessKeyMetadata.map(({ AccessKeyId = "", Status, CreateDate }) => ({
      id: AccessKeyId,
      isActive: Status === "Active",
      createdAt: CreateDate?.getTime() ?? 0,
    }));
  } catch (error) {
    return iamFailure("iam:ListAccessKeys", error);
  }
}

export async function deactivate({ iam }: Pick<Outside, "iam">, user: string, id: string): Promise<Failure | null> {
  try {
    await iam.send(new UpdateAccessKeyCommand({ UserName: user, AccessKeyId: id, Status: "Inactive" }));
    return null;
  } catch (error) {
    return errorName(error) === "NoSuchEntityException" ? null : iamFailure("iam:UpdateAccessKey", error);
  }
}

export async function remove({ iam }: Pick<Outside, "iam">, user: string, id: string): Promise<Failure | null> {
  try {
    await iam.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: id }));
    return null;
  } catch (error) {
    return errorName(error) === "NoSuchEntityException" ? null : iamFailure("iam:DeleteAccessKey", error);
  }
}

/** When it was last used; null when it never was, or is gone. */
export async function lastUse({ iam }: Pick<Outside, "iam">, id: string): Promise<{ at: Instant | null } | Failure> {
  try {
    const { AccessKeyLastUsed } = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
    return { at: AccessKeyLastUsed?.LastUsedDate?.getTime() ?? null };
  } catch (error) {
    if (errorName(error) === "NoSuchEntityException") return { at: null };
    return iamFailure("iam:GetAccessKeyLastUsed", error);
  }
}

/**
 * Proves with AWS that the key works and belongs to the user that the secret names. A new key is not known everywhere at once:
 * it is asked so many times.
 */
export async function identityFailure(outside: Outside, key: UserKey, attempts: number): Promise<Failure | null> {
  const sts = outside.sts({ accessKeyId: key.id, secretAccessKey: key.secret });
  for (let attempt = 0; ; attempt++) {
    try {
      const { Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
      return userIn(Arn) === key.user ? null : strangerFailure();
    } catch (error) {
      if (!isUnknownKey(error)) return refusedBy("STS", "sts:GetCallerIdentity", error);
      if (attempt + 1 >= attempts) return unknownKeyFailure();
    }
    await outside.pause(attempt);
  }
}

/** `arn:aws:iam::123456789012:user/path/name`. */
function userIn(arn: string): string | null {
  return /^arn:[^:]+:iam::[^:]*:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1] ?? null;
}

function isUnknownKey(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A clock that is wrong is told by the same name, and says nothing of the key.
  if (error.name === "SignatureDoesNotMatch") return !/^Signature (expired|not yet current)/.test(error.message);
  return error.name === "InvalidClientTokenId" || error.name === "UnrecognizedClientException";
}

function unknownKeyFailure(): Failure {
  return failure("authentication", "AWS does not know the access key", "look whether it was deleted or deactivated");
}

function strangerFailure(): Failure {
  const remedy = "correct userName: it must be the user whose key the secret holds";
  return failure("policy", "the access key belongs to another user than the secret names", remedy);
}

export function iamFailure(action: string, error: unknown): Failure {
  switch (errorName(error)) {
    case "NoSuchEntityException":
      return failure("malformed", "there is no such IAM user", "correct the field userName");
    case "LimitExceededException":
      return failure("policy", "the user has two access keys already", "delete the one that nobody uses");
    default:
      return refusedBy("IAM", action, error);
  }
}
