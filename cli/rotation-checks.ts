import { DescribeKeyCommand, NotFoundException } from "@aws-sdk/client-kms";
import { ListSecretVersionIdsCommand } from "@aws-sdk/client-secrets-manager";
import { readFreeze } from "../shared/freezes.ts";
import { day, type Instant, iso } from "../shared/instant.ts";
import { notLookedAt, unseen } from "../shared/secrets/checks.ts";
import type { Described } from "../shared/secrets/described.ts";
import { failure } from "../shared/secrets/failure.ts";
import { isHeld } from "../shared/secrets/record.ts";
import { readRecord } from "../shared/secrets/records.ts";
import { versionAt, wasCurrent } from "../shared/secrets/stages.ts";
import type { Check } from "../shared/secrets/strategy.ts";
import type { Value } from "../shared/secrets/value.ts";
import type { Cloud } from "./aws.ts";

// What is looked at before a rotation whatever its strategy is. Each only asks.

/** A version that is pending blocks every later rotation. */
export function checkStages(secret: Described): Check {
  const what = "labels";
  const pending = versionAt(secret, "AWSPENDING");
  if (pending === null || pending === versionAt(secret, "AWSCURRENT"))
    return { what, seen: "no rotation is pending", failure: null };
  const problem = "a previous rotation is not complete: AWSPENDING stands on a version that is not the current one";
  if (wasCurrent(secret, pending)) {
    const left = "AWSPENDING stands on the previous version: a rollback has left it there, and no rotation can begin";
    const remedy = `aws secretsmanager update-secret-version-stage --secret-id ${secret.name} --version-stage AWSPENDING --remove-from-version-id ${pending}`;
    return { what, seen: left, failure: failure("policy", left, remedy) };
  }
  const remedy = "wait for it, or let heal-rotations repair it (healRotations.mode: act)";
  return { what, seen: problem, failure: failure("policy", problem, remedy) };
}

/** What only our own ledger knows. */
export async function checkRecord({ ledger, now }: Cloud, { arn }: Described): Promise<Check> {
  const what = "grace";
  if (ledger === null) return noLedger(what);
  const record = await readRecord(ledger, arn);
  const until: Instant | null = isHeld(record, now()) ? record.retiringUntil : record.graceUntil;
  if (until === null || until <= now()) return { what, seen: "no earlier credential is in its grace", failure: null };
  const problem = `the credential before the current one works until ${iso(until)}`;
  return { what, seen: problem, failure: failure("policy", problem, "wait until then") };
}

/** Whether somebody has frozen rotations: with that none begins, whoever asks for it. */
export async function checkFreeze({ ledger }: Cloud): Promise<Check> {
  const what = "freeze";
  if (ledger === null) return noLedger(what);
  const freeze = await readFreeze(ledger, "rotate-secrets");
  if (freeze === null) return { what, seen: "rotations are not frozen", failure: null };
  const { by, reason, at } = freeze;
  const problem = `rotations are frozen since ${iso(at)} by ${by}: ${reason}`;
  return { what, seen: problem, failure: failure("policy", problem, "nightshift thaw rotate-secrets") };
}

function noLedger(what: string): Check {
  return notLookedAt(what, "no ledger is named (--ledger)");
}

/** The state of a key of one's own. That it can be used is proven by the read itself. */
export async function checkKey({ kms }: Cloud, { keyId }: Described): Promise<Check> {
  const what = "key";
  if (keyId === null || keyId.endsWith("alias/aws/secretsmanager")) {
    return { what, seen: "AWS's own (aws/secretsmanager)", failure: null };
  }
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyId }));
    const state = KeyMetadata?.KeyState ?? "unknown";
    if (state === "Enabled") return { what, seen: "one of your own, enabled", failure: null };
    const problem = `its encryption key is not enabled but ${state}`;
    return {
      what,
      seen: problem,
      failure: failure("kms", problem, "enable the key, or encrypt the secret with another"),
    };
  } catch (error) {
    if (error instanceof NotFoundException) {
      const problem = "its encryption key does not exist any more";
      return { what, seen: problem, failure: failure("kms", problem, "encrypt the secret with another key") };
    }
    return unseen(what, error, "AWS KMS");
  }
}

/** Secrets Manager keeps a hundred versions, and none younger than a day is removed to make room. */
export async function checkQuota({ outside, now }: Cloud, { arn }: Described, { text }: Value): Promise<Check> {
  const what = "quota";
  const asked = new ListSecretVersionIdsCommand({
    SecretId: arn,
    IncludeDeprecated: true,
    MaxResults: maximumVersions,
  });
  const { Versions = [] } = await outside.secrets.send(asked);
  const young = Versions.filter(({ CreatedDate }) => now() - (CreatedDate?.getTime() ?? 0) < day).length;
  const bytes = Buffer.byteLength(text);
  const seen = `${Versions.length} versions, ${bytes} bytes`;
  if (young >= maximumVersions) {
    return {
      what,
      seen,
      failure: failure("policy", `${young} versions are younger than a day: no further one is taken`, "wait a day"),
    };
  }
  return { what, seen, failure: null };
}

const maximumVersions = 100;
