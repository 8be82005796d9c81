import {
  InvalidParameterException,
  InvalidRequestException,
  type ReplicationStatusType,
  ResourceExistsException,
  ResourceNotFoundException,
  type RotationRulesType,
  type SecretsManagerClient,
  SecretsManagerServiceException,
} from "@aws-sdk/client-secrets-manager";
import { Broken } from "../../shared/failures.ts";
import { day, type Instant } from "../../shared/instant.ts";

/** One secret, with everything that the service remembers of it. */
export interface Secret {
  arn: string;
  name: string;
  /** Null for the key that AWS manages. */
  keyId: string | null;
  tags: Map<string, string>;
  createdAt: Instant;
  changedAt: Instant;
  rotatedAt: Instant | null;
  /** To the day, as the service tells it. */
  accessedAt: Instant | null;
  deletedAt: Instant | null;
  rotation: { enabled: boolean; functionArn: string | null; rules: RotationRulesType } | null;
  nextRotationAt: Instant | null;
  owningService: string | null;
  type: string | null;
  primaryRegion: string | null;
  replicas: ReplicationStatusType[];
  versions: Map<string, Version>;
}

export interface Version {
  /** Null for one that a rotation has begun and that nobody has put a value into. */
  value: string | null;
  stages: Set<string>;
  createdAt: Instant;
}

export interface Service {
  now: () => Instant;
  home: { account: string; region: string };
  secrets: Map<string, Secret>;
  /** Whether AWSPENDING stays on a version that becomes the current one: both are ends that AWS documents. */
  keepsPending: boolean;
  /** Whether a version that is younger than a few seconds is not found yet. */
  stale: () => boolean;
  /** For how long a change is not yet told by ListSecrets: up to five minutes. */
  lagMs: () => number;
  /** What ListSecrets has told, and since when. */
  told: Map<string, { at: Instant; secret: Secret }[]>;
  /** Whether so many calls of that kind at this moment are too many. */
  quotas: Quotas | null;
  rotations: ((begun: Begun) => void)[];
  changes: ((arn: string) => void)[];
}

/** Calls in the present second, by the quota that they share. */
export interface Quotas {
  second: number;
  used: Map<string, number>;
}

/** A rotation that the service begins: somebody must call the function, step by step. */
export interface Begun {
  arn: string;
  token: string;
  functionArn: string;
  /** Only testSecret is called: the schedule was changed, and nothing is rotated now. */
  testsOnly: boolean;
}

export const bad = { $metadata: { httpStatusCode: 400 } };

export function secretNamed({ secrets }: Service, id: string | undefined): Secret {
  const found = secrets.get(id ?? "") ?? [...secrets.values()].find(({ name }) => name === id);
  if (found !== undefined) return found;
  throw new ResourceNotFoundException({ message: "Secrets Manager can't find the specified secret.", ...bad });
}

/** As `secretNamed`, for what a secret that is marked for deletion refuses. */
export function livingSecret(service: Service, id: string | undefined): Secret {
  const secret = secretNamed(service, id);
  if (secret.deletedAt === null) return secret;
  throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
}

export function versionWith(secret: Secret, stage: string): string | null {
  return [...secret.versions].find(([, { stages }]) => stages.has(stage))?.[0] ?? null;
}

/** Puts a label on a version and takes it from the one that had it. */
export function moveStage(secret: Secret, stage: string, version: string): void {
  const from = versionWith(secret, stage);
  if (from === version) return;
  if (from !== null) secret.versions.get(from)?.stages.delete(stage);
  const target = secret.versions.get(version);
  if (target === undefined) throw new Broken(`${secret.name} has no version ${version}`);
  target.stages.add(stage);
  if (stage !== "AWSCURRENT") return;
  if (from !== null) moveStage(secret, "AWSPREVIOUS", from);
  target.stages.delete("AWSPREVIOUS");
}

/** Something of a secret has changed: the list will tell it after a while. */
export function changed(service: Service, secret: Secret): void {
  const at = service.now();
  secret.changedAt = at;
  remember(service, secret);
  for (const tell of service.changes) tell(secret.arn);
}

export function remember({ told, now }: Service, secret: Secret): void {
  const at = now();
  const known = told.get(secret.arn) ?? [];
  const firstNeeded = known.findLastIndex((each) => each.at <= at - maximumLagMs);
  told.set(secret.arn, [...known.slice(Math.max(0, firstNeeded)), { at, secret: copied(secret) }]);
}

export const maximumLagMs = 300_000;

function copied(secret: Secret): Secret {
  const versions = [...secret.versions].map(
    ([id, version]) => [id, { ...version, stages: new Set(version.stages) }] as const,
  );
  return { ...secret, tags: new Map(secret.tags), versions: new Map(versions) };
}

export function startOfDay(at: Instant): Instant {
  return Math.floor(at / day) * day;
}

export function invalidRequest(message: string): InvalidRequestException {
  return new InvalidRequestException({ message, ...bad });
}

export function invalidParameter(message: string): InvalidParameterException {
  return new InvalidParameterException({ message, ...bad });
}

export function exists(message: string): ResourceExistsException {
  return new ResourceExistsException({ message, ...bad });
}

/** The SDK has no class for it: callers look at the name. */
export function throttled(): SecretsManagerServiceException {
  return new SecretsManagerServiceException({
    name: "ThrottlingException",
    $fault: "client",
    message: "Rate exceeded",
    ...bad,
  });
}

/** Refuses a parameter that is not simulated, rather than ignoring it: an ignored one is a claim that nobody checked. */
export function refuseUnknown(command: string, input: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !known.includes(name)) {
      throw new Error(`the simulated Secrets Manager does not implement ${name} of ${command}`);
    }
  }
}

export type Send = SecretsManagerClient["send"];
