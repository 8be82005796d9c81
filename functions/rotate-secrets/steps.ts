import { createHash } from "node:crypto";
import { PutSecretValueCommand, ResourceExistsException } from "@aws-sdk/client-secrets-manager";
import { Broken } from "../../shared/failures.ts";
import { readFreeze } from "../../shared/freezes.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import type { Described } from "../../shared/secrets/described.ts";
import { type Failure, failure, isFailure } from "../../shared/secrets/failure.ts";
import { promote } from "../../shared/secrets/promote.ts";
import { readStage, readVersion } from "../../shared/secrets/reading.ts";
import { type SecretRecord, touched } from "../../shared/secrets/record.ts";
import { changeRecord, readRecord } from "../../shared/secrets/records.ts";
import { rotationOf, takeNotes } from "../../shared/secrets/rotation.ts";
import { versionAt } from "../../shared/secrets/stages.ts";
import { strategyNamed, strategyNameOf } from "../../shared/secrets/strategies.ts";
import type { Rotation, Strategy, Versions } from "../../shared/secrets/strategy.ts";
import { fieldsOf, optionalField, type Value } from "../../shared/secrets/value.ts";
import { heldBy, mayBegin, type Step } from "./decide.ts";
import type { Dependencies } from "./run.ts";

/** One invocation, past its guards. */
export interface Context {
  dependencies: Dependencies;
  ledger: Ledger;
  described: Described;
  kind: string;
  token: string;
  rotationToken: string | undefined;
}

/** Takes one of the four steps. Each may be taken again after any crash, and comes to the same end. */
export async function takeStep(step: Step, context: Context): Promise<Failure | null> {
  switch (step) {
    case "createSecret":
      return createSecret(context);
    case "setSecret":
      return setSecret(context);
    case "testSecret":
      return testSecret(context);
    case "finishSecret":
      return finishSecret(context);
    default:
      throw step satisfies never;
  }
}

/** What has begun goes on: half-way a user's only password may be changed already. */
async function frozenFor({ ledger, described, token }: Context): Promise<Failure | null> {
  const freeze = await readFreeze(ledger, "rotate-secrets");
  if (freeze === null) return null;
  const { underway } = await readRecord(ledger, described.arn);
  if (underway?.version === token) return null;
  return failure("policy", `rotations are frozen: ${freeze.reason}`, "nightshift thaw rotate-secrets");
}

/** A value is made once for a token, and never again: what a crash has left of it is used. */
async function createSecret(context: Context): Promise<Failure | null> {
  const { described, token, ledger } = context;
  const { outside, now } = context.dependencies;
  const work = await workOf(context);
  if (isFailure(work)) return work;
  const { strategy, current } = work;
  const pending = await readVersion(outside, described.arn, token, "AWSPENDING");
  if (isFailure(pending)) return pending;
  const place = placeOf(current, described.arn);
  const frozen = await frozenFor(context);
  if (frozen !== null) return frozen;
  const record = await changeRecord(
    ledger,
    described.arn,
    (before) => (mayBegin(before, token, now()) === null ? { ...touched(before, token, now()), place } : null),
    outside.pause,
  );
  const denied = mayBegin(record, token, now());
  if (denied !== null) return denied;
  if (pending !== null) return null;
  const made = await strategy.create(rotationIn(context, record.underway?.notes ?? {}), current);
  return isFailure(made) ? made : await store(context, made.text);
}

async function store(
  { dependencies, described, token, rotationToken }: Context,
  text: string,
): Promise<Failure | null> {
  const { secrets } = dependencies.outside;
  try {
    await secrets.send(
      new PutSecretValueCommand({
        SecretId: described.arn,
        ClientRequestToken: token,
        SecretString: text,
        // Without it the value would be everybody's at once.
        VersionStages: ["AWSPENDING"],
        RotationToken: rotationToken,
      }),
    );
    return null;
  } catch (error) {
    // Another invocation was first: its value counts, and this one is forgotten.
    if (error instanceof ResourceExistsException) return null;
    throw error;
  }
}

async function setSecret(context: Context): Promise<Failure | null> {
  const work = await workOf(context);
  if (isFailure(work)) return work;
  const pending = await readPending(context);
  if (isFailure(pending)) return pending;
  if (pending === null) return noPending;
  const rotation = await touchedRotation(context);
  if (isFailure(rotation)) return rotation;
  return work.strategy.set(rotation, await versionsOf(context, work.current, pending));
}

