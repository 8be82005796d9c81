// A Secrets Manager that lives in memory: versions, labels, rotation, the list that lags, the quotas. It calls no function:
// it tells whoever listens that a rotation has begun. What it claims is a suite in test/contract.

import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { type Instant, second } from "../../shared/instant.ts";
import { commandName } from "../commands.ts";
import { describeSecret, listSecrets, listSecretVersionIds } from "./secrets-manager-list.ts";
import { begin, concluded, isUnderway, rotateSecret, tokenOf } from "./secrets-manager-rotation.ts";
import {
  type Begun,
  remember,
  type Secret,
  type Send,
  type Service,
  secretNamed,
  throttled,
} from "./secrets-manager-secret.ts";
import {
  batchGetSecretValue,
  createSecret,
  deleteSecret,
  getSecretValue,
  putSecretValue,
  updateSecretVersionStage,
} from "./secrets-manager-values.ts";

export interface SimulatedSecretsManager {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: Send;
  /** The secret as it is, by ARN or name; changed at will by whoever sets a scene, with `remember` behind it. */
  secret(id: string): Secret;
  /** Every secret. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** ListSecrets tells what a scene has made of a secret. */
  remember(secret: Secret): void;
  onRotation(listener: (begun: Begun) => void): void;
  /** Told of each secret of which something has changed. */
  onChange(listener: (arn: string) => void): void;
  /** Begins what the schedules ask for by now. */
  startDue(): void;
  /** The instant at which the next schedule asks for a rotation; null when none does. */
  nextDue(): Instant | null;
  /** Whoever called the function came to its end with it. */
  conclude(begun: Begun): void;
  /** How often each command was sent. */
  readonly calls: ReadonlyMap<string, number>;
}

export interface SecretsManagerOptions {
  now: () => Instant;
  account: string;
  region: string;
  /** Never unless stated: see `Service`. */
  stale?: () => boolean;
  lagMs?: () => number;
  keepsPending?: boolean;
  /** Whether the quotas of 50 writes and 50 rotations a second hold. */
  quotas?: boolean;
}

export function createSecretsManager(options: SecretsManagerOptions): SimulatedSecretsManager {
  const { now, account, region, stale = () => false, lagMs = () => 0, keepsPending = false } = options;
  const service: Service = {
    ...{ now, stale, lagMs, keepsPending, home: { account, region }, secrets: new Map(), told: new Map() },
    quotas: options.quotas === true ? { second: 0, used: new Map() } : null,
    ...{ rotations: [], changes: [] },
  };
  const calls = new Map<string, number>();
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => {
      const name = commandName(command);
      calls.set(name, (calls.get(name) ?? 0) + 1);
      return answer(service, command);
    }) as Send,
    calls,
    secrets: service.secrets,
    secret: (id) => secretNamed(service, id),
    remember: (secret) => remember(service, secret),
    onRotation: (listener) => void service.rotations.push(listener),
    onChange: (listener) => void service.changes.push(listener),
    startDue: () => {
      for (const secret of service.secrets.values()) {
        const isDue = secret.nextRotationAt !== null && secret.nextRotationAt <= now() && secret.deletedAt === null;
        if (isDue && secret.rotation?.enabled === true && !isUnderway(secret)) {
          begin(service, secret, tokenOf(secret, now()), false);
        }
      }
    },
    nextDue: () => {
      const due = [...service.secrets.values()].flatMap((secret) =>
        secret.nextRotationAt === null || isUnderway(secret) ? [] : [secret.nextRotationAt],
      );
      return due.length === 0 ? null : Math.min(...due);
    },
    conclude: (begun) => concluded(service, secretNamed(service, begun.arn), begun),
  };
}

function answer(service: Service, command: unknown): unknown {
  spend(service, command);
  if (command instanceof GetSecretValueCommand) return getSecretValue(service, command.input);
  if (command instanceof DescribeSecretCommand) return describeSecret(service, command.input);
  if (command instanceof ListSecretsCommand) return listSecrets(service, command.input);
  if (command instanceof PutSecretValueCommand) return putSecretValue(service, command.input);
  if (command instanceof UpdateSecretVersionStageCommand) return updateSecretVersionStage(service, command.input);
  if (command instanceof ListSecretVersionIdsCommand) return listSecretVersionIds(service, command.input);
  if (command instanceof BatchGetSecretValueCommand) return batchGetSecretValue(service, command.input);
  if (command instanceof RotateSecretCommand) return rotateSecret(service, command.input);
  if (command instanceof CreateSecretCommand) return createSecret(service, command.input);
  if (command instanceof DeleteSecretCommand) return deleteSecret(service, command.input.SecretId);
  throw new Error(`the simulated Secrets Manager does not implement ${commandName(command)}`);
}

/** Two quotas of 50 a second each. Source: AWS Secrets Manager quotas, "API rate limits". */
function spend({ quotas, now }: Service, command: unknown): void {
  const shared = quotaOf(command);
  if (quotas === null || shared === null) return;
  const present = Math.floor(now() / second);
  if (quotas.second !== present) {
    quotas.second = present;
    quotas.used.clear();
  }
  const used = (quotas.used.get(shared) ?? 0) + 1;
  if (used > 50) throw throttled();
  quotas.used.set(shared, used);
}

function quotaOf(command: unknown): string | null {
  if (command instanceof PutSecretValueCommand || command instanceof UpdateSecretVersionStageCommand) return "writes";
  return command instanceof RotateSecretCommand ? "rotations" : null;
}
