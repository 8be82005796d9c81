import {
  InvalidParameterException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { type Bus, type BusEvent, tell } from "../bus.ts";
import { hour, type Instant, iso } from "../instant.ts";
import type { Ledger } from "../ledger/store.ts";
import { describe } from "./described.ts";
import { type Failure, failure } from "./failure.ts";
import { promoted, type Succession } from "./record.ts";
import { changeRecord, writeSuccession } from "./records.ts";
import { versionAt } from "./stages.ts";

export interface Promotion {
  secret: { arn: string; name: string; kind: string };
  strategy: string;
  /** What is AWSCURRENT, as far as it is known. */
  from: string | null;
  to: string;
  graceHours: number;
}

export interface Promoting {
  secrets: Pick<SecretsManagerClient, "send">;
  ledger: Ledger;
  bus: Bus;
  now: () => Instant;
  pause: (attempt: number) => Promise<void>;
}

/**
 * Makes `to`, which is not current yet, the version that everybody gets, if `from` still is it. What is left to be done afterwards
 * is written before, so that whoever dies in between leaves nothing behind that nobody knows of. The grace begins now, also when
 * somebody tried it before and died.
 */
export async function promote(promotion: Promotion, promoting: Promoting): Promise<Failure | null> {
  const { secret, to } = promotion;
  const { ledger, now, secrets } = promoting;
  const succession = begun(promotion, now());
  await writeSuccession(ledger, succession, now());
  const lost = await moveCurrent(secrets, secret.arn, succession.from, to);
  if (lost !== null) return lost;
  await conclude(promoting, succession);
  return null;
}

/** After the promotion: it is remembered, so that no third credential comes within the grace, and told. */
export async function conclude(promoting: Omit<Promoting, "secrets">, succession: Succession): Promise<void> {
  const { ledger, pause } = promoting;
  const { arn, from, to: version, retireAt } = succession;
  await changeRecord(ledger, arn, (record) => promoted(record, { version, from, retireAt }), pause);
  await tellRotated(promoting, succession);
}

/** Whoever reads the secret may want to know. The succession then says that they were told. */
async function tellRotated({ bus, ledger, now }: Omit<Promoting, "secrets">, succession: Succession): Promise<void> {
  await tell(bus, [rotatedEvent(succession)]);
  await writeSuccession(ledger, { ...succession, told: true }, now());
}

function rotatedEvent({ arn, name, kind, strategy, from, to, at }: Succession): BusEvent {
  return {
    type: "SecretRotated",
    detail: { version: 1, secret: arn, name, kind, strategy, from, to, at: iso(at) },
    at,
  };
}

function begun({ secret, strategy, from, to, graceHours }: Promotion, at: Instant): Succession {
  const { arn, name, kind } = secret;
  const retireAt = at + graceHours * hour;
  return { arn, name, kind, strategy, from, to, at, retireAt, told: false, refreshed: false, retired: false };
}

/** Moves AWSCURRENT. Compare and swap: the service refuses when the label is not where it is said to be. */
export async function moveCurrent(
  secrets: Pick<SecretsManagerClient, "send">,
  arn: string,
  from: string | null,
  to: string,
): Promise<Failure | null> {
  try {
    const swap = {
      SecretId: arn,
      VersionStage: "AWSCURRENT",
      MoveToVersionId: to,
      RemoveFromVersionId: from ?? undefined,
    };
    await secrets.send(new UpdateSecretVersionStageCommand(swap));
    return null;
  } catch (error) {
    if (!(error instanceof InvalidParameterException)) throw error;
    // The reply to an earlier attempt may have been lost; or somebody else has stored a value meanwhile.
    if (versionAt(await describe(secrets, arn), "AWSCURRENT") === to) return null;
    return failure(
      "policy",
      "somebody else has changed the secret during the rotation",
      "look who stored a value (nightshift readers, CloudTrail), then rotate it again",
    );
  }
}

/** Takes AWSPENDING from a version, if it still has it; no credential is changed by that. */
export async function takePending(
  secrets: Pick<SecretsManagerClient, "send">,
  arn: string,
  version: string,
): Promise<void> {
  try {
    const removal = { SecretId: arn, VersionStage: "AWSPENDING", RemoveFromVersionId: version };
    await secrets.send(new UpdateSecretVersionStageCommand(removal));
  } catch (error) {
    // An earlier attempt has taken it, and its reply was lost; or a rotation has begun since, whose label it now is.
    if (!(error instanceof InvalidParameterException)) throw error;
    if (versionAt(await describe(secrets, arn), "AWSPENDING") === version) throw error;
  }
}
