import {
  InvalidRequestException,
  RotateSecretCommand,
  type RotateSecretCommandInput,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { readFreeze } from "../../shared/freezes.ts";
import { type Instant, second } from "../../shared/instant.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import type { Log } from "../../shared/log.ts";
import type { Gaps } from "./gaps.ts";
import type { Action } from "./plan.ts";

export interface Actor {
  secrets: Pick<SecretsManagerClient, "send">;
  ledger: Ledger;
  log: Log;
  gaps: Gaps;
  now: () => Instant;
  hasTime: () => boolean;
  /** Waits so many milliseconds. */
  wait: (milliseconds: number) => Promise<unknown>;
  mode: "recommend" | "act";
  /** Of the calls that AWS allows a second, so many in a hundred are ours. */
  quotaPercent: number;
  rotateFunction: string;
}

/** Does what was planned, or only says it. Nothing is done while this operation, or the rotation itself, is frozen. */
export async function act(actor: Actor, actions: readonly Action[]): Promise<void> {
  const { log, mode } = actor;
  if (mode === "recommend") {
    const attach = actions.filter(({ type }) => type === "attach").map(({ arn }) => arn);
    const start = actions.filter(({ type }) => type === "start").map(({ arn }) => arn);
    const counts = { attaching: attach.length, starting: start.length };
    const some = { attach: attach.slice(0, maximumTold), start: start.slice(0, maximumTold) };
    if (actions.length > 0) log.info("would act", { ...counts, ...some });
    return;
  }
  const pace = createPace((callsPerSecond * actor.quotaPercent) / 100, actor);
  for (const [index, action] of actions.entries()) {
    if (!actor.hasTime()) {
      log.warn("no time to act", { left: actions.length - index });
      return;
    }
    const frozen =
      (await readFreeze(actor.ledger, "audit-secrets")) ?? (await readFreeze(actor.ledger, "rotate-secrets"));
    if (frozen !== null) {
      log.warn("frozen", { frozen, left: actions.length - index });
      return;
    }
    await pace();
    await perform(actor, action);
  }
}

/** Of RotateSecret and CancelRotateSecret together, in one account and region. */
const callsPerSecond = 50;
const maximumTold = 30;

async function perform({ secrets, log, gaps, rotateFunction }: Actor, action: Action): Promise<void> {
  try {
    await secrets.send(new RotateSecretCommand(inputFor(action, rotateFunction)));
    log.info(action.type === "attach" ? "rotation attached" : "rotation started", { action });
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unknown";
    // Somebody was faster, or the list had not told yet what holds now.
    if (error instanceof InvalidRequestException) log.warn("rotation refused", { action, reason });
    else
      gaps.add(
        `the rotation of ${action.arn} could not be ${action.type === "attach" ? "attached" : "started"}: ${reason}`,
      );
  }
}

function inputFor(action: Action, rotateFunction: string): RotateSecretCommandInput {
  if (action.type === "start") return { SecretId: action.arn };
  return {
    SecretId: action.arn,
    RotationLambdaARN: rotateFunction,
    RotationRules: { AutomaticallyAfterDays: action.days },
    RotateImmediately: false,
  };
}

/** Waits until the next call may be made: so many a second, and none saved up. */
function createPace(perSecond: number, { now, wait }: Pick<Actor, "now" | "wait">): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    const left = nextAt - now();
    if (left > 0) await wait(left);
    nextAt = Math.max(now(), nextAt) + second / perSecond;
  };
}
