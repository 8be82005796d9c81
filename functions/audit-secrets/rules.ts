import type { Configuration } from "../../shared/configuration/schema.ts";
import { fits } from "../../shared/incident/classify.ts";
import { day, type Instant, iso, minute } from "../../shared/instant.ts";
import { isFailure } from "../../shared/secrets/failure.ts";
import { kindTag, strategyTag } from "../../shared/secrets/tags.ts";
import { quoted, suggestion } from "../../shared/text.ts";
import { ending, type Found, inDays, type Trouble } from "./found.ts";
import { kindOf } from "./kind.ts";
import type { Observed, Secret } from "./observed.ts";
import { nextRotationPast, ofInterval, stuckPending } from "./rotation-rules.ts";
import { certificateTiming } from "./verdict.ts";

export interface Rules {
  policy: Configuration;
  /** The strategies that exist. */
  strategies: readonly string[];
}

/**
 * What is wrong with a secret that is held to the policy, in the order of the rules. `seenPendingAt` is when its pending version
 * was first seen; null when it was not seen before.
 */
export function findingsOf(observed: Observed, now: Instant, seenPendingAt: Instant | null, rules: Rules): Found[] {
  const { policy, strategies } = rules;
  const { secret } = observed;
  const kind = kindOf(secret, policy);
  const troubles: (Trouble | null)[] = [
    ...(kind.name === null || kind.intervalDays === null ? [] : ofInterval(observed, kind, now, policy)),
    nextRotationPast(secret, now),
    stuckPending(observed, seenPendingAt, now, policy),
    rotationFailed(observed),
    unused(secret, now, policy),
    keyWrong(secret, policy),
    keyMissing(observed),
    replicaOutOfSync(observed, now, policy),
    certificateExpiring(observed, now, policy),
    kind.name === null ? { rule: "kind-unknown", message: kind.problem, remedy: kindRemedy(secret, policy) } : null,
    malformed(observed, strategies),
  ];
  const { severities } = policy.secrets;
  return troubles.flatMap((trouble) => (trouble === null ? [] : [{ severity: severities[trouble.rule], ...trouble }]));
}

function kindRemedy({ arn }: Secret, { secrets }: Configuration): string {
  const kinds = Object.keys(secrets.kinds).join(", ");
  return `aws secretsmanager tag-resource --secret-id ${arn} --tags Key=${kindTag},Value=KIND (${kinds}), or exempt it in secrets.exemptions`;
}

function rotationFailed({ record }: Observed): Trouble | null {
  const failed = record?.failed ?? null;
  if (failed === null) return null;
  const { step, reason, message, remedy, at } = failed;
  return { rule: "rotation-failed", message: `${step} failed at ${iso(at)} (${reason}): ${message}`, remedy };
}

function unused({ arn, accessedAt, createdAt }: Secret, now: Instant, { secrets }: Configuration): Trouble | null {
  const since = accessedAt ?? createdAt;
  if (now - since <= secrets.unusedDays * day) return null;
  const what = accessedAt === null ? "nobody has ever read it, since it was created" : "nobody has read it for";
  return {
    rule: "unused",
    message: `${what} ${inDays(now - since)}${accessedAt === null ? " ago" : ""}; ${secrets.unusedDays} days are allowed`,
    remedy: `make its credential fail where it is used, and then: aws secretsmanager delete-secret --secret-id ${arn} --recovery-window-in-days 30`,
  };
}

const awsKey = "alias/aws/secretsmanager";

function keyWrong({ arn, key }: Secret, { secrets }: Configuration): Trouble | null {
  const { customerKey, keys } = secrets.encryption;
  const named = key ?? awsKey;
  const isAws = named === awsKey || named.endsWith(`:${awsKey}`);
  const isAllowed = keys.length === 0 || keys.some((pattern) => fits(pattern, named));
  if (isAllowed && !(customerKey && isAws)) return null;
  const wanted = keys.length === 0 ? "a key of your own is wanted" : `allowed are ${keys.join(", ")}`;
  const remedy = `aws secretsmanager update-secret --secret-id ${arn} --kms-key-id KEY`;
  return { rule: "key-wrong", message: `it is encrypted with ${named}; ${wanted}`, remedy };
}

function keyMissing({ secret, key }: Observed): Trouble | null {
  if (key === null || key === "usable") return null;
  return {
    rule: "key-missing",
    message: `its key ${secret.key} is ${key}: nobody can read the secret`,
    remedy:
      key === "disabled"
        ? `aws kms enable-key --key-id ${secret.key}`
        : `aws kms cancel-key-deletion --key-id ${secret.key} if it is not too late; else store the value anew under another key`,
  };
}

function replicaOutOfSync({ secret, replicas }: Observed, now: Instant, policy: Configuration): Trouble | null {
  // What changed a moment ago is still on its way.
  const isOnItsWay = now - (secret.changedAt ?? secret.createdAt) <= policy.healRotations.stuckAfterMinutes * minute;
  const behind = (replicas ?? []).filter(
    ({ status }) => status !== "InSync" && !(status === "InProgress" && isOnItsWay),
  );
  if (behind.length === 0) return null;
  const regions = behind.map(({ region, status }) => `${region} (${status})`).join(", ");
  const [first] = behind;
  return {
    rule: "replica-out-of-sync",
    message: `of ${replicas?.length ?? 0} replicas ${behind.length} have not the current value: ${regions}`,
    remedy: `aws secretsmanager replicate-secret-to-regions --secret-id ${secret.arn} --add-replica-regions Region=${first?.region} --force-overwrite-replica-secret`,
  };
}

function certificateExpiring({ secret, certificate }: Observed, now: Instant, policy: Configuration): Trouble | null {
  if (certificate === null || isFailure(certificate)) return null;
  const { dueAt, isLate, isPressing } = certificateTiming(certificate, now, policy);
  if (!isLate) return null;
  return {
    rule: "certificate-expiring",
    ...(isPressing ? { severity: "P1" } : {}),
    message: `${ending(certificate.notAfter, now)}; its renewal was due at ${iso(dueAt)}`,
    remedy: `renew it, and store it in the secret ${secret.name}`,
  };
}

function malformed({ secret, certificate }: Observed, strategies: readonly string[]): Trouble | null {
  const strategy = secret.tags[strategyTag];
  if (strategy !== undefined && !strategies.includes(strategy)) {
    return {
      rule: "secret-malformed",
      message: `its tag ${strategyTag} names ${quoted(strategy)}, which is no strategy${suggestion(strategy, strategies)}`,
      remedy: `tag it with one of ${strategies.join(", ")}, or remove the tag`,
    };
  }
  if (certificate === null || !isFailure(certificate)) return null;
  return { rule: "secret-malformed", message: certificate.message, remedy: certificate.remedy };
}
