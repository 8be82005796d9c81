import type { Instant } from "../../shared/instant.ts";
import { type Failure, failure } from "../../shared/secrets/failure.ts";
import { isHeld, type SecretRecord } from "../../shared/secrets/record.ts";
import { alienReason, type Ownership } from "../../shared/secrets/skips.ts";
import { type Stages, wasCurrent } from "../../shared/secrets/stages.ts";
import { kindTag } from "../../shared/secrets/tags.ts";

export const steps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;
export type Step = (typeof steps)[number];

/** What DescribeSecret says, as far as it decides whether a step is taken. */
export interface Subject extends Ownership {
  /** Null where it does not say: nobody has turned rotation off. */
  rotationEnabled: boolean | null;
  stages: Stages;
}

/** Whether a step is taken: `done` was done before, by an invocation whose reply was lost. */
export type Entry =
  | { verdict: "go"; kind: string; step: Step }
  | { verdict: "done" }
  | { verdict: "refused"; failure: Failure };

/**
 * The guards before every step, in the order of AWS's own templates; before them, whether the secret is ours at all.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export function enter(subject: Subject, step: string, token: string, region: string): Entry {
  const alien = alienReason(subject, region);
  if (alien !== null) return refused(`the secret is not rotated here: ${alien}`, "turn its rotation off");
  const kind = subject.tags[kindTag];
  if (kind === undefined) {
    return refused(`the secret has no tag ${kindTag}`, `tag it with its kind, or turn its rotation off`);
  }
  if (subject.rotationEnabled === false) return refused("its rotation is turned off", "turn it on: nightshift rotate");
  const labels = Object.hasOwn(subject.stages, token) ? (subject.stages[token] ?? []) : null;
  if (labels === null) return refused("the version that is to be made is not known to it", again);
  if (labels.includes("AWSCURRENT")) return { verdict: "done" };
  if (!labels.includes("AWSPENDING")) return refused("the version that is to be made is not pending any more", again);
  if (wasCurrent(subject, token))
    return refused("the version was the current one before, and was rolled back", unlabelled);
  const known = steps.find((each) => each === step);
  if (known === undefined) return refused("the step is none of the four", "call it from Secrets Manager");
  return { verdict: "go", kind, step: known };
}

const again = "rotate it again: nightshift rotate";
const unlabelled = "remove its label AWSPENDING (aws secretsmanager update-secret-version-stage), then rotate it again";

/** Whoever retires, repairs or rolls back has the secret for itself: both would change the same user. */
export function heldBy(record: SecretRecord, now: Instant): Failure | null {
  if (!isHeld(record, now)) return null;
  return failure("policy", "somebody retires or repairs a credential of this secret", "wait a few minutes");
}

/** Whether a rotation may begin: a third credential would end the first before its grace is over. */
export function mayBegin(record: SecretRecord, token: string, now: Instant): Failure | null {
  const held = heldBy(record, now);
  if (held !== null) return held;
  const isUnderway = record.underway?.version === token;
  if (!isUnderway && record.graceUntil !== null && record.graceUntil > now) {
    const until = new Date(record.graceUntil).toISOString();
    return failure("policy", `the credential before the current one works until ${until}`, "wait until then");
  }
  return null;
}

function refused(message: string, remedy: string): Entry {
  return { verdict: "refused", failure: failure("policy", message, remedy) };
}