/** Called alone when only the schedule has changed: then there is nothing pending, and what is current is tested. */
async function testSecret(context: Context): Promise<Failure | null> {
  const work = await workOf(context);
  if (isFailure(work)) return work;
  const pending = await readPending(context);
  if (isFailure(pending)) return pending;
  if (pending === null) return work.strategy.login(rotationIn(context, {}), work.current);
  const rotation = await touchedRotation(context);
  if (isFailure(rotation)) return rotation;
  return work.strategy.test(rotation, await versionsOf(context, work.current, pending));
}

async function finishSecret(context: Context): Promise<Failure | null> {
  const { described, kind, token, ledger } = context;
  const { outside, bus, now } = context.dependencies;
  const work = await workOf(context);
  if (isFailure(work)) return work;
  // A version without a value must never become what everybody gets.
  const pending = await readPending(context);
  if (isFailure(pending)) return pending;
  if (pending === null) return noPending;
  const held = heldBy(await readRecord(ledger, described.arn), now());
  if (held !== null) return held;
  const { arn, name } = described;
  const from = versionAt(described, "AWSCURRENT");
  const promotion = { secret: { arn, name, kind }, strategy: work.strategy.name, from, to: token };
  const { graceHours } = context.dependencies.configuration.secrets;
  return promote({ ...promotion, graceHours }, { secrets: outside.secrets, ledger, bus, now, pause: outside.pause });
}

const noPending = failure(
  "policy",
  "the version that is to be made has no value",
  "rotate it again: nightshift rotate",
);

/** What every step needs: the strategy, and what is in use. */
interface Work {
  strategy: Strategy;
  current: Value;
}

async function workOf({ dependencies, described, kind }: Context): Promise<Work | Failure> {
  const { outside, configuration } = dependencies;
  const current = await readStage(outside, described.arn, "AWSCURRENT");
  if (isFailure(current)) return current;
  if (current === null) return failure("malformed", "the secret has no value", "store the credential that is in use");
  const name = strategyNameOf({ kind, tags: described.tags }, current, configuration);
  if (isFailure(name)) return name;
  const strategy = await strategyNamed(name, configuration.secrets);
  return isFailure(strategy) ? strategy : { strategy, current };
}

async function versionsOf({ dependencies, described }: Context, current: Value, pending: Value): Promise<Versions> {
  const previous = await readStage(dependencies.outside, described.arn, "AWSPREVIOUS");
  return { current, pending, previous: isFailure(previous) ? null : previous };
}

/** The steps follow each other within milliseconds, and Secrets Manager may not find yet what it was given in the one before. */
async function readPending({ dependencies, described, token }: Context): Promise<Value | Failure | null> {
  const { outside } = dependencies;
  for (let attempt = 0; ; attempt++) {
    const pending = await readVersion(outside, described.arn, token, "AWSPENDING");
    if (pending !== null || attempt === maximumReads - 1) return pending;
    await outside.pause(attempt);
  }
}

const maximumReads = 5;

async function touchedRotation(context: Context): Promise<Rotation | Failure> {
  const { described, token, ledger } = context;
  const { outside, now } = context.dependencies;
  const change = (before: SecretRecord) => (heldBy(before, now()) === null ? touched(before, token, now()) : null);
  const record = await changeRecord(ledger, described.arn, change, outside.pause);
  return heldBy(record, now()) ?? rotationIn(context, record.underway?.notes ?? {});
}

function rotationIn(context: Context, notes: Rotation["notes"]): Rotation {
  const { described, kind, token, ledger } = context;
  const { outside } = context.dependencies;
  const { arn, name, tags } = described;
  return rotationOf(context.dependencies, {
    ...{ secret: { arn, name, kind, tags }, token, notes },
    note: async (more) => {
      const isOurs = await takeNotes(ledger, { arn, token }, more, outside.pause);
      if (!isOurs) throw new Broken("a rotation takes notes of another one");
    },
  });
}

/** Secrets of one account that are for the same host have the same; which host it is could only be guessed. */
function placeOf(current: Value, arn: string): string | null {
  const fields = fieldsOf(current);
  const host = isFailure(fields) ? null : optionalField(fields, "host");
  const [, , , , account = ""] = arn.split(":");
  return host === null ? null : createHash("sha256").update(`${account} ${host}`).digest("hex").slice(0, 16);
}
